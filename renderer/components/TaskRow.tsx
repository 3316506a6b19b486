import type { StageState, TaskState } from '../../src/runs/state.ts';
import { duration, secondsBetween } from '../format.ts';
import { cellStatus, tally, type Column } from '../state/cells.ts';
import { isBad, taskStatus } from '../state/order.ts';
import { text } from '../text.ts';
import type { TaskRowFrame } from './row-frame.ts';
import { CellSign, StatusWord } from './Status.tsx';

interface TaskRowProps extends TaskRowFrame {
  readonly open: boolean;
  readonly onOpen: () => void;
}

/** One task: its answers by host; a press opens what each host said. */
export function TaskRow({
  entry,
  stage,
  hosts,
  columns,
  now,
  group,
  open,
  onOpen,
  measure,
  index,
}: TaskRowProps) {
  const { task, number } = entry;
  const status = taskStatus(stage, task);
  const single = hosts.length <= 1;
  const wideTitle = single && status === 'running';
  const seconds = status === 'running' ? secondsBetween(task.started, now) : longest(task);
  return (
    <tr
      className={`task task-${status} in-${group}`}
      ref={measure}
      data-index={index}
      aria-rowindex={index + 1}
    >
      <th scope="row" colSpan={wideTitle ? 2 : 1}>
        <button type="button" aria-expanded={open} onClick={onOpen}>
          <span className="task-number">{number}</span>
          <span className="task-title">{task.title}</span>
        </button>
      </th>
      {columns.map((column, at) => (
        <Cell key={column.host} stage={stage} task={task} columns={columns} index={at} />
      ))}
      {columns.length > 0 ? null : single ? (
        <>
          <td className="task-answer">
            <StatusWord quiet status={status} />
          </td>
          {wideTitle ? null : <td className="task-said">{said(task)}</td>}
        </>
      ) : (
        <td className="task-answer">
          <Tally task={task} running={status === 'running'} />
        </td>
      )}
      <td className="col-time">{seconds === undefined ? '' : duration(seconds)}</td>
    </tr>
  );
}

interface CellProps {
  readonly stage: StageState;
  readonly task: TaskState;
  readonly columns: readonly Column[];
  readonly index: number;
}

function Cell({ stage, task, columns, index }: CellProps) {
  const column = columns[index];
  if (column === undefined) return null;
  const status = cellStatus(stage, task, column.host);
  const starts = index > 0 && column.group !== columns[index - 1]?.group;
  const offends = status !== 'not-run' && status !== 'none' && isBad(status);
  return (
    <td className={`cell${offends ? ' offends' : ''}${starts ? ' starts' : ''}`}>
      <CellSign status={status} />
    </td>
  );
}

function Tally({ task, running }: { readonly task: TaskState; readonly running: boolean }) {
  const parts = tally(task).map(([status, number]) => (
    <StatusWord quiet key={status} status={status}>{`${number} ${text.status(status)}`}</StatusWord>
  ));
  return <>{parts.length === 0 && running ? <StatusWord status="running" /> : parts}</>;
}

/** What the only host said; the progress of a running task has a row of its own. */
function said(task: TaskState): string {
  return [...task.hosts.values()][0]?.text?.split('\n')[0] ?? '';
}

function longest(task: TaskState): number | undefined {
  const durations = [...task.hosts.values()].flatMap((answer) => answer.duration_seconds ?? []);
  return durations.length === 0 ? undefined : Math.max(...durations);
}
