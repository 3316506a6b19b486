import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createJournalFiles, journalPath } from '../../main/adapters/journal-files.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { EMPTY_RUN, readJournal, reduceRun } from '../../src/runs/index.ts';
import { createLocalSite, type LocalSite } from './local-stage.ts';

const KILLS = 15;
const ROOT = new URL('../..', import.meta.url).pathname;

let site: LocalSite;
let home: string;
let built: string;
beforeAll(async () => {
  site = createLocalSite();
  home = mkdtempSync(join(tmpdir(), 'bringup-home-'));
  // Beside the packages that it needs.
  const cache = join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  built = mkdtempSync(join(cache, 'killed-app-'));
  await build({
    configFile: false,
    logLevel: 'silent',
    build: { ssr: join(ROOT, 'test/edge/killed-app.ts'), outDir: built },
  });
});
afterAll(async () => {
  await site.remove();
  for (const folder of [home, built]) rmSync(folder, { recursive: true, force: true });
});

/** Some tasks of two hosts, of different length, a loop, and failures that are rescued. */
function playbook(pause: number): string {
  return `
- name: Work
  hosts: targets
  gather_facts: false
  tasks:
    - name: Quick
      ansible.builtin.debug: {msg: quick}
    - name: Slow
      ansible.builtin.command: sleep ${pause}
    - name: Loops
      ansible.builtin.command: echo {{ item }}
      loop: "{{ range(6) | list }}"
    - block:
        - name: Fails
          ansible.builtin.fail: {msg: inside}
      rescue:
        - name: Rescues
          ansible.builtin.debug: {msg: rescued}
    - name: Slow again
      ansible.builtin.command: sleep ${pause}
`;
}

function startApp(): ChildProcess {
  return spawn(process.execPath, [join(built, 'killed-app.js'), home, site.folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function ended(app: ChildProcess): Promise<number | null> {
  if (app.exitCode !== null || app.signalCode !== null) return app.exitCode;
  return new Promise((resolve) => app.once('exit', resolve));
}

/** Resolves when the journal grows, or the app has ended. */
async function itsFirstWord(app: ChildProcess): Promise<void> {
  const size = (): number => statSync(journalPath(home, 'r1'), { throwIfNoEntry: false })?.size ?? 0;
  const before = size();
  while (size() === before && app.exitCode === null) await sleep(20);
}

/** What ansible-runner itself wrote of a stage: the kinds of its events. */
function runnerEvents(stage: string): string[] {
  const folder = join(site.stageFolder(stage), 'artifacts', stage, 'job_events');
  return readdirSync(folder)
    .filter((name) => !name.includes('partial'))
    .map((name) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { event: string }).event);
}

function countOf(events: readonly RunEvent[], stage: string, kind: string): number {
  return events.filter((event) => event.kind === kind && 'stage' in event && event.stage === stage).length;
}

it('tells every event once and in order although the app is killed again and again', async () => {
  for (const [stage, pause] of [
    ['left', 4],
    ['right', 3],
    ['last', 3],
  ] as const)
    site.writePlaybook(`${stage}.yml`, playbook(pause));

  let killed = 0;
  for (; killed < KILLS; killed += 1) {
    const app = startApp();
    // Every other one comes to its first word, so that the run goes on however slow the machine is; the others end anywhere.
    if (killed % 2 === 0) await itsFirstWord(app);
    await sleep(Math.random() * 1500);
    if (app.exitCode !== null) break;
    app.kill('SIGKILL');
    await ended(app);
  }
  expect(killed).toBeGreaterThan(5);
  if (killed === KILLS) expect(await ended(startApp())).toBe(0);

  const { events, notice } = await readJournal(createJournalFiles(home).lines('r1'), 'r1');
  expect(notice).toBeUndefined();
  const state = reduceRun(EMPTY_RUN, events);
  expect(state).toMatchObject({ status: 'changed', lastSeq: events.length });
  expect(events.some(({ kind }) => kind === 'run.resumed')).toBe(true);
  for (const stage of ['left', 'right', 'last']) {
    const theirs = runnerEvents(stage);
    const wanted = (...kinds: string[]): number => theirs.filter((kind) => kinds.includes(kind)).length;
    const counters = events.flatMap((event) =>
      'counter' in event && event.counter !== undefined && event.stage === stage ? [event.counter] : [],
    );
    expect(counters).toEqual([...counters].sort((a, b) => a - b));
    expect(countOf(events, stage, 'stage.started')).toBe(1);
    expect(countOf(events, stage, 'stage.finished')).toBe(1);
    // One for what gets the stage going.
    expect(countOf(events, stage, 'task.started')).toBe(1 + wanted('playbook_on_task_start'));
    const results = wanted('runner_on_ok', 'runner_on_failed', 'runner_item_on_ok');
    // Two failures are told again as rescued.
    expect(countOf(events, stage, 'host.result')).toBe(1 + results + 2);
    expect(readdirSync(join(site.stageFolder(stage), '..'))).toEqual(['1']);
  }
}, 180_000);
