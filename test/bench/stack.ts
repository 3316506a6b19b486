import { execa } from 'execa';
import { fileURLToPath } from 'node:url';
import { createJournalFiles } from '../../main/adapters/journal-files.ts';
import { bringupHome } from '../../main/adapters/home.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { goodDurations, readJournal } from '../../src/runs/index.ts';
import { rowOf, type BenchRow } from './row.ts';

const BIN = fileURLToPath(new URL('../../main/cli/bin.mjs', import.meta.url));
/** Percent of the first run that a second one may take. */
const AIM = 25;

/**
 * Every stage of the stack in a first and a second run, from the journals of both. `args` is `--runs RUN1 RUN2` for runs that
 * were, or a site file to apply twice; left out, that of the whole stack of the lab, which has to be up.
 */
export async function benchStack(args: readonly string[] = []): Promise<BenchRow[]> {
  if (args[0] === '--runs') {
    const [, first, second] = args;
    if (first === undefined || second === undefined)
      throw new Error('--runs takes two runs: the first and the second');
    return compareRuns(await readRun(first), await readRun(second));
  }
  const siteFile = args[0] ?? (await siteFileOfLab());
  const first = await applyOnce(siteFile);
  return compareRuns(first, await applyOnce(siteFile));
}

/** Rows of the stages that ended well in both runs, of their sum, and of the runs as a whole, from their events. */
function compareRuns(first: readonly RunEvent[], second: readonly RunEvent[]): BenchRow[] {
  const [before, after] = [secondsByStage(first), secondsByStage(second)];
  const both = [...before.keys()].filter((stage) => after.has(stage));
  const one = new Set([...stagesOf(first), ...stagesOf(second)].filter((stage) => !both.includes(stage)));
  const rows = both.map((stage) => againstFirst(stage, after.get(stage) ?? 0, before.get(stage) ?? 0));
  const sum = (times: ReadonlyMap<string, number>): number =>
    both.reduce((all, stage) => all + (times.get(stage) ?? 0), 0);
  const without = one.size === 0 ? '' : `; did not end well in both: ${[...one].join(', ')}`;
  return [
    ...rows,
    againstFirst('all stages', sum(after), sum(before), `; aim below ${AIM} %${without}`),
    // Runs that did not get equally far cannot be compared from start to end.
    ...(one.size > 0
      ? []
      : [
          againstFirst(
            'from start to end',
            wallSeconds(second),
            wallSeconds(first),
            '; stages run side by side',
          ),
        ]),
  ];
}

function againstFirst(name: string, second: number, first: number, more = ''): BenchRow {
  const share = first === 0 ? 0 : (second / first) * 100;
  return rowOf(`${name}, second run against first`, second, first, 's', `${share.toFixed(0)} %${more}`);
}

function secondsByStage(events: readonly RunEvent[]): Map<string, number> {
  return new Map([...goodDurations(events)].map(([stage, seconds]) => [stage, seconds.at(-1) ?? 0]));
}

function stagesOf(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) => (event.kind === 'stage.started' ? [event.stage] : []));
}

function wallSeconds(events: readonly RunEvent[]): number {
  const [first, last] = [events[0], events.at(-1)];
  return first === undefined || last === undefined ? 0 : (Date.parse(last.at) - Date.parse(first.at)) / 1000;
}

async function readRun(run: string): Promise<readonly RunEvent[]> {
  return (await readJournal(createJournalFiles(bringupHome()).lines(run), run)).events;
}

async function applyOnce(siteFile: string): Promise<readonly RunEvent[]> {
  // A run that failed has exit code 1 and its journal: what ended well in it still counts.
  const child = await execa('node', [BIN, 'apply', siteFile, '--json'], { stderr: 'inherit', reject: false });
  const [line] = child.stdout.split('\n');
  if (child.exitCode !== 0 && child.exitCode !== 1)
    throw new Error(`bringup apply ended with ${child.exitCode}`);
  return readRun((JSON.parse(line ?? '') as RunEvent).run);
}

async function siteFileOfLab(): Promise<string> {
  const { stdout } = await execa('node', [BIN, 'lab', 'status', '--json'], { stderr: 'inherit' });
  const lab = JSON.parse(stdout) as { readonly siteFile: string; readonly wholeSiteFile?: string };
  return lab.wholeSiteFile ?? lab.siteFile;
}
