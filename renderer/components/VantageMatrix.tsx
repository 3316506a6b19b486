import { Button } from '@patternfly/react-core';
import { useState } from 'react';
import type { FailureMatrix } from '../../src/contract/failure.ts';
import type { ProbeResult } from '../../src/contract/vantage.ts';
import { clock } from '../format.ts';
import { reachTable, type ReachCell, type ReachKind, type ReachTable } from '../state/matrix.ts';
import { runText } from '../text/run.ts';
import { ReachSign } from './Status.tsx';

/** Up to so many columns a cell has room for its word. */
const WORDY = 3;

interface VantageMatrixProps {
  readonly matrix: FailureMatrix | undefined;
  /** What the record says already; the verdict is not said twice. */
  readonly said: readonly string[];
  /** Probes once more; undefined where nothing can be asked. */
  readonly probe: (() => Promise<ProbeResult>) | undefined;
}

/** Who can reach what: a line for each machine that was asked, the broken leg tinted; probed again on demand. */
export function VantageMatrix({ matrix, said, probe }: VantageMatrixProps) {
  const [newer, setNewer] = useState<FailureMatrix | undefined>(undefined);
  const [state, setState] = useState<{ readonly busy: boolean; readonly error?: string }>({ busy: false });
  const shown = newer ?? matrix;
  if (shown === undefined && probe === undefined) return null;
  const again = (): void => {
    setState({ busy: true });
    probe?.().then(
      (result) => {
        setNewer({ ...result, at: new Date().toISOString() });
        setState({ busy: false });
      },
      (error: unknown) => {
        setState({ busy: false, error: error instanceof Error ? error.message : String(error) });
      },
    );
  };
  return (
    <section className="reach" aria-label={runText.reach}>
      <header>
        <h2>{runText.reach}</h2>
        {shown === undefined ? null : <span>{runText.reachAt(clock(shown.at))}</span>}
        {probe === undefined ? null : (
          <Button variant="link" isInline isDisabled={state.busy} onClick={again}>
            {runText.probeAgain}
          </Button>
        )}
      </header>
      <p role="status" className={state.error === undefined ? 'quiet' : 'bad'}>
        {state.busy ? runText.probing : state.error}
      </p>
      {shown === undefined ? null : <Shown matrix={shown} said={said} />}
    </section>
  );
}

function Shown({ matrix, said }: { readonly matrix: FailureMatrix; readonly said: readonly string[] }) {
  const table = reachTable(matrix);
  const kinds = new Set(table.lines.flatMap(({ cells }) => cells.flatMap((cell) => cell?.kind ?? [])));
  return (
    <>
      <p>
        <b>{matrix.label}</b> <code>{matrix.destination}</code>
      </p>
      {said.includes(matrix.verdict.summary) ? null : <p>{matrix.verdict.summary}</p>}
      <Cells table={table} wordy={table.checks.length <= WORDY} />
      {table.checks.length <= WORDY ? null : (
        <ul className="reach-legend">
          {[...kinds].map((kind) => (
            <li key={kind}>
              <ReachSign kind={kind} />
              {runText.legend[kind]}
            </li>
          ))}
        </ul>
      )}
      {table.told.map(({ point, cells }) => (
        <p key={point.id}>
          <b>{point.label}:</b> {cells.map(({ row }) => row.text).join('; ')}
        </p>
      ))}
    </>
  );
}

function Cells({ table, wordy }: { readonly table: ReachTable; readonly wordy: boolean }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{runText.reachFrom}</th>
          {table.checks.map((check) => (
            <th key={check} scope="col">
              {runText.checks[check]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.lines.map(({ point, cells }) => (
          <tr key={point.id}>
            <th scope="row">
              {point.itself === true ? `${point.label}, ${runText.reachSelf}` : point.label}
            </th>
            {cells.map((cell, index) =>
              cell === null ? (
                <td key={table.checks[index]} aria-label={runText.notProbed}>
                  ·
                </td>
              ) : (
                <Cell key={table.checks[index]} cell={cell} from={point.label} wordy={wordy} />
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface CellProps {
  readonly cell: ReachCell;
  readonly from: string;
  readonly wordy: boolean;
}

function Cell({ cell, from, wordy }: CellProps) {
  const { row, kind, blamed } = cell;
  const said = runText.reachCell(from, row.to, row.status, row.text);
  return (
    <td className={`reach-${kind satisfies ReachKind}${blamed ? ' offends' : ''}`} title={said}>
      <span role="img" aria-label={said}>
        <ReachSign kind={kind} />
        {wordy || kind === 'not-asked' ? <span>{runText.probe(row.status)}</span> : null}
      </span>
    </td>
  );
}
