import type { Fault } from './finding.ts';

/** Largest site file that is read, in bytes; 5,000 hosts need about 2 MiB. */
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

const CONTROL_CHARACTER = /[^\P{Cc}\t\n\r]/u;

/** Reads bytes or text as UTF-8 text; a byte order mark is dropped. */
export function readSource(source: string | Uint8Array): SourceText {
  if (source.length > MAX_BYTES) {
    const size = (source.length / 1024 / 1024).toFixed(1);
    return failed(
      '',
      'SITE_TOO_LARGE',
      0,
      `The file has ${size} MiB, but a site file has at most 8 MiB.`,
      'Check that this is the site file and not an image or a log.',
    );
  }
  const decoded = typeof source === 'string' ? { text: source.replace(/^\uFEFF/, '') } : decode(source);
  return decoded.fault === undefined ? refuseBinary(decoded.text) : decoded;
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
    `The file contains the control character U+${code}, so it is not plain text.`,
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
