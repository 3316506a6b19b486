import { BringupError, EXIT, type ExitCode } from '../contract/errors.ts';
import type { EventBody, PlannedStage, StageInputs } from '../contract/events.ts';
import type {
  CancelSignal,
  Clock,
  StageAttempt,
  StageEvent,
  StageExecutor,
  StageOutcome,
} from '../contract/ports.ts';
import type { Halt } from './halt.ts';
import type { Recorder } from './recorder.ts';
import type { StageState } from './run-state.ts';
import { watchSoftTimeout, type Timer } from './soft-timeout.ts';
import { createStageFailures, type Explainer } from './stage-failures.ts';
import { describeError, describeOutcome, isLeftAtSite, outcomeOf, withRemains } from './stage-outcome.ts';
import { attemptSeen, hostsLeftOut, type BeginStart, type StageStart } from './start.ts';
import { countResults } from './summary.ts';
import { isDone, type StageVerdict } from './verdict.ts';

/** What carrying out a stage takes beside the stage itself. */
export interface StagePorts {
  readonly recorder: Recorder;
  readonly halt: Halt;
  readonly clock: Clock;
  readonly timer?: Timer;
  executorFor(stage: PlannedStage, attempt: StageAttempt): StageExecutor;
  /** What the stage depends on, as it is now. */
  inputsOf?(stage: PlannedStage): Promise<StageInputs>;
  readonly explainer: Explainer;
}

/** Takes a stage up as told and journals all of it, whatever the executor does. */
export async function carryOutStage(
  ports: StagePorts,
  stage: PlannedStage,
  start: Exclude<StageStart, { how: 'keep' }>,
): Promise<StageVerdict> {
  if (start.how === 'override') {
    const { reason } = start;
    const text = `passed over: ${reason}`;
    ports.recorder.record({
      ...{ kind: 'stage.finished', stage: stage.id, status: 'overridden', text },
      overridden: reason,
    });
    return { status: 'overridden', exit: EXIT.done };
  }
  if (start.how === 'follow') return carryOutAttempt(ports, stage, await followAgain(ports, stage, start));
  const verdict = await carryOutAttempt(ports, stage, await begin(ports, stage, start));
  if (start.onlyHosts === undefined || stage.acceptance === undefined || !isDone(verdict)) return verdict;
  return carryOutAttempt(ports, stage, await begin(ports, stage, acceptanceOf(stage.acceptance)));
}

/** After a retry on some hosts the result is tried on all of them. */
export function acceptanceOf(tag: string): BeginStart {
  return { how: 'begin', tag, reason: 'the acceptance test runs on every host after a retry on some' };
}

interface Begun {
  readonly attempt: StageAttempt;
  /** What the journal has of this attempt already. */
  readonly known?: StageState;
  readonly spentSeconds: number;
}

async function begin(ports: StagePorts, stage: PlannedStage, start: BeginStart): Promise<Begun> {
  const { recorder, halt } = ports;
  const inputs = await ports.inputsOf?.(stage);
  const state = recorder.state();
  const attempt = (state.stages.get(stage.id)?.attempt ?? 0) + 1;
  const leftOut = hostsLeftOut(state, stage);
  const { reason, onlyHosts, fromTask, tag } = start;
  recorder.record({
    ...{ kind: 'stage.started', stage: stage.id, attempt },
    ...(reason === undefined ? {} : { reason }),
    ...(onlyHosts === undefined ? {} : { hosts: onlyHosts }),
    ...(leftOut.length === 0 ? {} : { left_out: leftOut }),
    ...(fromTask === undefined ? {} : { from_task: fromTask }),
    ...(tag === undefined ? {} : { tag }),
    ...(inputs === undefined ? {} : { inputs }),
  });
  if (leftOut.length > 0) {
    const text = `runs without ${leftOut.join(', ')}, which failed in a stage before`;
    recorder.record({ kind: 'stage.warning', stage: stage.id, code: 'hosts-left-out', text, hosts: leftOut });
  }
  return {
    attempt: {
      ...{ attempt, leftOut, kill: halt.hard, knows: () => false },
      ...(onlyHosts === undefined ? {} : { onlyHosts }),
      ...(fromTask === undefined ? {} : { fromTask }),
      ...(tag === undefined ? {} : { tag }),
    },
    spentSeconds: 0,
  };
}

