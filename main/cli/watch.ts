import logUpdate from 'log-update';
import type { RunEvent } from '../../src/contract/events.ts';
import type { FailureRecord } from '../../src/contract/failure.ts';
import type { BringupClient } from '../../src/contract/api.ts';
import { EMPTY_RUN, reduceRun, type RunState } from '../../src/runs/state.ts';
import { failureText } from './failure-text.ts';
import { createLineWriter } from './lines.ts';
import { columns, print, printLogLine } from './output.ts';
import { nextText } from './run-text.ts';
import { renderTree } from './tree.ts';

export type WatchStyle = 'tree' | 'lines' | 'json';

export interface Watched {
  readonly state: RunState;
  readonly failures: readonly FailureRecord[];
}

/** Times a second that the tree is drawn again. */
const FRAMES = 8;

/**
 * Follows a run to its end in the style asked for and returns its last state. Of a run that goes on, only what happens
 * from event `from` on is shown; the state is of all of it.
 */
export async function watchRun(
  client: BringupClient,
  run: string,
  style: WatchStyle,
  from = 1,
): Promise<Watched> {
  let state = EMPTY_RUN;
  const failures: FailureRecord[] = [];
  const show = createOutput(style, () => state);
  await new Promise<void>((resolve) => {
    const stop = client.subscribe(run, 1, (events) => {
      state = reduceRun(state, events);
      for (const event of events) {
        if (event.seq < from) {
          show.past(event);
          continue;
        }
        show.event(event);
        if (event.kind === 'failure' && event.early !== true) failures.push(event.record);
        // Where the record cannot be written any more, that is the last thing that is told.
        if (event.kind === 'run.finished' || event.kind === 'run.interrupted') {
          queueMicrotask(() => stop());
          resolve();
        }
      }
    });
  });
  show.end();
  // Where the record broke off, what was seen until then is all there is.
  for (const stage of state.stages.values()) if (stage.early === true) failures.push(...stage.failures);
  if (style !== 'json') {
    for (const record of failures) print(`\n${failureText(record, columns(), run)}`);
    print(`\n${nextText(state)}`);
  }
  return { state, failures };
}

interface Output {
  event(event: RunEvent): void;
  /** Told of what is not shown: titles are learned from it. */
  past(event: RunEvent): void;
  end(): void;
}

function createOutput(style: WatchStyle, state: () => RunState): Output {
  if (style === 'json') {
    return {
      event: (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
      past: () => undefined,
      end: () => undefined,
    };
  }
  if (style === 'lines') {
    const write = createLineWriter();
    return {
      event: (event) => {
        const line = write(event);
        if (line !== null) printLogLine(line);
      },
      past: (event) => void write(event),
      end: () => undefined,
    };
  }
  const draw = (): void =>
    logUpdate(renderTree(state(), Date.now(), columns(), (process.stdout.rows ?? 24) - 1).join('\n'));
  const timer = setInterval(draw, 1000 / FRAMES);
  return {
    event: () => undefined,
    past: () => undefined,
    end: () => {
      clearInterval(timer);
      draw();
      logUpdate.done();
    },
  };
}
