import type { Status } from '../../src/contract/events.ts';
import { isBad, taskStatus } from '../state/order.ts';
import { checkOf } from '../state/task-groups.ts';
import { text } from '../text.ts';
import { StatusWord } from './Status.tsx';
import type { TaskRowFrame } from './row-frame.ts';

/** One preflight check: its outcome, and what was seen where that is all there is to say. */
export function CheckRow({ entry, stage, group, measure, index }: TaskRowFrame) {
  const check = checkOf(entry.task);
  const status: Status = taskStatus(stage, entry.task);
  const differs = check?.status === 'failed' || check?.status === 'warning';
  return (
    <tr
      className={`task check task-${status} in-${group}`}
      ref={measure}
      data-index={index}
      aria-rowindex={index + 1}
    >
      <th scope="row">
        <span className="task-title">{check?.title ?? entry.task.title}</span>
      </th>
      <td className="check-seen">
        <StatusWord quiet status={status}>
          {check?.status === 'warning' ? 'warning' : text.status(status)}
        </StatusWord>
        {differs ? null : <span className="quiet">{check?.seen ?? entry.task.progress?.text ?? ''}</span>}
      </td>
    </tr>
  );
}

/** What was seen and wanted, and the remedy, of a check where they differ. */
export function CheckDetail({ entry, stage, span, group, measure, index }: TaskRowFrame) {
  const check = checkOf(entry.task);
  if (check === undefined || (check.status !== 'failed' && check.status !== 'warning')) return null;
  const bad = isBad(taskStatus(stage, entry.task));
  return (
    <tr className={`task-detail in-${group}`} ref={measure} data-index={index} aria-rowindex={index + 1}>
      <td colSpan={span}>
        <dl className={bad ? 'check-detail hosts-offend' : 'check-detail'}>
          <dt>{text.seen}</dt>
          <dd>
            <b>{check.seen}</b>
          </dd>
          <dt>{text.wanted}</dt>
          <dd>{check.wanted}</dd>
          {check.remedy === undefined ? null : (
            <>
              <dt>{text.remedy}</dt>
              <dd>{check.remedy}</dd>
            </>
          )}
        </dl>
      </td>
    </tr>
  );
}
