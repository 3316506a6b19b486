import { wizardText as text } from '../../text/wizard.ts';
import { LIST, NUMBER, TEXT } from '../model/field.ts';
import type { Json } from '../types.ts';
import type { CellKind } from './columns.ts';

/** What a cell of a spreadsheet is as a value of the site file, and what is wrong with it. */
export interface CellValue {
  readonly value: Json | undefined;
  readonly wrong?: string;
}

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const OCTET = '(25[0-5]|2[0-4]\\d|1?\\d{1,2})';
const ADDRESS = new RegExp(`^${OCTET}(\\.${OCTET}){3}$`);

/** Reads one cell. Spaces around it go; MAC addresses of any spelling get their colons. An empty cell says nothing. */
export function readCell(cell: string, kind: CellKind): CellValue {
  const typed = cell.replaceAll(/[\s\u00a0]+/g, ' ').trim();
  if (typed === '') return { value: undefined };
  switch (kind) {
    case 'label': {
      const value = typed.toLowerCase();
      return LABEL.test(value) ? { value } : { value, wrong: text.wrong.label };
    }
    case 'address':
      return ADDRESS.test(typed) ? { value: typed } : { value: typed, wrong: text.wrong.address };
    case 'mac': {
      const digits = typed.replaceAll(/[^0-9a-z]/gi, '');
      if (!/^[0-9a-f]{12}$/i.test(digits)) return { value: typed, wrong: text.wrong.mac };
      return { value: (digits.match(/../g) ?? []).join(':').toUpperCase() };
    }
    case 'number': {
      const value = NUMBER.read(typed);
      return typeof value === 'number' ? { value } : { value, wrong: text.wrong.number };
    }
    case 'list':
      return { value: LIST.read(typed) };
    case 'text':
      return { value: TEXT.read(typed) };
  }
}

/** Whether a cell can be no header: an address or a MAC address. */
export function isPlainlyValue(cell: string): boolean {
  return ADDRESS.test(cell.trim()) || (readCell(cell, 'mac').wrong === undefined && cell.trim() !== '');
}
