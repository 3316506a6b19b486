import { useState, type RefCallback } from 'react';
import type { StageState } from '../../src/runs/state.ts';
import type { Archive } from '../state/archive.ts';
import { columnsFor, layoutFor } from '../state/cells.ts';
import { hostsOf } from '../state/order.ts';
import type { Query } from '../state/query.ts';
import { layOut, type Row, type Unfolding } from '../state/rows.ts';
import { indexOf } from '../state/stage-index.ts';
import { failedHosts } from '../state/stage-line.ts';
import { groupTasks, taskAt, type TaskGroup } from '../state/task-groups.ts';
import { useNewest } from '../state/use-newest.ts';
import { runText } from '../text/run.ts';
import { CheckDetail, CheckRow } from './CheckRow.tsx';
import { GroupHead } from './GroupHead.tsx';
import type { RowFrame } from './row-frame.ts';
import { Head, Widths } from './TaskHead.tsx';
import { TaskDetail } from './TaskDetail.tsx';
import { TaskRow } from './TaskRow.tsx';
import { useWindowedRows } from './use-windowed-rows.ts';

interface TaskTableProps {
  readonly stage: StageState;
  readonly now: number;
  readonly detailOf: Archive['detailOf'];
  readonly query?: Query | undefined;
  /** The element that scrolls; without it all rows are drawn. */
  readonly scroller?: HTMLElement | null;
}

const NOTHING: Unfolding = { folded: new Map(), opened: new Map() };

/** Tasks by host: groups in the order in which they matter, folded where they need no look; only rows in sight are drawn. */
export function TaskTable({ stage, now, detailOf, query, scroller }: TaskTableProps) {
  const [unfolding, setUnfolding] = useState(NOTHING);
  const { order, checks } = indexOf(stage);
  const { holding, fresh, toNewest } = useNewest(scroller, stage.status === 'running', order.length);
  const hosts = hostsOf(stage);
  const layout = layoutFor(hosts.length);
  const isChecks = checks.size > 0;
  const columns = layout === 'matrix' && !isChecks ? columnsFor(hosts) : [];
  const groups = useHeld(holding, query, () => groupTasks(stage, query));
  const rows = layOut(stage, groups, unfolding);
  const { items, above, below, measure } = useWindowedRows(rows, scroller);
  if (groups.length === 0 && query !== undefined)
    return <p className="quiet empty-stage">{runText.foundNothing(query.typed)}</p>;
  const span = isChecks ? 2 : { list: 4, matrix: columns.length + 2, summary: 3 }[layout];
  const frame = { stage, hosts, columns, span, now, query, detailOf };
  const fold = (kind: Row & { kind: 'head' }): void => {
    setUnfolding((known) => ({
      ...known,
      folded: new Map(known.folded).set(kind.group.kind, !kind.folded),
    }));
  };
  const open = (id: string, opened: boolean): void => {
    setUnfolding((known) => ({ ...known, opened: new Map(known.opened).set(id, opened) }));
  };
  return (
    <>
      {fresh === 0 ? null : (
        <button type="button" className="newer newer-above" onClick={toNewest}>
          {runText.newAbove(fresh)}
        </button>
      )}
      <table
        className={`tasks tasks-${isChecks ? 'checks' : layout}`}
        data-hosts={hosts.length}
        aria-rowcount={rows.count}
      >
        {columns.length > 0 ? (
          <Head columns={columns} failed={failedHosts(stage)} />
        ) : (
          <Widths kind={isChecks ? 'checks' : layout} />
        )}
        <tbody>
          <Gap height={above} span={span} />
          {items.map(({ row, index }) => (
            <RowOf
              key={row.key}
              {...frame}
              row={row}
              index={index}
              measure={measure}
              isChecks={isChecks}
              onFold={fold}
              onOpen={open}
            />
          ))}
          <Gap height={below} span={span} />
        </tbody>
      </table>
    </>
  );
}

/** The groups as they are; while the list is held, as they were when it began to be, so that no row moves. */
function useHeld(
  holding: boolean,
  query: Query | undefined,
  now: () => readonly TaskGroup[],
): readonly TaskGroup[] {
  const [kept, keep] = useState<{
    readonly query: Query | undefined;
    readonly groups: readonly TaskGroup[];
  }>();
  if (holding && kept !== undefined && kept.query === query) return kept.groups;
  const groups = now();
  if (holding) keep({ query, groups });
  else if (kept !== undefined) keep(undefined);
  return groups;
}

/** Stands for the rows that are not in sight. */
function Gap({ height, span }: { readonly height: number; readonly span: number }) {
  return height === 0 ? null : (
    <tr aria-hidden="true" className="gap">
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}

interface RowOfProps extends RowFrame {
  readonly row: Row;
  readonly index: number;
  readonly measure: RefCallback<HTMLTableRowElement>;
  readonly isChecks: boolean;
  readonly onFold: (row: Row & { kind: 'head' }) => void;
  readonly onOpen: (id: string, opened: boolean) => void;
}

function RowOf({ row, index, measure, isChecks, onFold, onOpen, ...frame }: RowOfProps) {
  const tr = { measure, index };
  if (row.kind === 'head') return <GroupHead {...frame} {...tr} row={row} onFold={onFold} />;
  const entry = taskAt(frame.stage, row.place);
  if (entry === undefined) return null;
  const props = { ...frame, ...tr, entry, group: row.group };
  if (isChecks && row.kind === 'task') return <CheckRow {...props} />;
  if (isChecks) return <CheckDetail {...props} />;
  if (row.kind === 'detail') return <TaskDetail {...props} />;
  return (
    <TaskRow
      {...props}
      open={row.open}
      onOpen={() => {
        onOpen(entry.task.id, !row.open);
      }}
    />
  );
}
