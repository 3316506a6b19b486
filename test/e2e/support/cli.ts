import { execa } from 'execa';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { RunEvent } from '../../../src/contract/events.ts';
import type { FailureRecord } from '../../../src/contract/failure.ts';

const BIN = fileURLToPath(new URL('../../../main/cli/bin.mjs', import.meta.url));

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line to its end with a home of its own. */
export async function bringup(args: readonly string[], home: string, input = ''): Promise<Finished> {
  const done = await execa('node', [BIN, ...args], { env: { BRINGUP_HOME: home }, input, reject: false });
  return { code: done.exitCode ?? -1, stdout: done.stdout, stderr: done.stderr };
}

export interface Applied {
  readonly code: number;
  readonly events: readonly RunEvent[];
  readonly failures: readonly FailureRecord[];
  readonly stderr: string;
  /** What it printed beside the events: the error that kept it from coming to an end. */
  readonly rest: string;
}

/** A running `bringup apply --json`; `until` resolves with the first event that fits. */
export interface Applying {
  until(fits: (event: RunEvent) => boolean): Promise<RunEvent>;
  /** The same, of the events that come from now on. */
  untilNext(fits: (event: RunEvent) => boolean): Promise<RunEvent>;
  kill(): Promise<void>;
  /** What Ctrl-C does. */
  interrupt(): void;
  readonly done: Promise<Applied>;
}

/** Starts `bringup apply --json` and reads its events; `env` comes on top of the environment. */
export function startApply(
  args: readonly string[],
  home: string,
  env: Readonly<Record<string, string>> = {},
): Applying {
  const child = execa('node', [BIN, ...args, '--json'], {
    env: { BRINGUP_HOME: home, ...env },
    buffer: false,
    reject: false,
    stdout: 'pipe',
    stderr: 'pipe',
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    process.stderr.write(chunk);
  });
  const events: RunEvent[] = [];
  const waiting = new Set<{
    fits: (event: RunEvent) => boolean;
    resolve: (event: RunEvent) => void;
    reject: (error: Error) => void;
  }>();
  let ended: Error | undefined;
  const rest: string[] = [];
  const read = (async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.startsWith('{"seq"')) {
        rest.push(line);
        continue;
      }
      const event = JSON.parse(line) as RunEvent;
      events.push(event);
      for (const waiter of waiting) if (waiter.fits(event)) waiter.resolve(event);
    }
    ended = new Error(
      `apply ended first: ${rest.join('\n').slice(-2000)} ${JSON.stringify(events.slice(-3))}`,
    );
    for (const waiter of waiting) waiter.reject(ended);
  })();
  const until = (fits: (event: RunEvent) => boolean, from: number): Promise<RunEvent> =>
    new Promise((resolve, reject) => {
      const seen = events.slice(from).find(fits);
      if (seen !== undefined) resolve(seen);
      else if (ended !== undefined) reject(ended);
      else waiting.add({ fits, resolve, reject });
    });
  return {
    until: (fits) => until(fits, 0),
    untilNext: (fits) => until(fits, events.length),
    kill: async () => {
      child.kill('SIGKILL');
      await child;
      await read.catch(() => undefined);
    },
    interrupt: () => void child.kill('SIGINT'),
    done: (async () => {
      const { exitCode } = await child;
      await read;
      const failures = events.flatMap((event) =>
        event.kind === 'failure' && event.early !== true ? [event.record] : [],
      );
      return { code: exitCode ?? -1, events, failures, stderr, rest: rest.join('\n') };
    })(),
  };
}

/** Applies to the end. */
export async function apply(args: readonly string[], home: string): Promise<Applied> {
  return startApply(args, home).done;
}

/** Status of every stage as told by the events. */
export function stageStatuses(applied: Pick<Applied, 'events'>): Record<string, string> {
  return Object.fromEntries(
    applied.events.flatMap((event) => (event.kind === 'stage.finished' ? [[event.stage, event.status]] : [])),
  );
}
