import { stripVTControlCharacters } from 'node:util';
import wrapAnsi from 'wrap-ansi';

/** Columns that a text gets at the least, however narrow the terminal is. */
const LEAST = 30;

/** Lines beside a mark, wrapped; what a line wraps to keeps the line's own indentation, and two columns more. */
export function paragraph(mark: string, lines: readonly string[], width: number): string {
  const room = stripVTControlCharacters(mark).length;
  return lines
    .flatMap((line) => wrapLine(line, Math.max(LEAST, width - room - 1)))
    .map((line, index) => `${index === 0 ? mark : ' '.repeat(room)} ${line}`)
    .join('\n');
}

/** One line in pieces of at most that many columns; `hang` is how far the later pieces are set in. */
export function wrapLine(line: string, width: number, hang?: number): string[] {
  const indent = /^ */.exec(line)?.[0] ?? '';
  const set = ' '.repeat(hang ?? (indent === '' ? 0 : indent.length + 2));
  const [first = '', ...rest] = wrapAnsi(line.slice(indent.length), width - set.length, { hard: true }).split(
    '\n',
  );
  return [`${indent}${first}`, ...rest.map((part) => `${set}${part}`)];
}
