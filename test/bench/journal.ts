import { execa } from 'execa';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createJournalFiles } from '../../main/adapters/journal-files.ts';
import type { EventBody, PlannedStage } from '../../src/contract/events.ts';
import { createRecorder, type Recorder } from '../../src/runs/recorder.ts';
import { measureLatency } from './journal-latency.ts';
import { rowOf, type BenchRow } from './row.ts';

const RUN = 'r1';
const STAGES = 20;
const TASKS = 250;
const HOSTS = 100;
const RIVAL_APPENDS = 50_000;
const PROGRAM = fileURLToPath(new URL('journal-read.mjs', import.meta.url));
const DIST = process.env['BRINGUP_BENCH_DIST'] ?? fileURLToPath(new URL('../../dist', import.meta.url));

/** A journal of a million events: written, reopened, and how late an event of a real playbook is. */
export async function benchJournal(): Promise<BenchRow[]> {
  const home = await mkdtemp(path.join(tmpdir(), 'bringup-journal-bench-'));
  try {
    const { events, seconds } = await writeMillion(home);
    const ours = await reopen('ours', home);
    const naive = await reopen('naive', home);
    if (ours.events !== events) throw new Error(`${ours.events} of ${events} events came back`);
    const size = `${(events / 1e6).toFixed(2)} million events, ${STAGES} stages of ${TASKS} tasks on ${HOSTS} hosts`;
    return [
      rowOf('reopen a journal', ours.seconds, naive.seconds, 's', `${size}; aim below 2 s`),
      rowOf(
        'reopen a journal, peak memory',
        ours.mebibytes,
        naive.mebibytes,
        'MiB',
        'whole process; aim below 300 MiB',
      ),
      rowOf(
        'append an event and fold it',
        (seconds / events) * 1e6,
        (await appendOneByOne(home)) * 1e6,
        'us',
        'against appendFile for each, which folds nothing',
      ),
      await measureLatency(),
    ];
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function writeMillion(home: string): Promise<{ events: number; seconds: number }> {
  const journal = await createJournalFiles(home).create('bench', RUN);
  const clock = { now: () => new Date() };
  const onBroken = (error: unknown): never => {
    throw error;
  };
  const recorder = createRecorder({ run: RUN, journal, clock, onBroken });
  const started = performance.now();
  recorder.record({
    ...{ kind: 'run.started', site: 'bench', stack: 's 1', site_file: 'site.yaml', schema: 1, version: '0' },
    stages: Array.from({ length: STAGES }, (_, index) => stageOf(index)),
  });
  for (let index = 0; index < STAGES; index += 1) await writeStage(recorder, stageOf(index).id);
  await recorder.sync();
  const events = recorder.state().lastSeq;
  const seconds = (performance.now() - started) / 1000;
  await journal.close();
  return { events, seconds };
}

async function writeStage(recorder: Recorder, stage: string): Promise<void> {
  recorder.record({ kind: 'stage.started', stage });
  for (let number = 0; number < TASKS; number += 1) {
    for (const event of taskEvents(stage, number)) recorder.record(event);
    await recorder.sync();
  }
  recorder.record({ kind: 'stage.finished', stage, status: 'changed' });
}

/** A task that every host tries twice, as ansible-runner tells it. */
function* taskEvents(stage: string, number: number): Generator<EventBody> {
  const task = `5254005e-0011-8c2f-0000-${String(number).padStart(12, '0')}`;
  yield {
    ...{
      kind: 'task.started',
      stage,
      task,
      title: `Do the thing number ${number}`,
      play: 'Set the servers up',
    },
    ...{ file: 'roles/server/tasks/main.yml', line: number },
  };
  for (let index = 0; index < HOSTS; index += 1) {
    const host = `node-${index}`;
    yield { kind: 'task.progress', stage, task, host, text: 'attempt 1 of 30: not there yet' };
    const text = index % 10 === 0 ? { text: 'installed 3 packages' } : {};
    yield {
      kind: 'host.result',
      stage,
      task,
      host,
      status: index % 3 === 0 ? 'changed' : 'ok',
      duration_seconds: 1.25,
      ...text,
    };
  }
}

function stageOf(index: number): PlannedStage {
  return {
    id: `stage-${index}`,
    title: `Stage ${index}`,
    runs_on: 'deployment-vm',
    after: [],
    hosts: ['deploy'],
  };
}

async function reopen(
  way: 'ours' | 'naive',
  home: string,
): Promise<{ seconds: number; mebibytes: number; events: number }> {
  const { stdout } = await execa('node', ['--max-old-space-size=6144', PROGRAM, way, DIST, home, RUN]);
  return JSON.parse(stdout) as { seconds: number; mebibytes: number; events: number };
}

/** Seconds of one append that is waited for, as a journal without a queue would do it. */
async function appendOneByOne(home: string): Promise<number> {
  const file = path.join(home, 'rival.jsonl');
  const line = `${JSON.stringify([...taskEvents('stage-1', 1)][2])}\n`;
  const started = performance.now();
  for (let count = 0; count < RIVAL_APPENDS; count += 1) await appendFile(file, line);
  return (performance.now() - started) / 1000 / RIVAL_APPENDS;
}
