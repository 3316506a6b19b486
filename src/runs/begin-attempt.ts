import type { RunEvent } from '../contract/events.ts';
import type { Mutable } from './apply-run-event.ts';
import type { AttemptState, StageState } from './run-state.ts';

type Started = Extract<RunEvent, { kind: 'stage.started' }>;

/** A stage at the start of an attempt: a new one begins empty and keeps the one before; a continued one goes on. */
export function beginAttempt(stage: StageState, event: Started): StageState {
  const attempt = event.attempt ?? Math.max(1, stage.attempt);
  return attempt === stage.attempt ? goOn(stage, event) : beginAnew(stage, event, attempt);
}

function goOn(stage: StageState, event: Started): StageState {
  const { finished: _finished, goes_on: _goesOn, early: _early, text, ...rest } = stage;
  if (event.continued === true) return { ...rest, status: 'running', failures: [], counts: {} };
  return { ...rest, ...(text === undefined ? {} : { text }), status: 'running', started: event.at };
}

/** What only the attempt before can say; `facts` stay, since a stage that was carried out proved them. */
const OF_ATTEMPT = [
  ...(['finished', 'text', 'play', 'stale', 'overridden', 'only_hosts', 'left_out', 'from_task'] as const),
  ...(['tag', 'failed_hosts', 'cut_short', 'goes_on', 'inputs', 'early', 'matrix_tasks'] as const),
];

function beginAnew(stage: StageState, event: Started, attempt: number): StageState {
  const bare: Mutable<StageState> = { ...stage };
  for (const key of OF_ATTEMPT) delete bare[key];
  return {
    ...bare,
    status: 'running',
    started: event.at,
    attempt,
    attempts: stage.attempt === 0 ? stage.attempts : [...stage.attempts, past(stage)],
    tasks: new Map(),
    counts: {},
    failures: [],
    warnings: [],
    tail: { counter: 0, count: 0 },
    ...(event.hosts === undefined ? {} : { only_hosts: event.hosts }),
    ...(event.left_out === undefined ? {} : { left_out: event.left_out }),
    ...(event.from_task === undefined ? {} : { from_task: event.from_task }),
    ...(event.tag === undefined ? {} : { tag: event.tag }),
    ...(event.inputs === undefined ? {} : { inputs: event.inputs }),
  };
}

function past(stage: StageState): AttemptState {
  const { attempt, status, started, finished, text, failures, only_hosts, from_task, tag } = stage;
  return {
    ...{ attempt, status, failures },
    ...(started === undefined ? {} : { started }),
    ...(finished === undefined ? {} : { finished }),
    ...(text === undefined ? {} : { text }),
    ...(only_hosts === undefined ? {} : { only_hosts }),
    ...(from_task === undefined ? {} : { from_task }),
    ...(tag === undefined ? {} : { tag }),
  };
}
