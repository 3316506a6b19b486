import type { BringupClient, EventsQuery } from '../../src/contract/api.ts';
import type { EventBody, RunEvent } from '../../src/contract/events.ts';

export const RUN = '20261121-000000-bench-0001';
const STAGE = 'network-services';
const HOSTS = Array.from({ length: 12 }, (_, index) => `node-${index + 1}`);
const BEGUN = Date.parse('2026-11-21T00:00:00Z');

/** A run of one stage that never ends: a task, its answer, the next task, in turn on one of twelve hosts. */
export function* endlessRun(): Generator<RunEvent> {
  let seq = 0;
  const event = (body: EventBody): RunEvent => {
    seq += 1;
    return { seq, at: new Date(BEGUN + seq).toISOString(), run: RUN, ...body };
  };
  yield event({
    ...{
      kind: 'run.started',
      site: 'bench',
      stack: 's 1',
      site_file: '/srv/site.yaml',
      schema: 2,
      version: '0',
    },
    stages: [
      {
        ...{ id: STAGE, title: 'Network services', runs_on: 'deployment-vm', after: [], hosts: HOSTS },
        playbook: 'site.yml',
      },
    ],
  });
  yield event({ kind: 'stage.started', stage: STAGE, attempt: 1 });
  for (let number = 0; ; number += 1) {
    const task = `5254005e-0011-8c2f-0000-${String(number).padStart(12, '0')}`;
    const title = `Do the thing number ${number}`;
    const place = { file: 'roles/a_role/tasks/main.yml', line: number % 200 };
    yield event({ kind: 'task.started', stage: STAGE, task, title, play: 'Set up', ...place });
    const host = HOSTS[number % HOSTS.length] ?? '';
    const status = number % 3 === 0 ? 'changed' : 'ok';
    const said = { text: `what ${host} said about it`, duration_seconds: 0.4 };
    yield event({ kind: 'host.result', stage: STAGE, task, host, status, ...said });
  }
}

/** A run of some million events as large sites give it: stages of 250 tasks, each on 100 hosts, each host trying twice. */
export function* wideRun(stages: number): Generator<RunEvent> {
  let seq = 0;
  const event = (body: EventBody): RunEvent => {
    seq += 1;
    return { seq, at: new Date(BEGUN + seq * 10).toISOString(), run: RUN, ...body };
  };
  const ids = Array.from({ length: stages }, (_, index) => `stage-${index}`);
  const planned = { runs_on: 'deployment-vm', after: [], hosts: ['deploy'] } as const;
  yield event({
    ...{
      kind: 'run.started',
      site: 'bench',
      stack: 's 1',
      site_file: '/srv/site.yaml',
      schema: 2,
      version: '0',
    },
    stages: ids.map((id) => ({ id, title: id, ...planned })),
  });
  for (const stage of ids) {
    yield event({ kind: 'stage.started', stage, attempt: 1 });
    for (let number = 0; number < 250; number += 1) {
      const task = `5254005e-0011-8c2f-0000-${String(number).padStart(12, '0')}`;
      yield event({
        kind: 'task.started',
        stage,
        task,
        title: `Do the thing number ${number}`,
        play: 'Set up',
      });
      for (let index = 0; index < 100; index += 1) {
        const host = `node-${index}`;
        yield event({ kind: 'task.progress', stage, task, host, text: 'attempt 1 of 30: not there yet' });
        const status = index % 3 === 0 ? 'changed' : 'ok';
        yield event({ kind: 'host.result', stage, task, host, status, duration_seconds: 1.25 });
      }
    }
    yield event({ kind: 'stage.finished', stage, status: 'changed' });
  }
  yield event({ kind: 'run.finished', status: 'ok', text: 'ended' });
}

/** An application service whose only run has `before` events and then goes on at `rate` events a second until `total`. */
export function createStream(before: number, rate: number, total: number) {
  const source = endlessRun();
  const events: RunEvent[] = [];
  const grow = (count: number): RunEvent[] => {
    const fresh: RunEvent[] = [];
    while (fresh.length < count && events.length < total) {
      const event = source.next().value as RunEvent;
      events.push(event);
      fresh.push(event);
    }
    return fresh;
  };
  grow(before);
  const listeners = new Set<(events: readonly RunEvent[]) => void>();
  let timer: NodeJS.Timeout | undefined;
  const service: Pick<BringupClient, 'call' | 'subscribe'> = {
    call: (command, input) => Promise.resolve(answer(command, input, events) as never),
    subscribe(_run, from, listener) {
      listeners.add(listener);
      listener(events.slice(from - 1));
      return () => listeners.delete(listener);
    },
  };
  return {
    service,
    /** Goes on; resolves when all events were told. */
    start: () =>
      new Promise<void>((resolve) => {
        const begun = performance.now();
        let told = 0;
        timer = setInterval(() => {
          const due = Math.floor(((performance.now() - begun) / 1000) * rate);
          const fresh = grow(due - told);
          told = due;
          for (const listener of listeners) listener(fresh);
          if (events.length < total) return;
          clearInterval(timer);
          resolve();
        }, 20);
      }),
  };
}

function answer(command: string, input: unknown, events: readonly RunEvent[]): unknown {
  if (command === 'app.info') return { version: '0', platform: 'linux', host: 'browser' };
  if (command === 'sites.list') return { sites: [] };
  if (command !== 'runs.events') return { runs: [] };
  const { from = 1, limit = 1000 } = input as EventsQuery;
  return { events: events.slice(from - 1, from - 1 + limit), more: false };
}
