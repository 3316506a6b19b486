import { useState } from 'react';
import type { StageState } from '../../src/runs/state.ts';
import { columnsFor, layoutFor, type Column, type StageLayout } from '../state/cells.ts';
import { badHosts, hostsOf } from '../state/order.ts';
import { groupTasks, type TaskGroup } from '../state/task-groups.ts';
import { text } from '../text.ts';
import { CheckRow } from './CheckRow.tsx';
import { CaretDownIcon, CaretRightIcon } from './icons.ts';
import { TaskRow } from './TaskRow.tsx';

interface TaskTableProps {
  readonly stage: StageState;
  readonly now: number;
}

/** Tasks by host: groups in the order in which they matter, folded where they need no look. */
export function TaskTable({ stage, now }: TaskTableProps) {
  const hosts = hostsOf(stage);
  const groups = groupTasks(stage);
  const layout = layoutFor(hosts.length);
  const isChecks = groups.some((group) => group.kind.endsWith('checks'));
  const columns = layout === 'matrix' && !isChecks ? columnsFor(hosts) : [];
  const failed = new Set([...stage.tasks.values()].flatMap((task) => badHosts(task).map(([host]) => host)));
  const span = isChecks ? 2 : { list: 4, matrix: columns.length + 2, summary: 3 }[layout];
  return (
    <table className={`tasks tasks-${isChecks ? 'checks' : layout}`} data-hosts={hosts.length}>
      {columns.length > 0 ? (
        <Head columns={columns} failed={failed} />
      ) : (
        <Widths kind={isChecks ? 'checks' : layout} />
      )}
      {groups.map((group) => (
        <Group
          key={group.kind}
          group={group}
          stage={stage}
          hosts={hosts}
          columns={columns}
          span={span}
          now={now}
        />
      ))}
    </table>
  );
}

/** Column widths of the layouts without a column a host; fixed, so that a long console line cannot push the page. */
function Widths({ kind }: { readonly kind: 'checks' | StageLayout }) {
  return (
    <colgroup>
      <col className={kind === 'checks' ? 'col-check' : undefined} />
      {kind === 'list' ? <col className="col-answer" /> : null}
      {kind === 'list' ? <col className="col-said" /> : null}
      {kind === 'summary' ? <col className="col-tally" /> : null}
      {kind === 'checks' ? <col /> : <col className="col-time" />}
    </colgroup>
  );
}

function Head({
  columns,
  failed,
}: {
  readonly columns: readonly Column[];
  readonly failed: ReadonlySet<string>;
}) {
  const labels = columns.map((column) => column.group);
  const grouped = labels.some((label) => label !== '');
  const starts = labels.flatMap((label, index) =>
    index === 0 || label !== labels[index - 1] ? [index] : [],
  );
  return (
    <>
      <colgroup>
        <col />
        {columns.map((column) => (
          <col key={column.host} className={columns.length > 4 ? 'col-short' : 'col-wide'} />
        ))}
        <col className="col-time" />
      </colgroup>
      <thead>
        {grouped ? (
          <tr className="group-labels">
            <td />
            {starts.map((start, index) => (
              <th key={start} colSpan={(starts[index + 1] ?? labels.length) - start} scope="colgroup">
                {labels[start]}
              </th>
            ))}
            <td className="col-time" />
          </tr>
        ) : null}
        <tr>
          <th scope="col">{text.task}</th>
          {columns.map((column) => (
            <th
              key={column.host}
              scope="col"
              className={failed.has(column.host) ? 'cell offends' : 'cell'}
              title={column.host}
            >
              {column.label}
            </th>
          ))}
          <th scope="col" className="col-time">
            {text.time}
          </th>
        </tr>
      </thead>
    </>
  );
}

interface GroupProps extends TaskTableProps {
  readonly group: TaskGroup;
  readonly hosts: readonly string[];
  readonly columns: readonly Column[];
  readonly span: number;
}

function Group({ group, stage, hosts, columns, span, now }: GroupProps) {
  const [folded, setFolded] = useState(group.folded);
  const Caret = folded ? CaretRightIcon : CaretDownIcon;
  return (
    <tbody className={`group group-${group.kind}`}>
      <tr className="group-head">
        <th colSpan={span} scope="rowgroup">
          <button
            type="button"
            aria-expanded={!folded}
            onClick={() => {
              setFolded(!folded);
            }}
          >
            <Caret />
            <b>{text.group(group.kind)}</b>
            <span>{noteOf(group, stage)}</span>
          </button>
        </th>
      </tr>
      {folded
        ? null
        : group.tasks.map((entry) =>
            group.kind.endsWith('checks') ? (
              <CheckRow key={entry.task.id} entry={entry} stage={stage} span={span} />
            ) : (
              <TaskRow
                key={entry.task.id}
                entry={entry}
                stage={stage}
                hosts={hosts}
                columns={columns}
                span={span}
                now={now}
                opened={group.kind === 'root-cause' || group.kind === 'now'}
              />
            ),
          )}
    </tbody>
  );
}

function noteOf(group: TaskGroup, stage: StageState): string {
  const root = group.tasks[0]?.task;
  if (group.kind === 'root-cause' && root !== undefined) return text.rootCauseNote(badHosts(root).length);
  if (group.kind === 'blocked') return text.blockedNote(group.tasks.length);
  if (group.kind.endsWith('checks')) return text.checksNote(group.tasks.length, stage.tasks.size);
  return text.tasksNote(group.tasks.length);
}
