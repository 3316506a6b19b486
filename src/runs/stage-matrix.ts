import type {
  MatrixCell,
  MatrixColumn,
  MatrixRow,
  MatrixSpot,
  MatrixStatus,
  StageMatrix,
} from '../contract/matrix.ts';
import { LAPTOP, probeTitle } from '../contract/matrix.ts';
import { cellsOf } from './matrix-cells.ts';
import { ASKED, BETWEEN, LAYERS } from './matrix-layers.ts';
import type { StageState } from './run-state.ts';

/** The worst first; what was not tried says less than what was. */
const RANK: Readonly<Record<MatrixStatus, number>> = { failed: 0, warn: 1, ok: 2, 'not-tried': 3 };

/** The matrix of a stage's newest attempt, or undefined where it told of none (yet). */
export function stageMatrix(stage: StageState): StageMatrix | undefined {
  const { cells: all, more, ofTasks } = cellsOf(stage);
  const cells = all.filter(({ probe }) => probe !== ASKED);
  const untried = new Map(all.flatMap(({ probe, from, seen }) => (probe === ASKED ? [[from, seen]] : [])));
  if (all.length === 0) return undefined;
  const machines = inOrder(all, stage.hosts);
  const columns = columnsOf(cells, machines);
  const spots = spotsOf(cells);
  const tried = new Set(cells.map(({ from }) => from));
  return {
    columns,
    rows: machines.map((machine) => rowOf(machine, columns, spots, tried, untried)),
    probes: inOrderOf(
      BETWEEN,
      cells.flatMap(({ to, probe }) => (to === undefined ? [] : [probe])),
    ),
    counts: count(cells),
    ...(more === 0 ? {} : { left_out: more }),
    ...(ofTasks === undefined ? {} : { of_tasks: ofTasks }),
  };
}

function rowOf(
  machine: string,
  columns: readonly MatrixColumn[],
  spots: ReadonlyMap<string, readonly MatrixCell[]>,
  tried: ReadonlySet<string>,
  untried: ReadonlyMap<string, string>,
): MatrixRow {
  const why = untried.get(machine) ?? (tried.has(machine) ? undefined : 'told nothing');
  return {
    machine,
    ...(why === undefined ? {} : { untried: why }),
    spots: columns.map(({ id }) => spotOf(spots.get(key(machine, id)))),
  };
}

function spotOf(cells: readonly MatrixCell[] = []): MatrixSpot | null {
  const sorted = [...cells].sort((one, other) => rank(one) - rank(other));
  const [worst] = sorted;
  return worst === undefined ? null : { status: worst.status, cells: sorted };
}

/** By machine and column. */
function spotsOf(cells: readonly MatrixCell[]): ReadonlyMap<string, readonly MatrixCell[]> {
  const spots = new Map<string, MatrixCell[]>();
  for (const cell of cells) {
    const place = key(cell.from, columnOf(cell));
    const known = spots.get(place);
    if (known === undefined) spots.set(place, [cell]);
    else known.push(cell);
  }
  return spots;
}

function columnsOf(cells: readonly MatrixCell[], machines: readonly string[]): MatrixColumn[] {
  const used = new Set(cells.map(columnOf));
  const known = LAYERS.map(({ id, title }) => ({ id: `layer:${id}`, title }));
  const own = [...used]
    .filter((id) => id.startsWith('layer:') && !known.some((layer) => layer.id === id))
    .map((id) => ({ id, title: probeTitle(id.slice('layer:'.length)) }));
  return [
    ...[...known, ...own].map((layer) => ({ ...layer, kind: 'layer' as const })),
    ...machines.map((title) => ({ id: `to:${title}`, title, kind: 'machine' as const })),
  ].filter(({ id }) => used.has(id));
}

function columnOf({ to, probe }: MatrixCell): string {
  if (to !== undefined) return `to:${to}`;
  return `layer:${LAYERS.find(({ probes }) => probes.includes(probe))?.id ?? probe}`;
}

/** The laptop and the machines that carry the site first, by name, then the servers in the order of the site file. */
function inOrder(cells: readonly MatrixCell[], servers: readonly string[]): string[] {
  const all = new Set(cells.flatMap(({ from, to }) => (to === undefined ? [from] : [from, to])));
  const others = [...all].filter((name) => !servers.includes(name));
  const numeric = (one: string, other: string): number => one.localeCompare(other, 'en', { numeric: true });
  const first = others.includes(LAPTOP) ? [LAPTOP] : [];
  const carrying = others.filter((name) => name !== LAPTOP).sort(numeric);
  return [...first, ...carrying, ...servers.filter((name) => all.has(name))];
}

function inOrderOf(order: readonly string[], found: readonly string[]): string[] {
  const all = new Set(found);
  return [...order.filter((name) => all.has(name)), ...[...all].filter((name) => !order.includes(name))];
}

function count(cells: readonly MatrixCell[]): StageMatrix['counts'] {
  const counts: Record<MatrixStatus, number> = { ok: 0, warn: 0, failed: 0, 'not-tried': 0 };
  for (const { status } of cells) counts[status] += 1;
  return counts;
}

function rank({ status }: MatrixCell): number {
  return RANK[status];
}

function key(machine: string, column: string): string {
  return `${machine}\0${column}`;
}
