import { useEffect, useRef, type KeyboardEvent } from 'react';
import type { RunState, StageState } from '../../src/runs/state.ts';
import { duration } from '../format.ts';
import { progressOf, spentOn } from '../state/progress.ts';
import { stageLine } from '../state/stage-line.ts';
import { text } from '../text.ts';
import { StatusIcon } from './Status.tsx';

interface StepperProps {
  readonly run: RunState;
  readonly selected: string | undefined;
  readonly now: number;
  readonly onSelect: (stage: string) => void;
}

/** Stages that a window of 800 px holds as tall rows; with more of them the rows are lower and say less. */
const TALL_ROWS = 11;

/** The stages as a vertical stepper; one tab stop, arrow keys move and open. The selected stage is kept in sight. */
export function Stepper({ run, selected, now, onSelect }: StepperProps) {
  const list = useRef<HTMLOListElement>(null);
  const stages = [...run.stages.values()];
  const { done, total } = progressOf(run, now);
  const low = stages.length > TALL_ROWS;
  useEffect(() => {
    const step = list.current?.querySelector<HTMLElement>('[aria-current]');
    const rail = list.current?.parentElement;
    // Where the list does not scroll by itself, the page is not moved for it.
    if (step === null || step === undefined || !rail || rail.scrollHeight <= rail.clientHeight) return;
    const above = step.getBoundingClientRect().top - rail.getBoundingClientRect().top;
    const below = above + step.offsetHeight - rail.clientHeight;
    if (below > 0) rail.scrollTop += Math.ceil(below);
    else if (above < 0) rail.scrollTop += Math.floor(above);
  }, [selected]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const index = stages.findIndex((stage) => stage.id === selected);
    const target = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: stages.length - 1 }[event.key];
    const stage = target === undefined ? undefined : stages[target];
    if (target === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (stage === undefined) return;
    onSelect(stage.id);
    list.current?.querySelectorAll<HTMLButtonElement>('button')[target]?.focus();
  };
  return (
    <nav className="rail" aria-label={text.stages}>
      <div className="rail-head">
        <h2>{text.stages}</h2>
        <span>{text.ofDone(done, total)}</span>
      </div>
      <ol className={low ? 'stepper stepper-low' : 'stepper'} ref={list} onKeyDown={onKeyDown}>
        {stages.map((stage) => (
          <Step
            key={stage.id}
            stage={stage}
            run={run}
            low={low}
            now={now}
            selected={stage.id === selected}
            onSelect={onSelect}
          />
        ))}
      </ol>
    </nav>
  );
}

interface StepProps {
  readonly stage: StageState;
  /** In a low row the time spent stands for itself; the stage's own heading says of how much. */
  readonly low: boolean;
  readonly run: RunState;
  readonly now: number;
  readonly selected: boolean;
  readonly onSelect: (stage: string) => void;
}

function Step({ stage, run, low, now, selected, onSelect }: StepProps) {
  const spent = spentOn(stage, now);
  const took = spent === undefined ? '' : duration(spent);
  const expected = stage.expect_seconds === undefined ? '' : duration(stage.expect_seconds);
  return (
    <li className={`step status-${stage.status}`} data-begun={stage.started !== undefined}>
      <button
        type="button"
        tabIndex={selected ? 0 : -1}
        aria-current={selected ? 'step' : undefined}
        onClick={() => {
          onSelect(stage.id);
        }}
      >
        <StatusIcon status={stage.status} />
        <span className="step-row">
          <span className="step-title" title={stage.title}>
            {stage.title}
          </span>
          {low ? null : <span className="step-spent">{took}</span>}
        </span>
        <span className="step-row step-second">
          <span className="step-line">{stageLine(run, stage)}</span>
          {low && took !== '' ? (
            <span className="step-spent">{took}</span>
          ) : (
            <span>{took === '' || expected === '' ? expected : text.ofExpected(expected)}</span>
          )}
        </span>
      </button>
    </li>
  );
}
