import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { useMemo, useState } from 'react';
import { stageMatrix, type StageState } from '../../src/runs/state.ts';
import { LAPTOP, type StageMatrix } from '../../src/contract/matrix.ts';
import { failuresOf, viewOf, worstSpot, type MatrixView } from '../state/matrix-view.ts';
import type { Query } from '../state/query.ts';
import { matrixText } from '../text/matrix.ts';
import { MatrixSpotDetail } from './MatrixSpotDetail.tsx';
import { MatrixTable, type Place } from './MatrixTable.tsx';

interface MatrixPaneProps {
  readonly stage: StageState;
  readonly query: Query | undefined;
}

/** What a stage tried, machine by machine; without such a thing it says why there is none. */
export function MatrixPane({ stage, query }: MatrixPaneProps) {
  const matrix = useMemo(() => stageMatrix(stage), [stage]);
  if (matrix === undefined)
    return (
      <div className="empty-stage">
        <p>{stage.status === 'running' ? matrixText.waiting : matrixText.empty}</p>
        {stage.status === 'running' ? null : <p>{matrixText.emptyWhy}</p>}
      </div>
    );
  return <Shown stage={stage} matrix={matrix} query={query} />;
}

interface ShownProps extends MatrixPaneProps {
  readonly matrix: StageMatrix;
}

function Shown({ stage, matrix, query }: ShownProps) {
  const [probe, setProbe] = useState<string | undefined>(undefined);
  const [open, setOpen] = useState<Place | undefined>(undefined);
  const [reached, setReached] = useState<Place | undefined>(undefined);
  const view = useMemo(() => viewOf(matrix, probe, query), [matrix, probe, query]);
  const entry = placeIn(view, reached) ?? worstSpot(view);
  const shown = placeIn(view, open);
  const close = (): void => {
    setOpen(undefined);
    document.querySelector<HTMLElement>('.matrix [aria-expanded="true"]')?.focus();
  };
  return (
    <>
      <div className="matrix-head">
        <p>
          {matrixText.counts(matrix.counts)}
          {matrix.left_out === undefined ? '' : `; ${matrixText.leftOut(matrix.left_out)}`}
        </p>
        {matrix.probes.length === 0 ? null : (
          <>
            {matrix.rows.some(({ machine }) => machine === LAPTOP) ? null : (
              <p className="quiet">{matrixText.noLaptop}</p>
            )}
            <Probes probes={matrix.probes} chosen={probe} onChoose={setProbe} />
          </>
        )}
      </div>
      {view.rows.length === 0 ? (
        <p className="quiet empty-stage">{matrixText.foundNothing(query?.typed ?? '')}</p>
      ) : (
        <MatrixTable
          {...{ view, probe, open, entry }}
          label={matrixText.label(stage.title)}
          between={matrix.probes.length > 0}
          onMove={setReached}
          onOpen={(place) => {
            setReached(place);
            setOpen(same(place, open) ? undefined : place);
          }}
        />
      )}
      {shown === undefined ? null : <Opened {...{ stage, view, shown }} onClose={close} />}
    </>
  );
}

interface ProbesProps {
  readonly probes: readonly string[];
  readonly chosen: string | undefined;
  readonly onChoose: (probe: string | undefined) => void;
}

function Probes({ probes, chosen, onChoose }: ProbesProps) {
  return (
    <ToggleGroup isCompact aria-label={matrixText.show}>
      {[undefined, ...probes].map((name) => (
        <ToggleGroupItem
          key={name ?? ''}
          text={name === undefined ? matrixText.worst : matrixText.probe(name)}
          isSelected={chosen === name}
          onChange={() => {
            onChoose(name);
          }}
        />
      ))}
    </ToggleGroup>
  );
}

interface OpenedProps {
  readonly stage: StageState;
  readonly view: MatrixView;
  readonly shown: readonly [row: number, column: number];
  readonly onClose: () => void;
}

function Opened({ stage, view, shown: [at, across], onClose }: OpenedProps) {
  const row = view.rows[at];
  const column = view.columns[across];
  const spot = row?.spots[across];
  if (row === undefined || column === undefined || !spot) return null;
  const { machine } = row;
  const failures = spot.status === 'failed' ? failuresOf(stage.failures, machine, column) : [];
  return <MatrixSpotDetail {...{ machine, column, failures, onClose }} cells={spot.cells} />;
}

function placeIn(
  view: MatrixView,
  place: Place | undefined,
): readonly [row: number, column: number] | undefined {
  if (place === undefined) return undefined;
  const row = view.rows.findIndex(({ machine }) => machine === place.machine);
  const column = view.columns.findIndex(({ id }) => id === place.column);
  return view.rows[row]?.spots[column] ? [row, column] : undefined;
}

function same(one: Place, other: Place | undefined): boolean {
  return one.machine === other?.machine && one.column === other.column;
}
