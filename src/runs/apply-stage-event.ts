import type { RunEvent } from '../contract/events.ts';
import type { Mutable, OwnedStage, RunDraft } from './apply-run-event.ts';
import { beginAttempt } from './begin-attempt.ts';
import type { HostState, TaskState } from './run-state.ts';

type StageLevelEvent = Extract<RunEvent, { stage: string }>;

/** Applies what is told of one stage; a stage that is not planned is passed over. */
export function applyStageEvent(draft: RunDraft, event: StageLevelEvent): void {
  if (event.kind === 'stage.started') {
    const known = draft.stages.get(event.stage);
    if (known === undefined) return;
    draft.stages.set(event.stage, beginAttempt(known, event));
    draft.owned.delete(event.stage);
    return;
  }
  const owned = own(draft, event.stage);
  if (owned === undefined) return;
  const { stage } = owned;
  if ('counter' in event && event.counter !== undefined) {
    const { counter } = event;
    stage.tail = { counter, count: stage.tail.counter === counter ? stage.tail.count + 1 : 1 };
  }
  switch (event.kind) {
    case 'play.started':
      stage.play = event.play;
      return;
    case 'task.started':
      startTask(owned, event);
      return;
    case 'task.progress': {
      const task = ownTask(owned, event.task);
      if (task === undefined) return;
      const { text, at, progress } = event;
      task.progress = progress === undefined ? { text, at } : { text, at, progress };
      return;
    }
    case 'host.result':
      addResult(owned, event);
      return;
    case 'stage.warning': {
      const { seq: _seq, at: _at, run: _run, kind: _kind, stage: _stage, ...warning } = event;
      stage.warnings = [...stage.warnings, warning];
      return;
    }
    case 'failure':
      addFailure(stage, event);
      return;
    case 'stage.finished':
      finish(stage, event);
  }
}

/** The first failure that is told at the end puts away all that were told early. */
function addFailure(
  stage: OwnedStage['stage'],
  { record, early }: Extract<StageLevelEvent, { kind: 'failure' }>,
): void {
  const before = stage.early === true && early !== true ? [] : stage.failures;
  stage.failures = [...before, record];
  if (early === true) stage.early = true;
  else delete stage.early;
}

function finish(
  stage: OwnedStage['stage'],
  event: Extract<StageLevelEvent, { kind: 'stage.finished' }>,
): void {
  const { text, counts, failed_hosts, facts, cut_short, goes_on, overridden } = event;
  stage.status = event.status;
  stage.finished = event.at;
  if (stage.early === true) {
    // None of them was told again: they were mended meanwhile.
    stage.failures = [];
    delete stage.early;
  }
  if (text !== undefined) stage.text = text;
  if (counts !== undefined) stage.counts = counts;
  if (failed_hosts !== undefined) stage.failed_hosts = failed_hosts;
  if (facts !== undefined) stage.facts = facts;
  if (cut_short !== undefined) stage.cut_short = cut_short;
  if (goes_on !== undefined) stage.goes_on = goes_on;
  if (overridden !== undefined) stage.overridden = overridden;
}

function own(draft: RunDraft, id: string): OwnedStage | undefined {
  const owned = draft.owned.get(id);
  if (owned !== undefined) return owned;
  const known = draft.stages.get(id);
  if (known === undefined) return undefined;
  const tasks = new Map(known.tasks);
  const copy: OwnedStage = { stage: { ...known, tasks }, tasks, ownedTasks: new Set() };
  draft.stages.set(id, copy.stage);
  draft.owned.set(id, copy);
  return copy;
}

/** A task that may be changed in place: it and its map of hosts were made in this batch. */
function ownTask({ tasks, ownedTasks }: OwnedStage, id: string): Mutable<TaskState> | undefined {
  const task = tasks.get(id);
  if (task === undefined || ownedTasks.has(id)) return task;
  const copy = { ...task, hosts: new Map(task.hosts) };
  tasks.set(id, copy);
  ownedTasks.add(id);
  return copy;
}

function startTask(owned: OwnedStage, event: Extract<StageLevelEvent, { kind: 'task.started' }>): void {
  const { task, title, play, file, line } = event;
  owned.tasks.set(task, {
    id: task,
    title,
    started: event.at,
    hosts: new Map(owned.tasks.get(task)?.hosts),
    ...(play === undefined ? {} : { play }),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
  });
  owned.ownedTasks.add(task);
}

function addResult(owned: OwnedStage, event: Extract<StageLevelEvent, { kind: 'host.result' }>): void {
  const task = ownTask(owned, event.task);
  if (task === undefined) return;
  const { status, text, check, duration_seconds, ignored, left_out, item } = event;
  // A loop goes on until the task's own result, which names no item.
  const result: Mutable<HostState> = { status: item === undefined ? status : 'running' };
  const said = item === undefined ? text : `${item}: ${text ?? status}`;
  if (said !== undefined) result.text = said;
  if (check !== undefined) result.check = check;
  if (duration_seconds !== undefined) result.duration_seconds = duration_seconds;
  if (ignored !== undefined) result.ignored = ignored;
  if (event.cells !== undefined) {
    result.cells = event.cells;
    owned.stage.matrix_tasks = new Set([...(owned.stage.matrix_tasks ?? []), event.task]);
  }
  if (event.cells_left_out !== undefined) result.cells_left_out = event.cells_left_out;
  if (left_out !== undefined) result.left_out = left_out;
  if (event.detail !== undefined) result.detail_seq = event.seq;
  else {
    const before = task.hosts.get(event.host);
    // The result of a loop says less than its items did.
    if (before?.status === 'running' && before.detail_seq !== undefined)
      result.detail_seq = before.detail_seq;
  }
  (task.hosts as Map<string, HostState>).set(event.host, result);
}
