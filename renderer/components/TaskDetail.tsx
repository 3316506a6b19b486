import type { TaskState } from '../../src/runs/state.ts';
import { badHosts, outcomeOf, taskStatus } from '../state/order.ts';
import { meets } from '../state/query.ts';
import { text } from '../text.ts';
import { HostList } from './HostList.tsx';
import { TaskProgress } from './TaskProgress.tsx';
import type { TaskRowFrame } from './row-frame.ts';

/** What an opened task has to show: how far it is, its console, and what each host said; hosts that failed come alone. */
export function TaskDetail({ entry, stage, span, query, detailOf, group, measure, index }: TaskRowFrame) {
  const { task } = entry;
  const status = taskStatus(stage, task);
  const failing = badHosts(task);
  const all = failing.length > 0 ? failing : [...task.hosts];
  const found = all.filter(
    ([host, answer]) =>
      query === undefined ||
      meets(query, { host, status: outcomeOf(answer), text: `${task.title} ${answer.text ?? ''}` }),
  );
  const answers = found.length === 0 ? all : found;
  const shows =
    task.progress !== undefined &&
    (status === 'running' || (failing.length > 0 && tellsWhereItStopped(task.progress)));
  return (
    <tr className={`task-detail in-${group}`} ref={measure} data-index={index} aria-rowindex={index + 1}>
      <td colSpan={span}>
        {shows ? <TaskProgress task={task} /> : null}
        {answers.length === 0 && task.progress === undefined ? (
          <p className="quiet no-answer">{text.noAnswer}</p>
        ) : (
          <HostList
            answers={answers}
            offends={failing.length > 0}
            place={placeOf(task)}
            detailOf={detailOf}
          />
        )}
      </td>
    </tr>
  );
}

/** Of a task that has ended, a measure or a console is still worth a look; "running for 5 s" is not true any more. */
function tellsWhereItStopped({ progress, text: said }: NonNullable<TaskState['progress']>): boolean {
  return progress !== undefined || said.includes('\n');
}

function placeOf(task: TaskState): string {
  if (task.file === undefined) return '';
  return task.line === undefined ? task.file : `${task.file}:${task.line}`;
}
