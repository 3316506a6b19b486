import type { Status } from '../../src/contract/events.ts';
import type { StageState } from '../../src/runs/state.ts';
import { isBad, taskStatus } from '../state/order.ts';
import { checkOf, type NumberedTask } from '../state/task-groups.ts';
import { text } from '../text.ts';
import { StatusWord } from './Status.tsx';

interface CheckRowProps {
  readonly entry: NumberedTask;
  readonly stage: StageState;
  readonly span: number;
}

/** One preflight check: what was seen; what was wanted and the remedy only where they differ. */
export function CheckRow({ entry, stage, span }: CheckRowProps) {
  const check = checkOf(entry.task);
  const status: Status = taskStatus(stage, entry.task);
  const differs = check?.status === 'failed' || check?.status === 'warning';
  return (
    <>
      <tr className={`task check task-${status}`}>
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
      {check === undefined || !differs ? null : (
        <tr className="task-detail">
          <td colSpan={span}>
            <dl className={isBad(status) ? 'check-detail hosts-offend' : 'check-detail'}>
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
      )}
    </>
  );
}
