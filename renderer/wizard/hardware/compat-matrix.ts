import type { CompatCheck, HostCompat } from '../../../src/contract/profile.ts';

/** One column: what one application wants of one field. Several requirements of it share the column, see `compatMatrix`. */
export interface Need {
  readonly key: string;
  readonly application: string;
  readonly field: string;
  readonly wanted: readonly string[];
}

/** A host's answers in the order of the needs, the worst of each; undefined where nothing of it is about its roles. */
export interface CompatLine {
  readonly host: HostCompat;
  readonly cells: readonly (CompatCheck | undefined)[];
}

export interface CompatMatrix {
  readonly needs: readonly Need[];
  readonly lines: readonly CompatLine[];
}

const RANK = { fail: 0, warn: 1, pass: 2 } as const;

/**
 * Hosts by requirements. Requirements of one application on one field that saw the same value stand in one column (at
 * least 2, better 4), so that the matrix fits its window; what offends somewhere stands first.
 */
export function compatMatrix(hosts: readonly HostCompat[]): CompatMatrix {
  const columns = new Map<string, { need: Need; worst: number }>();
  for (const { checks } of hosts) {
    for (const check of checks) {
      const key = keyOf(check, hosts);
      const { application, field, wanted } = check;
      const known = columns.get(key)?.need.wanted ?? [];
      const all = known.includes(wanted) ? known : [...known, wanted];
      const worst = Math.min(columns.get(key)?.worst ?? 2, RANK[check.status]);
      columns.set(key, { worst, need: { key, application, field, wanted: all } });
    }
  }
  const needs = [...columns.values()].sort((a, b) => a.worst - b.worst).map(({ need }) => need);
  const lines = hosts.map((host) => ({
    host,
    cells: needs.map(({ key }) => {
      const own = host.checks.filter((check) => keyOf(check, hosts) === key);
      return own.sort((a, b) => RANK[a.status] - RANK[b.status])[0];
    }),
  }));
  return { needs, lines };
}

/** The field alone where all hosts show one value for it, else with what is wanted: they are about different parts then. */
function keyOf({ application, field, wanted }: CompatCheck, hosts: readonly HostCompat[]): string {
  const same = hosts.every(({ checks }) => {
    const seen = checks.filter((one) => one.application === application && one.field === field);
    return new Set(seen.map((one) => one.seen)).size <= 1;
  });
  return same ? `${application} ${field}` : `${application} ${field} ${wanted}`;
}
