import { execa } from 'execa';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { RunEvent } from '../../src/contract/events.ts';
import { rowOf, type BenchRow } from './row.ts';

const BIN = fileURLToPath(new URL('../../main/cli/bin.mjs', import.meta.url));

/** The lab's site from nothing to the end, then again: seconds by stage, and the second run against the first. */
export async function benchSite(): Promise<BenchRow[]> {
  const lab = await bringup(['lab', 'up', '--json']);
  const { siteFile } = JSON.parse(lab) as { siteFile: string };
  await bringup(['apply', siteFile, '--destroy', '--json']);
  const first = await apply(siteFile);
  const second = await apply(siteFile);
  const rows = [...first].map(([stage, seconds]) =>
    rowOf(`${stage}, second run against first`, second.get(stage) ?? 0, seconds, 's'),
  );
  const sum = (times: ReadonlyMap<string, number>): number =>
    [...times.values()].reduce((all, one) => all + one, 0);
  return [...rows, rowOf('whole site, second run against first', sum(second), sum(first), 's')];
}

async function apply(siteFile: string): Promise<Map<string, number>> {
  const started = new Map<string, number>();
  const seconds = new Map<string, number>();
  const child = execa('node', [BIN, 'apply', siteFile, '--json'], { buffer: false, stderr: 'inherit' });
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as RunEvent;
    if (event.kind === 'stage.started') started.set(event.stage, Date.parse(event.at));
    if (event.kind !== 'stage.finished') continue;
    const from = started.get(event.stage);
    if (from !== undefined) seconds.set(event.stage, (Date.parse(event.at) - from) / 1000);
  }
  await child;
  return seconds;
}

async function bringup(args: readonly string[]): Promise<string> {
  return (await execa('node', [BIN, ...args], { stderr: 'inherit' })).stdout;
}
