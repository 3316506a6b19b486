import type { Column, StageLayout } from '../state/cells.ts';
import { text } from '../text.ts';

/** Column widths of the layouts without a column a host; fixed, so that a long console line cannot push the page. */
export function Widths({ kind }: { readonly kind: 'checks' | StageLayout }) {
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

interface HeadProps {
  readonly columns: readonly Column[];
  readonly failed: ReadonlySet<string>;
}

/** The heads of a matrix: a column for each host, under the label of its group where hosts are named alike. */
export function Head({ columns, failed }: HeadProps) {
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
