import type { ProbeResult } from '../../src/contract/vantage.ts';

/** A routing rule on the router or a machine: `blackhole` drops, `prohibit` and `unreachable` reject by ICMP. */
export const rule = (what: string): [string, string] => [`ip rule add ${what}`, `ip rule del ${what}`];

/** What each point found at the service itself. */
export const service = ({ matrix }: ProbeResult): Record<string, string> =>
  Object.fromEntries(
    matrix.filter(({ check }) => check === 'service').map(({ from, status }) => [from, status]),
  );

const EVERYBODY = ['laptop', 'kvm-host', 'deployment-vm', 'node-2', 'node-1'];

/** The same of each of these points, of all where none is named. */
export const all = (status: string, names = EVERYBODY): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, status]));
