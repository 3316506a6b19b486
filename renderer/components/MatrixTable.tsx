import { useEffect, useRef, type KeyboardEvent } from 'react';
import type { MatrixColumn, MatrixRow, MatrixSpot } from '../../src/contract/matrix.ts';
import { nextSpot, type MatrixView } from '../state/matrix-view.ts';
import { matrixText, wordsIn } from '../text/matrix.ts';
import { MatrixSign } from './Status.tsx';

/** A cell by its machine and its column. */
export interface Place {
  readonly machine: string;
  readonly column: string;
}

interface MatrixTableProps {
  readonly view: MatrixView;
  readonly probe: string | undefined;
  readonly label: string;
  /** Between machines the rows are where a test starts. */
  readonly between: boolean;
  readonly open: Place | undefined;
  /** The one cell that the Tab key comes to. */
  readonly entry: readonly [row: number, column: number] | undefined;
  readonly onOpen: (place: Place) => void;
  readonly onMove: (place: Place) => void;
}

const STEPS: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Machines down, layers and other machines across; it scrolls by itself, its heads stay. */
export function MatrixTable({ view, probe, label, between, open, entry, onOpen, onMove }: MatrixTableProps) {
  const table = useRef<HTMLTableElement>(null);
  const { columns, rows } = view;
  const toMachine = columns.findIndex(({ kind }) => kind === 'machine');
  // What is wrong is in sight at once, however far to the right it is.
  useEffect(() => {
    const cell = table.current?.querySelector('td:is(.matrix-failed, .matrix-warn) [tabindex="0"]');
    const area = table.current?.parentElement;
    if (!cell || !area) return;
    const over = cell.getBoundingClientRect().right - area.getBoundingClientRect().right;
    area.scrollLeft += Math.max(0, Math.ceil(over));
  }, []);
  const move = (event: KeyboardEvent, row: number, column: number): void => {
    if (event.key === 'Escape' && open !== undefined) onOpen(open);
    const steps = STEPS[event.key];
    const next = steps && nextSpot(view, [row, column], steps);
    if (steps === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (next === undefined) return;
    onMove({ machine: rows[next[0]]?.machine ?? '', column: columns[next[1]]?.id ?? '' });
    table.current?.querySelector<HTMLElement>(`[data-spot="${next.join(' ')}"]`)?.focus();
  };
  return (
    <div className="matrix-scroll">
      <table ref={table} className="matrix" role="grid" aria-label={label}>
        <thead>
          {toMachine > 0 ? (
            <tr>
              <td />
              <th scope="colgroup" colSpan={toMachine}>
                {matrixText.itself}
              </th>
              <th scope="colgroup" colSpan={columns.length - toMachine} className="starts">
                {matrixText.to}
              </th>
            </tr>
          ) : null}
          <tr>
            <th scope="col">{between ? matrixText.from : matrixText.host}</th>
            {columns.map(({ id, title }, at) => (
              <th
                key={id}
                scope="col"
                title={title}
                className={at === toMachine && at > 0 ? 'starts' : undefined}
              >
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={row.machine}>
              <th scope="row" title={row.machine}>
                {row.machine}
              </th>
              {row.untried === undefined ? (
                row.spots.map((spot, column) => (
                  <SpotCell
                    key={columns[column]?.id}
                    {...{ spot, row, probe }}
                    column={columns[column]}
                    starts={column === toMachine && column > 0}
                    at={`${at} ${column}`}
                    reached={entry?.[0] === at && entry[1] === column}
                    opened={open?.machine === row.machine && open.column === columns[column]?.id}
                    onOpen={onOpen}
                    onKey={(event) => {
                      move(event, at, column);
                    }}
                  />
                ))
              ) : (
                <td colSpan={columns.length} className="matrix-untried">
                  <span>{matrixText.untried(row.untried)}</span>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface SpotCellProps {
  readonly spot: MatrixSpot | null;
  readonly row: MatrixRow;
  readonly column: MatrixColumn | undefined;
  readonly probe: string | undefined;
  readonly starts: boolean;
  readonly at: string;
  readonly reached: boolean;
  readonly opened: boolean;
  readonly onOpen: (place: Place) => void;
  readonly onKey: (event: KeyboardEvent) => void;
}

function SpotCell({ spot, row, column, probe, starts, at, reached, opened, onOpen, onKey }: SpotCellProps) {
  const start = starts ? ' starts' : '';
  if (spot === null || column === undefined)
    return <td className={`matrix-none${start}`} aria-label={matrixText.nothing} />;
  const { status } = spot;
  const where =
    column.kind === 'machine'
      ? matrixText.way(row.machine, column.title)
      : matrixText.layer(row.machine, column.title);
  const words = wordsIn(spot, probe);
  return (
    <td className={`matrix-${status}${start}`}>
      <button
        type="button"
        data-spot={at}
        tabIndex={reached ? 0 : -1}
        aria-label={matrixText.cell(words, status, where)}
        aria-expanded={opened}
        title={words}
        onKeyDown={onKey}
        onClick={() => {
          onOpen({ machine: row.machine, column: column.id });
        }}
      >
        <MatrixSign status={status} />
        <span>{words}</span>
      </button>
    </td>
  );
}
