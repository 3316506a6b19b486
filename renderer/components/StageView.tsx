import { SearchInput, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { useDeferredValue, useMemo, useState } from 'react';
import { hasMatrix, type RunState, type StageState } from '../../src/runs/state.ts';
import { clock, duration } from '../format.ts';
import type { Archive } from '../state/archive.ts';
import { isBlockedStage, spentOn } from '../state/progress.ts';
import { parseQuery } from '../state/query.ts';
import type { StageMode } from '../state/run-keys.ts';
import { indexOf } from '../state/stage-index.ts';
import { stageVerdict } from '../state/stage-line.ts';
import { text } from '../text.ts';
import { matrixText } from '../text/matrix.ts';
import { runText } from '../text/run.ts';
import { Legend } from './Legend.tsx';
import { LogView } from './LogView.tsx';
import { MatrixPane } from './MatrixPane.tsx';
import { StageNotes } from './StageNotes.tsx';
import { StatusWord } from './Status.tsx';
import { TaskTable } from './TaskTable.tsx';

interface StageViewProps {
  readonly run: RunState;
  readonly stage: StageState;
  readonly archive: Archive;
  readonly mode: StageMode;
  readonly now: number;
  readonly onMode: (mode: StageMode) => void;
  readonly onSelect: (stage: string) => void;
}

/** The open stage: its verdict and time, what to know of it, then its tasks by host or its log. */
export function StageView({ run, stage, archive, mode: wished, now, onMode, onSelect }: StageViewProps) {
  const mode = wished === 'matrix' && !hasMatrix(stage) ? 'tasks' : wished;
  const [typed, setTyped] = useState('');
  const searched = useDeferredValue(typed);
  const query = useMemo(() => parseQuery(searched), [searched]);
  // A state, not a ref: what is inside is drawn again once there is something to scroll.
  const [body, setBody] = useState<HTMLDivElement | null>(null);
  return (
    <main className="stage" id="stage" tabIndex={-1} aria-labelledby="stage-title">
      <StageHead stage={stage} now={now} mode={mode} typed={typed} onMode={onMode} onType={setTyped} />
      <StageNotes stage={stage} />
      <div
        key={mode}
        ref={setBody}
        className={mode === 'matrix' ? 'stage-body matrix-body' : 'stage-body'}
        tabIndex={0}
        role="region"
        aria-label={stage.title}
      >
        {mode === 'log' ? (
          <LogView
            archive={archive}
            stage={stage.id}
            upTo={run.lastSeq}
            query={query}
            typed={searched}
            scroller={body}
          />
        ) : mode === 'matrix' ? (
          <MatrixPane stage={stage} query={query} />
        ) : stage.tasks.size === 0 ? (
          <EmptyStage run={run} stage={stage} />
        ) : (
          <TaskTable stage={stage} now={now} detailOf={archive.detailOf} query={query} scroller={body} />
        )}
      </div>
      {mode === 'matrix' ? null : <Legend run={run} stage={stage} now={now} onSelect={onSelect} />}
    </main>
  );
}

interface StageHeadProps extends Pick<StageViewProps, 'stage' | 'now' | 'mode' | 'onMode'> {
  readonly typed: string;
  readonly onType: (typed: string) => void;
}

function StageHead({ stage, now, mode, typed, onMode, onType }: StageHeadProps) {
  const spent = spentOn(stage, now);
  const late = spent !== undefined && stage.expect_seconds !== undefined && spent > stage.expect_seconds;
  const modes = [
    ['tasks', indexOf(stage).checks.size > 0 ? text.checks : text.tasks],
    ...(hasMatrix(stage) ? ([['matrix', matrixText.matrix]] as const) : []),
    ['log', text.log],
  ] as const;
  return (
    <header className="stage-head">
      <div className="stage-line">
        <h1 id="stage-title">{stage.title}</h1>
        <StatusWord status={stage.status}>{stageVerdict(stage)}</StatusWord>
        <p className="stage-time">
          {spent === undefined ? null : <b>{duration(spent)}</b>}
          {stage.expect_seconds === undefined ? null : ` ${text.ofExpected(duration(stage.expect_seconds))}`}
          {late && stage.status === 'running' ? <span className="late">{text.longer}</span> : null}
        </p>
      </div>
      <div className="stage-line">
        <p className="stage-meta">{metaOf(stage)}</p>
        <div className="stage-tools">
          <SearchInput
            searchInputId="stage-search"
            aria-label={runText.search}
            placeholder={runText.searchHint}
            value={typed}
            onChange={(_event, value) => {
              onType(value);
            }}
            onClear={() => {
              onType('');
            }}
          />
          <ToggleGroup isCompact aria-label={text.viewAs} className="stage-mode">
            {modes.map(([name, label]) => (
              <ToggleGroupItem
                key={name}
                text={label}
                isSelected={mode === name}
                onChange={() => {
                  onMode(name);
                }}
              />
            ))}
          </ToggleGroup>
        </div>
      </div>
    </header>
  );
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
