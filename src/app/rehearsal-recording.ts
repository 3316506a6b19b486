import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RehearsalPort } from './rehearsal-port.ts';

/** One event of ansible-runner, `at` seconds after the stage began; names and addresses are placeholders. */
export interface RecordedEvent {
  readonly at: number;
  readonly event: {
    readonly event: string;
    readonly data: Readonly<Record<string, unknown>> & {
      readonly play?: string;
      readonly task?: string;
      readonly task_uuid?: string;
      readonly host?: string;
    };
  };
}

/** One task of a recording with what the hosts answered. */
export interface RecordedTask {
  readonly title: string;
  readonly start: RecordedEvent;
  readonly results: readonly RecordedEvent[];
}

/** One play of a recording. */
export interface RecordedPlay {
  readonly start: RecordedEvent;
  readonly tasks: readonly RecordedTask[];
}

/** Ids of the stages that can be played. */
export async function recordedStages(port: RehearsalPort): Promise<ReadonlySet<string>> {
  const names = await readdir(folder(port));
  return new Set(
    names.filter((name) => name.endsWith('.jsonl')).map((name) => name.slice(0, -'.jsonl'.length)),
  );
}

/** The recording of a stage, or null where there is none. */
export async function readRecording(
  port: RehearsalPort,
  stage: string,
): Promise<readonly RecordedPlay[] | null> {
  if (!(await recordedStages(port)).has(stage)) return null;
  const text = await readFile(path.join(folder(port), `${stage}.jsonl`), 'utf8');
  const events = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RecordedEvent);
  return playsOf(events);
}

function folder(port: RehearsalPort): string {
  return path.join(port.assets, 'stages');
}

function playsOf(events: readonly RecordedEvent[]): readonly RecordedPlay[] {
  const plays: {
    start: RecordedEvent;
    tasks: { title: string; start: RecordedEvent; results: RecordedEvent[] }[];
  }[] = [];
  for (const recorded of events) {
    const { event, data } = recorded.event;
    const play = plays.at(-1);
    if (event === 'playbook_on_play_start') plays.push({ start: recorded, tasks: [] });
    else if (event === 'playbook_on_task_start' || event === 'playbook_on_handler_task_start')
      play?.tasks.push({ title: data.task ?? '', start: recorded, results: [] });
    else
      play?.tasks.find(({ start }) => start.event.data.task_uuid === data.task_uuid)?.results.push(recorded);
  }
  return plays;
}
