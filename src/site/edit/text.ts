/** A piece of the text to be replaced; offsets count UTF-16 units of the text before the edit. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly put: string;
}

/** The text with all splices done, or undefined when two of them overlap. Those at one place keep their order. */
export function spliceText(text: string, splices: readonly Splice[]): string | undefined {
  const pieces: string[] = [];
  let done = 0;
  for (const { from, to, put } of splices.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    if (from < done) return undefined;
    pieces.push(text.slice(done, from), put);
    done = to;
  }
  return pieces.join('') + text.slice(done);
}

/** Offset at which the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset behind the line break of the line on which something ends; something may include its line break. */
export function lineEnd(text: string, offset: number): number {
  if (offset > 0 && text.charAt(offset - 1) === '\n') return offset;
  const at = text.indexOf('\n', offset);
  return at < 0 ? text.length : at + 1;
}

/** The same offset, or that before the line break which ends there. */
export function beforeBreak(text: string, offset: number): number {
  if (text.charAt(offset - 1) !== '\n') return offset;
  return text.charAt(offset - 2) === '\r' ? offset - 2 : offset - 1;
}

/** Column of an offset, from 0. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Whether only spaces stand before the offset on its line. */
export function startsLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === '';
}

/** The line of an offset, from 1. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Offset of the comma that follows in a flow collection, comments skipped; -1 when something else follows. */
export function commaAfter(text: string, offset: number): number {
  const match = /(?:[ \t\r\n]|(?<=\s)#[^\n]*)*,/y;
  match.lastIndex = offset;
  return match.test(text) ? match.lastIndex - 1 : -1;
}
