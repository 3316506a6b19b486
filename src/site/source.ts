import { LineCounter } from 'yaml';
import type { Fault } from './finding.ts';

/** Largest site file that is read, in bytes; 5,000 hosts need 2 to 4 MiB. */
export const MAX_BYTES = 8 * 1024 * 1024;

/** The text of a file as far as it could be read, and why it is not a text. */
export interface SourceText {
  readonly text: string;
  readonly fault?: Fault;
}

// Part of every host (WHATWG Encoding), but of no TypeScript library without Node or DOM.
declare const TextDecoder: new (
  label: 'utf-8',
  options: { fatal: boolean },
) => { decode(bytes: Uint8Array): string };

/** Most lines of a site file; ten thousand hosts with each field on its own line need about 300,000. */
const MAX_LINES = 400_000;
const CONTROL_CHARACTER = /[^\P{Cc}\t\n\r]|\r(?!\n)|\p{Cs}/u;

/** Reads bytes or text as UTF-8 text; a byte order mark is dropped. `length` is that of the file, where only its beginning was read. */
export function readSource(source: string | Uint8Array, length: number = source.length): SourceText {
  if (length > MAX_BYTES) {
    const size = (length / 1024 / 1024).toFixed(1);
    return failed(
      '',
      'SITE_TOO_LARGE',
      0,
      `The file has ${size} MiB, but a site file has at most 8 MiB.`,
      'Check that this is the site file and not an image or a log.',
    );
  }
  const decoded = typeof source === 'string' ? { text: source.replace(/^\uFEFF/, '') } : decode(source);
  return decoded.fault === undefined ? (refuseEndless(decoded.text) ?? refuseBinary(decoded.text)) : decoded;
}

function refuseEndless(text: string): SourceText | undefined {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    if (++lines < MAX_LINES) continue;
    const message = `The file has more than ${MAX_LINES} lines.`;
    return failed(text, 'SITE_TOO_LARGE', at, message, 'Check that this is the site file and not a log.');
  }
  return undefined;
}

function decode(bytes: Uint8Array): SourceText {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return wrongEncoding('', 0, 'The file is UTF-16 text, but a site file is UTF-8 text.');
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    const text = new TextDecoder('utf-8', { fatal: false }).decode(bytes);
    return wrongEncoding(
      text,
      Math.max(0, text.indexOf('\uFFFD')),
      'The file is not UTF-8 text: this character is broken.',
    );
  }
}

function refuseBinary(text: string): SourceText {
  const offset = text.search(CONTROL_CHARACTER);
  if (offset < 0) return { text };
  const code = (text.codePointAt(offset) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return failed(
    text,
    'SITE_BINARY',
    offset,
    `The file contains the character U+${code}, so it is not plain text.`,
    'Check that this is the site file; save it as plain UTF-8 text.',
  );
}

function wrongEncoding(text: string, offset: number, message: string): SourceText {
  return failed(
    text,
    'SITE_ENCODING',
    offset,
    message,
    'Save it as UTF-8 (Windows Notepad: Save as, Encoding: UTF-8).',
  );
}

function failed(text: string, code: string, offset: number, message: string, hint: string): SourceText {
  return { text, fault: { code, offset, message, hint } };
}

/** Where the lines of a text begin, to find line and column of an offset. */
export function countLines(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return lines;
}
