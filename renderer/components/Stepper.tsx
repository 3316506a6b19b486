import { useRef, type KeyboardEvent } from 'react';
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

/** The stages as a vertical stepper; one tab stop, arrow keys move and open. */
export function Stepper({ run, selected, now, onSelect }: StepperProps) {
  const list = useRef<HTMLOListElement>(null);
  const stages = [...run.stages.values()];
  const { done, total } = progressOf(run, now);
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
      <ol className="stepper" ref={list} onKeyDown={onKeyDown}>
        {stages.map((stage) => (
          <Step
            key={stage.id}
            stage={stage}
            run={run}
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
  readonly run: RunState;
  readonly now: number;
  readonly selected: boolean;
  readonly onSelect: (stage: string) => void;
}

function Step({ stage, run, now, selected, onSelect }: StepProps) {
  const spent = spentOn(stage, now);
  const expected = stage.expect_seconds === undefined ? undefined : duration(stage.expect_seconds);
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
          <span className="step-title">{stage.title}</span>
          <span className="step-spent">{spent === undefined ? '' : duration(spent)}</span>
        </span>
        <span className="step-row step-second">
          <span className="step-line">{stageLine(run, stage)}</span>
          <span>
            {expected === undefined ? '' : spent === undefined ? expected : text.ofExpected(expected)}
          </span>
        </span>
      </button>
    </li>
  );
}
