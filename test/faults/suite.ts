import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { GROUPS, type Row } from './faults.ts';
import { createLaptop } from './laptop.ts';
import { linesOf, writeTable } from './table.ts';

const DOCUMENT = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url));

export interface SuiteOptions {
  /** Names of faults; all where it is empty. */
  readonly only: readonly string[];
  readonly kills: number;
  readonly seed: number;
  say(text: string): void;
}

/**
 * Brings faults about in the lab, one after the other, and puts each into the table of docs/reliability.md as soon as it
 * was tried. Gives how many trials were wrong.
 */
export async function tryFaults({ only, kills, seed, say }: SuiteOptions): Promise<number> {
  const names = GROUPS.flatMap((group) => group.names);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new Error(`no fault is called ${unknown.join()}; there are: ${names.join(', ')}`);
  const wants = (name: string): boolean => only.length === 0 || only.includes(name);
  const laptop = await createLaptop();
  const day = new Date().toISOString().slice(0, 10);
  const note = `Last written on ${day}, seed ${seed}, on ${cpus().length} cores without hardware virtualisation.`;
  const rows = new Map<string, Row>();
  const onRow = (row: Row): void => {
    rows.set(row.title, row);
    for (const line of linesOf([row]).values()) say(line);
    for (const { seconds, wrong } of row.trials) {
      say(`  after ${seconds} s`);
      for (const text of wrong) say(`  wrong: ${text}`);
    }
  };
  for (const group of GROUPS.filter((each) => each.names.some(wants))) {
    say(`${group.names.filter(wants).join(', ')} ...`);
    try {
      await group.run(laptop, { kills, seed, say, wants, onRow });
    } catch (thrown) {
      laptop.good.run = undefined;
      const text = thrown instanceof Error ? thrown.message : String(thrown);
      onRow({ title: group.names.join(', '), trials: [{ end: 'wrong', wrong: [text], seconds: 0 }] });
    }
    await writeTable(DOCUMENT, [...rows.values()], note);
  }
  const failed = [...rows.values()]
    .flatMap(({ trials }) => trials)
    .filter(({ end }) => end === 'wrong').length;
  if (failed === 0) await laptop.dispose();
  else say(`what the laptop has of these runs stays in ${laptop.home}`);
  return failed;
}
