import type { CancelSignal, StageEvent, StageOutcome } from '../contract/ports.ts';
import type { Carrier } from './carrier.ts';
import { createEventMapper, type EventMapper } from './event-mapper.ts';
import { stopStage, tailStage } from './remote-stage.ts';
import { groupInput, judgeEnd } from './stage-end.ts';
import type { RunnerEnd, RunnerEvent } from './tail-line.ts';

const GRACE_SECONDS = 60;

/** Follows an attempt to its end, across broken links, and judges it. Each event is emitted once in its life. */
export async function followStage(carrier: Carrier, onHeartbeat: () => void): Promise<StageOutcome> {
  const { ports, stage, contact, directory, emit } = carrier;
  const projects = [`${directory}/project`, ports.project];
  const mapper = createEventMapper(projects);
  const known = ports.attempt.seen?.counter ?? 0;
  const place = {
    ...{ stage: stage.id, runs_on: stage.runs_on, projects },
    ...(ports.goOnWithout === undefined ? {} : { goOnWithout: ports.goOnWithout }),
  };
  let from = 0;
  const onEvent = (event: RunnerEvent): void => {
    if (event.counter <= from) return;
    from = event.counter;
    for (const fresh of takeFresh(mapper, event, ports.attempt.seen)) emit(fresh);
    const failure = event.counter < known ? undefined : mapper.failureAt(event);
    // It may yet be rescued, and others may fail for the same reason: what stands is told at the end.
    if (failure !== undefined) emit({ kind: 'failure', input: groupInput([failure], place), early: true });
  };
  const cancelling = obeyCancel(carrier);
  let end: RunnerEnd;
  try {
    end = await contact.use(async (shell) => {
      // Where the link was down when the word came, the stage is stopped as soon as it is back.
      await cancelling.repeat();
      return tailStage(shell, {
        ...{ project: ports.project, directory, stage: stage.id, from, known, onEvent, onHeartbeat },
      });
    });
  } finally {
    cancelling.end();
  }
  const { failures, ...outcome } = judgeEnd(end, mapper.tally(), place);
  for (const input of failures) emit({ kind: 'failure', input });
  return outcome;
}

/**
 * Run events of a runner's event that are not journalled. The mapper sees every event, since the end is judged by all of
 * them; one event may give several, of which a killed app may have journalled only the first.
 */
function takeFresh(
  mapper: EventMapper,
  event: RunnerEvent,
  seen: { readonly counter: number; readonly count: number } | undefined,
): StageEvent[] {
  const { counter } = event;
  const mapped = mapper.map(event);
  const told =
    seen === undefined || counter > seen.counter ? 0 : counter < seen.counter ? Infinity : seen.count;
  return mapped.slice(told).map((each) => ({ ...each, counter }));
}

/** Passes the words of a cancel on: after the first the running task may end, at the second everything is stopped. */
function obeyCancel(carrier: Carrier): { repeat(): Promise<void>; end(): void } {
  const { ports, signal, contact, directory, tell } = carrier;
  const { kill } = ports.attempt;
  const grace = ports.graceSeconds ?? GRACE_SECONDS;
  const pass = async (): Promise<void> => {
    const shell = contact.shell();
    if (shell === undefined || !signal.aborted) return;
    await stopStage(shell, ports.project, directory, kill.aborted ? undefined : grace);
  };
  const onWord = (word: CancelSignal, text: string): (() => void) => {
    const hear = (): void => {
      tell(text);
      pass().catch(() => undefined);
    };
    word.addEventListener('abort', hear);
    return () => {
      word.removeEventListener('abort', hear);
    };
  };
  const ends = [
    onWord(signal, `stopping after the running task, at the latest in ${grace} s; cancel again to stop now`),
    onWord(kill, 'stopping now'),
  ];
  return {
    repeat: pass,
    end: () => {
      for (const end of ends) end();
    },
  };
}
