import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import type { RunEvent } from '../../src/contract/events.ts';
import type { RunState, StageState } from '../../src/runs/state.ts';
import { clock, duration } from '../format.ts';
import { isBlockedStage, spentOn } from '../state/progress.ts';
import { stageVerdict } from '../state/stage-line.ts';
import { checkOf } from '../state/task-groups.ts';
import { text } from '../text.ts';
import { Legend } from './Legend.tsx';
import { LogView } from './LogView.tsx';
import { StatusWord } from './Status.tsx';
import { TaskTable } from './TaskTable.tsx';

export type StageMode = 'tasks' | 'log';

interface StageViewProps {
  readonly run: RunState;
  readonly stage: StageState;
  readonly events: readonly RunEvent[];
  readonly mode: StageMode;
  readonly now: number;
  readonly onMode: (mode: StageMode) => void;
  readonly onSelect: (stage: string) => void;
}

/** The open stage: its verdict and time, then its tasks by host or its log. */
export function StageView({ run, stage, events, mode, now, onMode, onSelect }: StageViewProps) {
  const spent = spentOn(stage, now);
  const late = spent !== undefined && stage.expect_seconds !== undefined && spent > stage.expect_seconds;
  return (
    <main className="stage" id="stage" tabIndex={-1} aria-labelledby="stage-title">
      <header className="stage-head">
        <h1 id="stage-title">{stage.title}</h1>
        <StatusWord status={stage.status}>{stageVerdict(stage)}</StatusWord>
        <p className="stage-time">
          {spent === undefined ? null : <b>{duration(spent)}</b>}
          {stage.expect_seconds === undefined ? null : ` ${text.ofExpected(duration(stage.expect_seconds))}`}
          {late && stage.status === 'running' ? <span className="late">{text.longer}</span> : null}
        </p>
        <p className="stage-meta">{metaOf(stage)}</p>
        <ToggleGroup isCompact aria-label={text.viewAs} className="stage-mode">
          <ToggleGroupItem
            text={tasksLabel(stage)}
            isSelected={mode === 'tasks'}
            onChange={() => {
              onMode('tasks');
            }}
          />
          <ToggleGroupItem
            text={text.log}
            isSelected={mode === 'log'}
            onChange={() => {
              onMode('log');
            }}
          />
        </ToggleGroup>
      </header>
      <div className="stage-body" tabIndex={0} role="region" aria-label={stage.title}>
        {mode === 'log' ? (
          <LogView events={events} stage={stage.id} />
        ) : stage.tasks.size === 0 ? (
          <EmptyStage run={run} stage={stage} />
        ) : (
          <TaskTable stage={stage} now={now} />
        )}
      </div>
      <Legend run={run} stage={stage} now={now} onSelect={onSelect} />
    </main>
  );
}

function tasksLabel(stage: StageState): string {
  const tasks = [...stage.tasks.values()];
  return tasks.some((task) => checkOf(task) !== undefined) ? text.checks : text.tasks;
}

function metaOf(stage: StageState) {
  const times =
    stage.started === undefined
      ? null
      : stage.finished === undefined
        ? text.since(clock(stage.started))
        : text.between(clock(stage.started), clock(stage.finished));
  return (
    <>
      {text.runsOn(stage.runs_on)}
      {stage.playbook === undefined ? null : (
        <>
          , <code>{stage.playbook}</code>
        </>
      )}
      {times === null ? null : `, ${times}`}
    </>
  );
}

function EmptyStage({ run, stage }: { readonly run: RunState; readonly stage: StageState }) {
  const waits = stage.after
    .filter((id) => run.stages.get(id)?.finished === undefined)
    .map((id) => run.stages.get(id)?.title ?? id)
    .join(', ');
  const blocked = isBlockedStage(stage);
  const started = stage.started !== undefined;
  return (
    <div className="empty-stage">
      <p>{started ? text.noTasks : blocked ? text.blockedStage : text.pendingStage(waits)}</p>
      {stage.text === undefined && stage.reason === undefined ? null : <p>{stage.text ?? stage.reason}</p>}
    </div>
  );
}
