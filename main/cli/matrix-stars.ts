import type { MatrixCell } from '../../src/contract/matrix.ts';

/** Tests that came to the same, told at once: of one machine, or of the ways from or to it. */
export interface MatrixStar {
  readonly cell: MatrixCell;
  /** `node-2`, `node-2 to deploy, node-1`, `deploy, node-1 to node-2`. */
  readonly ways: string;
}

/** So many machines at the other ends are named. */
const NAMED = 4;

/** Puts tests together, so that one bad cable is two lines and not two for each machine of the site; failures first. */
export function starsOf(cells: readonly MatrixCell[]): readonly MatrixStar[] {
  const alike = groupBy(cells, ({ status, probe, at, seen, wanted, to }) =>
    [status === 'failed' ? 0 : 1, to === undefined ? 0 : 1, probe, at, seen, wanted].join('\0'),
  );
  const stars = [...alike.values()].flatMap((group) =>
    group[0]?.to === undefined ? alone(group) : cover(group),
  );
  return stars.sort((one, other) => rank(one) - rank(other));
}

function rank({ cell }: MatrixStar): number {
  return cell.status === 'failed' ? 0 : 1;
}

function alone(cells: readonly MatrixCell[]): MatrixStar[] {
  const [cell] = cells;
  return cell === undefined ? [] : [{ cell, ways: list(cells.map(({ from }) => from)) }];
}

/** The machine that most ways leave or lead to first, then of what is left. */
function cover(cells: readonly MatrixCell[]): MatrixStar[] {
  const stars: MatrixStar[] = [];
  for (let left = cells; left.length > 0;) {
    const leaving = groupBy(left, ({ from }) => from);
    const leading = groupBy(left, ({ to }) => to ?? '');
    const [out = [], into = []] = [leaving, leading].map(largest);
    const taken = out.length >= into.length ? out : into;
    const [cell] = taken;
    if (cell === undefined) break;
    const ends = list(taken.map(({ from, to = '' }) => (taken === out ? to : from)));
    stars.push({ cell, ways: taken === out ? `${cell.from} to ${ends}` : `${ends} to ${cell.to ?? ''}` });
    left = left.filter((one) => !taken.includes(one));
  }
  return stars;
}

function largest(groups: ReadonlyMap<string, readonly MatrixCell[]>): readonly MatrixCell[] {
  return [...groups.values()].reduce((best, group) => (group.length > best.length ? group : best), []);
}

function list(names: readonly string[]): string {
  const more = names.length - NAMED;
  return more > 1 ? `${names.slice(0, NAMED).join(', ')} and ${more} more` : names.join(', ');
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [item]);
    else known.push(item);
  }
  return groups;
}
