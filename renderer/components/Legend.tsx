import type { Status } from '../../src/contract/events.ts';
import type { RunState, StageState } from '../../src/runs/state.ts';
import { duration } from '../format.ts';
import { spentOn } from '../state/progress.ts';
import { text } from '../text.ts';
import { Bar } from './Bar.tsx';
import { CellSign, StatusIcon } from './Status.tsx';

const SHOWN: readonly Status[] = ['ok', 'changed', 'failed', 'skipped'];

interface LegendProps {
  readonly run: RunState;
  readonly stage: StageState;
  readonly now: number;
  readonly onSelect: (stage: string) => void;
}

/** The foot of the middle: what the signs mean, and the stage that runs meanwhile if it is another one. */
export function Legend({ run, stage, now, onSelect }: LegendProps) {
  const other = [...run.stages.values()].find((entry) => entry.status === 'running' && entry.id !== stage.id);
  return (
    <footer className="legend">
      <ul aria-label={text.legend}>
        {SHOWN.map((status) => (
          <li key={status} className={`status-${status}`}>
            <span aria-hidden="true">
              <CellSign status={status} />
            </span>
            {text.status(status)}
          </li>
        ))}
      </ul>
      {other === undefined ? null : <Elsewhere stage={other} now={now} onSelect={onSelect} />}
    </footer>
  );
}

function Elsewhere({ stage, now, onSelect }: Pick<LegendProps, 'stage' | 'now' | 'onSelect'>) {
  const spent = spentOn(stage, now) ?? 0;
  const expected = stage.expect_seconds;
  return (
    <button
      type="button"
      className="elsewhere"
      onClick={() => {
        onSelect(stage.id);
      }}
    >
      <StatusIcon status="running" />
      <b>{stage.title}</b>
      {expected === undefined ? null : <Bar small part={spent / expected} label={stage.title} />}
      <span>
        {duration(spent)} {expected === undefined ? '' : text.ofExpected(duration(expected))}
      </span>
    </button>
  );
}