async function followAgain(
  { recorder, halt, clock }: StagePorts,
  stage: PlannedStage,
  { reason }: { readonly reason: string },
): Promise<Begun> {
  const known = recorder.state().stages.get(stage.id);
  if (known === undefined) throw new Error(`stage ${stage.id} is followed and was never planned`);
  if (known.status !== 'running') {
    const { attempt } = known;
    recorder.record({ kind: 'stage.started', stage: stage.id, attempt, continued: true, reason });
  }
  const { only_hosts: onlyHosts, from_task: fromTask, tag } = known;
  return {
    attempt: {
      ...attemptSeen(known),
      ...{ leftOut: known.left_out ?? [], kill: halt.hard },
      ...(onlyHosts === undefined ? {} : { onlyHosts }),
      ...(fromTask === undefined ? {} : { fromTask }),
      ...(tag === undefined ? {} : { tag }),
    },
    ...(known.status === 'running' ? { known } : {}),
    spentSeconds: secondsSince(known, clock),
  };
}

function secondsSince({ started }: StageState, clock: Clock): number {
  if (started === undefined) return 0;
  return Math.max(0, Math.round((clock.now().getTime() - Date.parse(started)) / 1000));
}

async function carryOutAttempt(
  ports: StagePorts,
  stage: PlannedStage,
  { attempt, known, spentSeconds }: Begun,
): Promise<StageVerdict> {
  const { recorder, halt } = ports;
  const failures = createStageFailures(ports, stage, known);
  let open = true;
  const emit = (event: StageEvent): void => {
    if (!open) return;
    if (event.kind === 'failure') failures.tell(event);
    else recorder.record({ ...event, stage: stage.id });
  };
  const warned = recorder.state().stages.get(stage.id)?.warnings ?? [];
  const unwatch = watchSoftTimeout(ports.timer, stage, spentSeconds, warned, (warning) => {
    emit({ kind: 'stage.warning', ...warning });
  });
  let outcome: StageOutcome & { readonly goes_on?: boolean };
  let exit: ExitCode = EXIT.done;
  let thrown: unknown;
  try {
    const work = ports.executorFor(stage, attempt).execute(stage, emit, halt.soft);
    outcome = await Promise.race([work, whenLeft(halt.left)]);
    if (!isDone(outcome)) exit = outcome.status === 'cancelled' ? EXIT.cancelled : EXIT.failed;
  } catch (error) {
    // Where nothing can be written any more there is nothing to tell either: this rejects.
    if (halt.left.aborted) await recorder.sync();
    thrown = error;
    exit = error instanceof BringupError ? error.exit : EXIT.bug;
    const left = isLeftAtSite(stage, attempt, error, recorder.state().stages.get(stage.id));
    outcome = { ...outcomeOf(error, halt.soft.aborted), ...(left ? { goes_on: true } : {}) };
    if (outcome.status === 'cancelled') exit = EXIT.cancelled;
    else failures.add(describeError(error, stage));
  } finally {
    unwatch();
    open = false;
  }
  if (failures.none() && exit === EXIT.failed) failures.add(describeOutcome(outcome, stage));
  await failures.settle(outcome, thrown === undefined && outcome.status !== 'cancelled');
  await recorder.sync();
  finish(recorder, stage, outcome);
  await recorder.sync();
  return { status: outcome.status, exit, thrown };
}

/** Rejects when the run is left. */
function whenLeft(left: CancelSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const leave = (): void => {
      reject(new Error('the run was left'));
    };
    if (left.aborted) leave();
    else left.addEventListener('abort', leave);
  });
}

function finish(recorder: Recorder, stage: PlannedStage, outcome: StageOutcome): void {
  const known = recorder.state().stages.get(stage.id);
  const { failed_hosts: hosts = [] } = outcome;
  if (hosts.length > 0) {
    const text = `goes on without ${hosts.join(', ')}`;
    recorder.record({ kind: 'stage.warning', stage: stage.id, code: 'hosts-failed', text, hosts });
  }
  const end: EventBody = { kind: 'stage.finished', stage: stage.id, ...withRemains(outcome, stage, known) };
  recorder.record({ ...end, counts: countResults(known) });
}
