import { JOURNAL_SCHEMA, type PlannedStage, type RunEvent } from '../contract/events.ts';
import type { RunState, StageState, TaskState } from './run-state.ts';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A stage that this batch may change in place, and those of its tasks that it may. */
export interface OwnedStage {
  readonly stage: Mutable<StageState>;
  readonly tasks: Map<string, TaskState>;
  readonly ownedTasks: Set<string>;
}

/** A state that is being made: what is not owned belongs to the state before and is copied first. */
export interface RunDraft {
  readonly run: Mutable<RunState>;
  readonly stages: Map<string, StageState>;
  readonly owned: Map<string, OwnedStage>;
}

type RunLevelEvent = Exclude<RunEvent, { stage: string }>;

/** Applies what is told of the run as a whole. */
export function applyRunEvent(draft: RunDraft, event: RunLevelEvent): void {
  const { run } = draft;
  switch (event.kind) {
    case 'run.started':
      Object.assign(run, {
        ...{ run: event.run, site: event.site, stack: event.stack, siteFile: event.site_file },
        ...{ status: 'running', started: event.at },
        ...(event.choices === undefined ? {} : { choices: event.choices }),
        ...(event.schema === JOURNAL_SCHEMA ? {} : { schema: event.schema }),
      });
      for (const planned of event.stages) replace(draft, newStage(planned));
      return;
    case 'run.interrupted':
      run.interrupted = event.reason;
      return;
    case 'run.resumed':
      resume(draft, event);
      return;
    case 'run.finished':
      Object.assign(run, { status: event.status, finished: event.at, text: event.text });
  }
}

function resume(draft: RunDraft, event: Extract<RunLevelEvent, { kind: 'run.resumed' }>): void {
  const { run } = draft;
  delete run.interrupted;
  delete run.finished;
  delete run.text;
  run.status = 'running';
  run.resumed = { at: event.at, reason: event.reason };
  if (event.site_file !== undefined) run.siteFile = event.site_file;
  if (event.choices !== undefined) run.choices = event.choices;
  if (event.stages !== undefined) replan(draft, event.stages);
  for (const stage of [...draft.stages.values()]) {
    if (stage.attempt > 0 || stage.status === 'pending' || stage.overridden !== undefined) continue;
    // What was only passed over is open again.
    const { text: _text, finished: _finished, ...rest } = stage;
    replace(draft, { ...rest, status: 'pending' });
  }
  for (const stale of event.stale ?? []) {
    const stage = draft.stages.get(stale.stage);
    if (stage !== undefined) replace(draft, { ...stage, status: 'stale', text: stale.why, stale });
  }
}

/** Takes a new plan over: what happened to a stage stays with it; a stage that left the plan stays only if it ran. */
function replan(draft: RunDraft, planned: readonly PlannedStage[]): void {
  const before = new Map(draft.stages);
  draft.stages.clear();
  for (const stage of planned) {
    const known = before.get(stage.id);
    before.delete(stage.id);
    replace(draft, known === undefined ? newStage(stage) : { ...happened(known), ...stage });
  }
  for (const stage of before.values()) {
    if (stage.attempt === 0) continue;
    replace(draft, { ...stage, status: 'skipped', text: 'no longer part of the plan; what it did stays' });
  }
}

const PLANNED: Readonly<Record<keyof PlannedStage, true>> = {
  ...{ id: true, title: true, runs_on: true, playbook: true, after: true, hosts: true, reason: true },
  ...{ expect_seconds: true, expect_from: true, soft_timeout_seconds: true, hard_timeout_seconds: true },
  ...{ on_host_failure: true, resume: true, acceptance: true, leaves: true, logs_in_to: true },
};

/** A stage without what was planned, so that nothing of an older plan shines through. */
function happened(stage: StageState): Omit<StageState, keyof PlannedStage> {
  const entries = Object.entries(stage).filter(([key]) => !Object.hasOwn(PLANNED, key));
  return Object.fromEntries(entries) as Omit<StageState, keyof PlannedStage>;
}

function replace(draft: RunDraft, stage: StageState): void {
  draft.stages.set(stage.id, stage);
  draft.owned.delete(stage.id);
}

function newStage(planned: PlannedStage): StageState {
  return {
    ...planned,
    status: 'pending',
    tasks: new Map(),
    counts: {},
    failures: [],
    attempt: 0,
    attempts: [],
    warnings: [],
    tail: { counter: 0, count: 0 },
  };
}
