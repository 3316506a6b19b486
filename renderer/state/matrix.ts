import type { FailureMatrix } from '../../src/contract/failure.ts';
import type { ProbeCheck, ProbeRow, ProbeStatus, VantagePoint } from '../../src/contract/vantage.ts';

/** How a probe is drawn: it reaches, it does not, it proves nothing, it could not be asked. */
export type ReachKind = 'yes' | 'no' | 'unclear' | 'not-asked';

/** One cell: the probe, and whether its leg is the one that is blamed. */
export interface ReachCell {
  readonly row: ProbeRow;
  readonly kind: ReachKind;
  readonly blamed: boolean;
}

/** The matrix as a table: a line for each vantage point, a column for each kind of probe; `null` where none was made. */
export interface ReachTable {
  readonly checks: readonly ProbeCheck[];
  readonly lines: readonly { readonly point: VantagePoint; readonly cells: readonly (ReachCell | null)[] }[];
  /** What BMCs tell of their servers: not probes, so they stand below. */
  readonly told: readonly { readonly point: VantagePoint; readonly cells: readonly ReachCell[] }[];
}

const ORDER: readonly ProbeCheck[] = [
  'service',
  'machine',
  'size',
  'gateway',
  'far-gateway',
  'beside',
  'back',
];

/** Lays a failure's matrix out. */
export function reachTable(matrix: Pick<FailureMatrix, 'points' | 'matrix' | 'verdict'>): ReachTable {
  const cellOf = (row: ProbeRow): ReachCell => ({
    row,
    kind: kindOf(row.status),
    blamed:
      kindOf(row.status) === 'no' &&
      matrix.verdict.legs.some((leg) => leg.from === row.from && leg.to === row.to),
  });
  const rowsOf = (point: VantagePoint): ProbeRow[] => matrix.matrix.filter(({ from }) => from === point.id);
  const probing = matrix.points.filter((point) => point.kind !== 'bmc' && rowsOf(point).length > 0);
  const rows = probing.flatMap(rowsOf);
  const checks = ORDER.filter((check) => rows.some((row) => row.check === check));
  return {
    checks,
    lines: probing.map((point) => ({
      point,
      cells: checks.map((check) => {
        const row = rowsOf(point).find((entry) => entry.check === check);
        return row === undefined ? null : cellOf(row);
      }),
    })),
    told: matrix.points
      .filter(({ kind }) => kind === 'bmc')
      .map((point) => ({ point, cells: rowsOf(point).map(cellOf) }))
      .filter(({ cells }) => cells.length > 0),
  };
}

function kindOf(status: ProbeStatus): ReachKind {
  if (status === 'ok') return 'yes';
  return status === 'unclear' || status === 'not-asked' ? status : 'no';
}
