import { Button } from '@patternfly/react-core';
import type { FailureRecord } from '../../src/contract/failure.ts';
import type { MatrixCell, MatrixColumn } from '../../src/contract/matrix.ts';
import { matrixText, wordOf } from '../text/matrix.ts';
import { MatrixSign } from './Status.tsx';

interface MatrixSpotDetailProps {
  readonly machine: string;
  readonly column: MatrixColumn;
  readonly cells: readonly MatrixCell[];
  /** What the stage says of it, where it failed. */
  readonly failures: readonly FailureRecord[];
  readonly onClose: () => void;
}

/** Every test of one cell with what was seen and wanted, and the failure that it came to. */
export function MatrixSpotDetail({ machine, column, cells, failures, onClose }: MatrixSpotDetailProps) {
  const { columns } = matrixText;
  const title =
    column.kind === 'machine'
      ? matrixText.way(machine, column.title)
      : matrixText.layer(machine, column.title);
  const wanted = cells.some((cell) => cell.wanted !== undefined);
  const placed = cells.some((cell) => cell.at !== undefined);
  return (
    <section className="matrix-detail" aria-label={title} tabIndex={0}>
      <header>
        <h2>{title}</h2>
        <Button variant="link" isInline onClick={onClose}>
          {matrixText.close}
        </Button>
      </header>
      {failures.map(({ reference, what, why }) => (
        <p key={reference} className="matrix-why">
          <b>{what}.</b> {why.summary} <code>{reference}</code>
        </p>
      ))}
      <table>
        <thead>
          <tr>
            <th scope="col">{columns.probe}</th>
            <th scope="col">{columns.seen}</th>
            {wanted ? <th scope="col">{columns.wanted}</th> : null}
            {placed ? <th scope="col">{columns.at}</th> : null}
          </tr>
        </thead>
        <tbody>
          {cells.map((cell, index) => (
            <tr key={index} className={`matrix-${cell.status}`}>
              <th scope="row">{matrixText.probe(cell.probe)}</th>
              <td>
                <span className="matrix-word">
                  <MatrixSign status={cell.status} />
                  {wordOf(cell)}
                </span>
                {cell.seen === '' || cell.seen === cell.status ? null : ` ${cell.seen}`}
              </td>
              {wanted ? <td>{cell.wanted}</td> : null}
              {placed ? <td>{cell.at}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
