import { BringupError, EXIT, toErrorData } from '../../src/contract/errors.ts';
import { pc } from './colors.ts';
import { paragraph, wrapLine } from './paragraph.ts';

/** Columns of the terminal, 80 where there is none. */
export function columns(): number {
  return process.stdout.columns ?? 80;
}

/** Prints one line or block on standard output. */
export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Columns of the time before a line of a log. */
const TIME_WIDTH = 10;

/** Prints a line that begins with its time: whole into a file or a pipe, wrapped beside the time on a terminal. */
export function printLogLine(line: string): void {
  print(process.stdout.isTTY ? wrapLine(line, columns(), TIME_WIDTH).join('\n') : line);
}

/** Prints one JSON document on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Problems of a site file that are told where another command meets them; `validate` tells them all. */
const PROBLEMS_SHOWN = 4;

/** Says what went wrong and what to do, on standard error (or as a JSON document), and returns the exit code. */
export function reportError(thrown: unknown, json: boolean): number {
  const error = toErrorData(thrown);
  if (json) {
    printJson({ error });
    return error.exit;
  }
  const width = process.stderr.columns ?? 80;
  const lines = [paragraph(pc.red('error'), [error.message], width)];
  const shown = error.code === 'SITE_INVALID' ? error.evidence.slice(0, PROBLEMS_SHOWN) : error.evidence;
  for (const { source, text } of shown)
    lines.push(...wrapLine(`  ${source}: ${text}`, width).map((line) => pc.dim(line)));
  const left = error.evidence.length - shown.length;
  if (left > 0) lines.push(pc.dim(`  and ${left} more`));
  if (error.hint !== undefined) lines.push(paragraph(pc.cyan('now  '), [error.hint], width));
  lines.push(pc.dim(`      ${error.code}`));
  if (error.exit === EXIT.bug) {
    lines.push('This is a bug in Bringup. Please report it with the lines below.');
    if (thrown instanceof Error && thrown.stack !== undefined) lines.push(pc.dim(thrown.stack));
  }
  process.stderr.write(`${lines.join('\n')}\n`);
  return error.exit;
}

/** An error of usage: exit 2. */
export function usageError(message: string, hint: string): BringupError {
  return new BringupError({ code: 'USAGE', exit: EXIT.invalid, message, hint });
}
