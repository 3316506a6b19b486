import type { CheckResult, PlannedStage, Progress, RunEvent, Status } from '../contract/events.ts';
import type { FailureRecord } from '../contract/failure.ts';

/** What one host said to one task; the last word counts, items are folded into it. */
export interface HostState {
  readonly status: Status;
  readonly text?: string;
  readonly check?: CheckResult;
  readonly duration_seconds?: number;
  /** The failure was allowed for (ignore_errors, rescue): it stops nothing. */
  readonly ignored?: boolean;
}

/** One task of a stage with the answer of every host so far. `id` is unique within the stage. */
export interface TaskState {
  readonly id: string;
  readonly title: string;
  readonly play?: string;
  readonly file?: string;
  readonly line?: number;
  readonly started: string;
  readonly hosts: ReadonlyMap<string, HostState>;
  readonly progress?: { readonly text: string; readonly progress?: Progress; readonly at: string };
}

/** One stage: as planned, plus what happened. Times are ISO 8601. */
export interface StageState extends PlannedStage {
  readonly status: Status;
  readonly started?: string;
  readonly finished?: string;
  readonly text?: string;
  readonly play?: string;
  readonly tasks: ReadonlyMap<string, TaskState>;
  readonly counts: Readonly<Partial<Record<Status, number>>>;
  readonly failures: readonly FailureRecord[];
}

/** The state of a run, a pure function of its events. */
export interface RunState {
  readonly run: string;
  readonly site: string;
  readonly stack: string;
  readonly siteFile: string;
  readonly status: Status;
  readonly started: string;
  readonly finished?: string;
  readonly text?: string;
  readonly interrupted?: string;
  readonly stages: ReadonlyMap<string, StageState>;
  readonly lastSeq: number;
  readonly lastAt: string;
}

export const EMPTY_RUN: RunState = {
  run: '',
  site: '',
  stack: '',
  siteFile: '',
  status: 'pending',
  started: '',
  stages: new Map(),
  lastSeq: 0,
  lastAt: '',
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Draft {
  run: Mutable<RunState>;
  stages: Map<string, Mutable<StageState>>;
  owned: Set<string>;
}

/**
 * Folds a batch of events into a new state; the old one stays as it was. Events whose seq was seen are ignored, so a
 * batch may overlap what is there. A stage is copied once a batch, so the cost is linear in events and touched stages.
 */
export function reduceRun(state: RunState, events: Iterable<RunEvent>): RunState {
  const draft: Draft = {
    run: { ...state },
    stages: new Map(state.stages),
    owned: new Set(),
  };
  let last = state.lastSeq;
  for (const event of events) {
    if (event.seq <= last) continue;
    last = event.seq;
    draft.run.lastSeq = event.seq;
    draft.run.lastAt = event.at;
    applyEvent(draft, event);
  }
  if (last === state.lastSeq) return state;
  draft.run.stages = draft.stages;
  return draft.run;
}

function applyEvent(draft: Draft, event: RunEvent): void {
  const run = draft.run;
  switch (event.kind) {
    case 'run.started':
      Object.assign(run, {
        run: event.run,
        site: event.site,
        stack: event.stack,
        siteFile: event.site_file,
        status: 'running',
        started: event.at,
      });
      for (const planned of event.stages) {
        draft.stages.set(planned.id, {
          ...planned,
          status: 'pending',
          tasks: new Map(),
          counts: {},
          failures: [],
        });
      }
      return;
    case 'run.interrupted':
      run.interrupted = event.reason;
      return;
    case 'run.resumed':
      delete run.interrupted;
      delete run.finished;
      run.status = 'running';
      return;
    case 'run.finished':
      Object.assign(run, { status: event.status, finished: event.at, text: event.text });
      return;
    default:
      applyStageEvent(own(draft, event.stage), event);
  }
}

function own(draft: Draft, id: string): Mutable<StageState> | undefined {
  const stage = draft.stages.get(id);
  if (stage === undefined || draft.owned.has(id)) return stage;
  const copy: Mutable<StageState> = { ...stage, tasks: new Map(stage.tasks) };
  draft.stages.set(id, copy);
  draft.owned.add(id);
  return copy;
}

type StageEvent = Exclude<RunEvent, { kind: `run.${string}` }>;

function applyStageEvent(stage: Mutable<StageState> | undefined, event: StageEvent): void {
  if (stage === undefined) return;
  const tasks = stage.tasks as Map<string, TaskState>;
  switch (event.kind) {
    case 'stage.started':
      Object.assign(stage, { status: 'running', started: event.at });
      delete stage.finished;
      return;
    case 'play.started':
      stage.play = event.play;
      return;
    case 'task.started': {
      const { task, title, play, file, line } = event;
      tasks.set(task, {
        id: task,
        title,
        started: event.at,
        hosts: tasks.get(task)?.hosts ?? new Map(),
        ...(play === undefined ? {} : { play }),
        ...(file === undefined ? {} : { file }),
        ...(line === undefined ? {} : { line }),
      });
      return;
    }
    case 'task.progress': {
      const task = tasks.get(event.task);
      if (task === undefined) return;
      const progress = event.progress === undefined ? {} : { progress: event.progress };
      tasks.set(event.task, { ...task, progress: { text: event.text, at: event.at, ...progress } });
      return;
    }
    case 'host.result':
      addResult(tasks, event);
      return;
    case 'failure':
      stage.failures = [...stage.failures, event.record];
      return;
    case 'stage.finished':
      stage.status = event.status;
      stage.finished = event.at;
      if (event.text !== undefined) stage.text = event.text;
      if (event.counts !== undefined) stage.counts = event.counts;
  }
}

function addResult(tasks: Map<string, TaskState>, event: Extract<RunEvent, { kind: 'host.result' }>): void {
  const task = tasks.get(event.task);
  if (task === undefined) return;
  const { status, text, check, duration_seconds, ignored, item } = event;
  const said = item === undefined ? text : `${item}: ${text ?? status}`;
  const result: HostState = {
    // A loop goes on until the task's own result, which names no item.
    status: item === undefined ? status : 'running',
    ...(said === undefined ? {} : { text: said }),
    ...(check === undefined ? {} : { check }),
    ...(duration_seconds === undefined ? {} : { duration_seconds }),
    ...(ignored === undefined ? {} : { ignored }),
  };
  tasks.set(event.task, { ...task, hosts: new Map(task.hosts).set(event.host, result) });
}
