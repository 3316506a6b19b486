import type { MatrixCell, MatrixStatus } from '../contract/matrix.ts';
import { redact } from '../failures/index.ts';
import { hideKeys } from './hide-plain.ts';
import type { RunnerEvent } from './tail-line.ts';

/** `tail.py` keeps to the same; a text that is longer was not written by it. */
const LONGEST = 300;
const STATUSES: readonly MatrixStatus[] = ['ok', 'warn', 'failed', 'not-tried'];

/** What a host result has of a matrix. */
export interface ResultCells {
  readonly cells?: readonly MatrixCell[];
  readonly cells_left_out?: number;
}

/** The cells that a module returned with its result, named fields only; what is no cell is passed over, and so is a censored result. */
export function resultCells({ data }: RunnerEvent): ResultCells {
  const { cells, cells_left_out: leftOut, res } = data;
  if (!Array.isArray(cells) || res?.censored !== undefined) return {};
  const told = cells.flatMap((value) => cellOf(value) ?? []);
  if (told.length === 0) return {};
  return { cells: told, ...(typeof leftOut === 'number' ? { cells_left_out: leftOut } : {}) };
}

function cellOf(value: unknown): MatrixCell | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const field = (name: string): string => textOf((value as Readonly<Record<string, unknown>>)[name]);
  const [from, to, probe, at, wanted] = ['from', 'to', 'probe', 'at', 'wanted'].map(field) as Five;
  const status = STATUSES.find((known) => known === field('status'));
  if (from === '' || probe === '' || status === undefined) return undefined;
  return {
    from,
    ...(to === '' ? {} : { to }),
    probe,
    ...(at === '' ? {} : { at }),
    status,
    seen: field('seen'),
    ...(wanted === '' ? {} : { wanted }),
  };
}

type Five = [string, string, string, string, string];

function textOf(value: unknown): string {
  return typeof value === 'string' ? redact(hideKeys(value.slice(0, LONGEST))) : '';
}
