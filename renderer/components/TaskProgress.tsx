import type { TaskState } from '../../src/runs/state.ts';
import { bytes, bytesOf, duration } from '../format.ts';
import { text } from '../text.ts';
import { Bar } from './Bar.tsx';

const CONSOLE_LINES = 8;

interface TaskProgressProps {
  readonly task: TaskState;
  /** Leaves the console out, where the middle shows it. */
  readonly brief?: boolean;
}

/** Measured progress of a running task: how much of how much, how fast, how long still; else its last words. */
export function TaskProgress({ task, brief = false }: TaskProgressProps) {
  const report = task.progress;
  if (report === undefined) return null;
  const measured = report.progress;
  const lines = report.text.split('\n').slice(-CONSOLE_LINES);
  return (
    <div className="progress">
      {measured === undefined ? null : (
        <div className="progress-measure">
          <Bar part={measured.total === 0 ? 0 : measured.done / measured.total} label={task.title} />
          <span>
            <b>{amount(measured.unit, measured.done, measured.total)}</b>
            {measured.rate === undefined || measured.unit !== 'bytes'
              ? ''
              : `, ${text.rate(bytes(measured.rate))}`}
            {measured.left_seconds === undefined ? '' : `, ${text.left(duration(measured.left_seconds))}`}
          </span>
        </div>
      )}
      {lines.length > 1 && !brief ? (
        <pre className="console" aria-label={text.console} tabIndex={0}>
          {lines.join('\n')}
        </pre>
      ) : measured === undefined ? (
        <p className="quiet">{lines.at(-1)}</p>
      ) : null}
    </div>
  );
}

function amount(unit: 'bytes' | 'checks' | 'seconds', done: number, total: number): string {
  if (unit === 'bytes') return bytesOf(done, total);
  if (unit === 'seconds') return `${duration(done)} ${text.ofExpected(duration(total))}`;
  return text.ofDone(done, total);
}
