import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProbeCheck, ProbeRow, ProbeStatus } from '../../src/contract/vantage.ts';
import { judgeMatrix } from '../../src/vantage/verdict.ts';
import { destination, POINTS, verdictOf, type Found } from './vantage-matrix.ts';

const STATUSES: readonly ProbeStatus[] = [
  ...['ok', 'refused', 'timeout', 'unreachable', 'no-route', 'prohibited', 'name'],
  ...['tls', 'wrong-answer', 'too-big', 'down', 'unclear', 'not-asked'],
] as ProbeStatus[];
const CHECKS: readonly ProbeCheck[] = [
  'service',
  'machine',
  'size',
  'gateway',
  'far-gateway',
  'beside',
  'back',
];

/** Any matrix: every point found anything, or nothing; one of them may be the destination's own machine. */
const anyMatrix = fc.record({
  cells: fc.array(
    fc.record({
      from: fc.constantFrom(
        ...Object.keys(POINTS).filter((name) => name !== 'bmc' && name !== 'laptopInside'),
      ),
      check: fc.oneof(
        { weight: 3, arbitrary: fc.constant<ProbeCheck>('service') },
        { weight: 2, arbitrary: fc.constantFrom(...CHECKS) },
      ),
      status: fc.oneof(
        { weight: 2, arbitrary: fc.constantFrom<ProbeStatus>('ok', 'timeout') },
        { weight: 3, arbitrary: fc.constantFrom(...STATUSES) },
      ),
    }),
    { maxLength: 20 },
  ),
  bmc: fc.constantFrom<Found>({}, { power: 'down' }, { power: 'ok', link: 'down' }, { power: 'not-asked' }),
  itself: fc.constantFrom('node2', 'none'),
});

/** Each cell once: the last one found stands. */
function foundOf({
  cells,
  bmc,
}: {
  cells: readonly { from: string; check: ProbeCheck; status: ProbeStatus }[];
  bmc: Found;
}): Record<string, Found> {
  const found: Record<string, Partial<Record<ProbeCheck, ProbeStatus>>> = {};
  for (const { from, check, status } of cells) found[from] = { ...found[from], [check]: status };
  return { ...found, bmc };
}

const serviceOf = (found: Found | undefined): ProbeStatus | undefined =>
  typeof found === 'string' ? found : found?.service;

describe('whatever the matrix', () => {
  const hold = (check: (found: Record<string, Found>, itself: string) => void): void =>
    fc.assert(
      fc.property(anyMatrix, (any) => check(foundOf(any), any.itself)),
      { numRuns: 3000 },
    );

  it('never blames a leg that a probe has shown to work, nor one that was not asked', () => {
    hold((found, itself) => {
      for (const { from } of verdictOf(found, itself).legs) {
        const name = Object.keys(POINTS).find((key) => POINTS[key]!.id === from)!;
        const cell = found[name];
        const key = verdictOf(found, itself).key;
        const status = key === 'path.mtu' && typeof cell === 'object' ? cell.size : serviceOf(cell);
        expect(status).not.toBeUndefined();
        expect(['ok', 'not-asked', 'unclear']).not.toContain(status);
      }
    });
  });

  it('never says of a machine that answered anybody that it is off, down or unplugged', () => {
    hold((found, itself) => {
      const { key } = verdictOf(found, itself);
      if (!['target.off', 'target.down', 'target.unplugged'].includes(key)) return;
      for (const cell of Object.values(found)) {
        const { service, machine } = typeof cell === 'string' ? { service: cell, machine: undefined } : cell;
        expect(['ok', 'refused', 'tls', 'wrong-answer']).not.toContain(service);
        expect(machine).not.toBe('ok');
      }
    });
  });

  it('never says of a service that somebody reached that it is down', () => {
    hold((found, itself) => {
      const { key } = verdictOf(found, itself);
      if (!/^(service\.|target\.filtered)/.test(key)) return;
      const outer = Object.entries(found).filter(([name]) => name !== itself);
      expect(outer.map(([, cell]) => serviceOf(cell))).not.toContain('ok');
    });
  });

  it('blames the firewall of a machine that somebody reached only for those of its own network', () => {
    hold((found, itself) => {
      const { key, legs } = verdictOf(found, itself);
      const outer = Object.entries(found).filter(([name]) => name !== itself);
      if (key !== 'target.firewall' || !outer.some(([, cell]) => serviceOf(cell) === 'ok')) return;
      expect(legs.length).toBeGreaterThan(0);
      for (const { from } of legs)
        expect(Object.values(POINTS).find(({ id }) => id === from)?.network).toBe('data');
    });
  });

  it('never closes a router or a network through which somebody came', () => {
    hold((found, itself) => {
      const { key, legs } = verdictOf(found, itself);
      if (key !== 'path.router' && key !== 'path.network') return;
      const blamed = legs.map(({ from }) => Object.values(POINTS).find(({ id }) => id === from)!.network);
      for (const [name, cell] of Object.entries(found)) {
        if (name === itself || serviceOf(cell) !== 'ok') continue;
        const { network } = POINTS[name]!;
        expect(key === 'path.router' ? network : blamed.includes(network)).toBe(
          key === 'path.router' ? 'data' : false,
        );
      }
    });
  });

  it('does not change with the order of points and rows', () => {
    const rows = (from: string, status: ProbeStatus): ProbeRow => ({
      from,
      to: 'x',
      check: 'service',
      status,
      text: '',
    });
    const points = [POINTS['laptop']!, POINTS['kvm']!, POINTS['node2']!];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...STATUSES), { minLength: 3, maxLength: 3 }), (statuses) => {
        const matrix = points.map(({ id }, at) => rows(id, statuses[at]!));
        const turned = judgeMatrix([...points].reverse(), [...matrix].reverse(), destination);
        expect(turned.key).toBe(judgeMatrix(points, matrix, destination).key);
      }),
    );
  });
});
