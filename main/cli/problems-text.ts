import { pc } from './colors.ts';
import type { Problem } from '../../src/contract/api.ts';
import { paragraph } from './paragraph.ts';

/** Problems with their places and remedies, one below the other. */
export function problemLines(problems: readonly Problem[], width: number): string[] {
  return problems.map(({ severity, file, line, column, code, message, hint }) => {
    const mark = severity === 'error' ? pc.red('error  ') : pc.yellow('warning');
    const place = `${file}:${line}:${column} ${pc.dim(code)}`;
    return paragraph(mark, [place, message, ...(hint === undefined ? [] : [pc.cyan(hint)])], width);
  });
}

/** `2 errors, 1 warning`. */
export function problemCounts(problems: readonly Problem[]): string {
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  return `${counted(errors, 'error')}, ${counted(problems.length - errors, 'warning')}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
