import type { BringupClient, CommandName, EventsQuery, RunSummary } from '../../src/contract/api.ts';
import { BringupError } from '../../src/contract/errors.ts';
import type { EventBody, RunEvent } from '../../src/contract/events.ts';
import { EMPTY_RUN, reduceRun } from '../../src/runs/state.ts';
import { summariseRun } from '../../src/runs/summary.ts';

type Listener = (events: readonly RunEvent[]) => void;

/** An application service over journals in memory; a test can push events into a run while it is watched. */
export interface SampleService extends Pick<BringupClient, 'call' | 'subscribe'> {
  push(run: string, ...bodies: EventBody[]): void;
  /** Every call that would change something, as it came. */
  readonly calls: { readonly command: string; readonly input: unknown }[];
  /** What a test wants answered in place of the sample; an error thrown here arrives at the page. */
  readonly answers: Partial<Record<CommandName, (input: never) => unknown>>;
}

/** Creates the service over the given journals; the order of the journals does not matter. */
export function createSampleService(journals: readonly (readonly RunEvent[])[]): SampleService {
  const runs = new Map(
    journals.filter((events) => events.length > 0).map((events) => [events[0]?.run ?? '', [...events]]),
  );
  const listeners = new Map<string, Set<Listener>>();
  const calls: { command: string; input: unknown }[] = [];
  const answers: SampleService['answers'] = {};
  const answer = (command: CommandName, input: unknown): unknown => {
    const wanted = answers[command];
    if (wanted !== undefined) return wanted(input as never);
    switch (command) {
      case 'app.info':
        return { version: '0', platform: 'linux', host: 'browser' };
      case 'sites.list':
        return { sites: [] };
      case 'files.choose':
        return { native: false, file: null };
      case 'runs.list':
        return { runs: [...runs.values()].map(summaryOf) };
      case 'runs.events':
        return eventsOf(runs, input as EventsQuery);
      case 'runs.apply':
      case 'runs.resume':
      case 'runs.retry':
      case 'runs.cancel':
        calls.push({ command, input });
        return command === 'runs.cancel' ? { cancelled: true } : { run: [...runs.keys()][0], from: 1 };
      case 'site.validate':
        return validate(input);
      default:
        throw new BringupError({ code: 'NOT_IN_SAMPLE', message: `${command} is not part of the sample.` });
    }
  };
  return {
    calls,
    answers,
    call: (command, input) => Promise.resolve().then(() => answer(command, input) as never),
    subscribe: (run, from, listener) => {
      const set = listeners.get(run) ?? new Set();
      listeners.set(run, set.add(listener));
      listener((runs.get(run) ?? []).filter((event) => event.seq >= from));
      return () => set.delete(listener);
    },
    push: (run, ...bodies) => {
      const events = runs.get(run) ?? [];
      for (const body of bodies) {
        const event = { seq: events.length + 1, at: new Date().toISOString(), run, ...body };
        events.push(event);
        for (const listener of listeners.get(run) ?? []) listener([event]);
      }
    },
  };
}

function eventsOf(runs: ReadonlyMap<string, readonly RunEvent[]>, { run, from = 1, limit }: EventsQuery) {
  const events = (runs.get(run) ?? []).filter((event) => event.seq >= from).slice(0, limit);
  return { events, more: false };
}

function summaryOf(events: readonly RunEvent[]): RunSummary {
  return summariseRun(reduceRun(EMPTY_RUN, events));
}

function validate(input: unknown): unknown {
  const file = typeof input === 'object' && input !== null && 'file' in input ? String(input.file) : '';
  if (!file.endsWith('bad.yaml')) return { ok: true, problems: [] };
  const problem = {
    severity: 'error',
    code: 'GATEWAY_OUTSIDE',
    message: 'Gateway 10.20.9.1 is outside network mgmt, 10.20.0.0/24.',
    path: '/networks/0/gateway',
    file,
    line: 41,
    column: 12,
    hint: 'Did you mean 10.20.0.1?',
  };
  return { ok: false, problems: [problem] };
}
