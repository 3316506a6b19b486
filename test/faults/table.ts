import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import type { Row } from './faults.ts';

const BEGIN = '<!-- faults: made by npm run faults -->';
const END = '<!-- end of faults -->';
const FORMAT = fileURLToPath(new URL('../lint/prettier.json', import.meta.url));
const HEAD = ['fault', 'times', 'ended by itself', 'resumed', 'wrong', 'what the engineer reads'];

/** The rows as lines of a Markdown table, by the fault they are about. */
export function linesOf(rows: readonly Row[]): Map<string, string> {
  return new Map(rows.map((row) => [row.title, line(cells(row))]));
}

function cells(row: Row): readonly (string | number)[] {
  const { title, trials, times = trials.length } = row;
  const count = (end: string): number => trials.filter((trial) => trial.end === end).length;
  const wrong = count('wrong');
  // Where one run was killed often, each kill was resumed.
  const resumed = row.times === undefined || wrong > 0 ? count('resumed') : times;
  const words = trials.map(({ key, sentence }) => (key === undefined ? '' : `\`${key}\` ${sentence}`));
  const seen = [...new Set(words)]
    .filter(Boolean)
    .join('; ')
    .replaceAll(/ \/\S+\/journal\.jsonl/g, '');
  return [title, times, count('by itself'), resumed, wrong, seen.replaceAll('|', '\\|') || '-'];
}

function line(row: readonly (string | number)[]): string {
  return `| ${row.join(' | ')} |`;
}

/** Puts rows into the table between the marks of a document: those of the same faults are replaced, the rest stays. */
export async function writeTable(file: string, rows: readonly Row[], note: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const [before, after] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (before < 0 || after < before) throw new Error(`${file} has no place for the table`);
  const known = text.slice(before, after).split('\n');
  const kept = known.filter((old) => old.startsWith('| ')).slice(2);
  const lines = new Map(kept.map((old) => [old.slice(2).split(' | ')[0]?.trim() ?? '', old]));
  for (const [title, made] of linesOf(rows)) lines.set(title, made);
  const table = [line(HEAD), line(HEAD.map(() => '---')), ...lines.values()].join('\n');
  const made = `${text.slice(0, before)}${BEGIN}\n\n${note}\n\n${table}\n\n${text.slice(after)}`;
  const config = await resolveConfig(file, { config: FORMAT });
  await writeFile(file, await format(made, { ...config, filepath: file }));
}
