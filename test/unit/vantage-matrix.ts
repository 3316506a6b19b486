import type {
  ProbeCheck,
  ProbeRow,
  ProbeStatus,
  ProbeVerdict,
  VantagePoint,
} from '../../src/contract/vantage.ts';
import { parseDestination, type Destination } from '../../src/vantage/destination.ts';
import { judgeMatrix } from '../../src/vantage/verdict.ts';
import { changed, siteOf, SITE } from './site-example.ts';

/** The example with a third network, node-2 in it, and both nodes open to a login. */
export const THREE_NETWORKS = changed(
  'network: mgmt, address: 10.20.0.12}',
  'network: data, address: 10.20.2.12}',
  changed(
    '  - {name: oob,',
    '  - {name: data, cidr: 10.20.2.0/24, gateway: 10.20.2.1}\n  - {name: oob,',
    changed(
      '    bmc: {address: 10.20.1.12, credential: idrac}\n',
      '    bmc: {address: 10.20.1.12, credential: idrac}\n    ssh: {user: admin, credential: node}\n',
      SITE,
    ),
  ),
);

const site = siteOf(THREE_NETWORKS);

/** The points of the example: the laptop in an office network, all others in networks of the site. */
export const POINTS: Readonly<Record<string, VantagePoint>> = {
  laptop: { id: 'laptop', kind: 'laptop', label: 'laptop', address: '10.9.0.2' },
  laptopInside: { id: 'laptop', kind: 'laptop', label: 'laptop', address: '10.20.2.99', network: 'data' },
  kvm: { id: 'kvm-host', kind: 'kvm-host', label: 'KVM host', address: '10.20.0.5', network: 'mgmt' },
  vm: {
    id: 'deployment-vm',
    kind: 'deployment-vm',
    label: 'deployment VM',
    address: '10.20.0.10',
    network: 'mgmt',
  },
  node1: { id: 'node-1', kind: 'target', label: 'node-1', address: '10.20.0.11', network: 'mgmt' },
  node2: { id: 'node-2', kind: 'target', label: 'node-2', address: '10.20.2.12', network: 'data' },
  bmc: { id: 'bmc of node-2', kind: 'bmc', label: 'BMC of node-2', address: '10.20.1.12' },
};

/** What a point found: its service row first, then the others by check. */
export type Found = ProbeStatus | Readonly<Partial<Record<ProbeCheck, ProbeStatus>>>;

const TO: Readonly<Record<ProbeCheck, string>> = {
  service: '10.20.2.12:443/https',
  machine: '10.20.2.12/ping',
  size: '10.20.2.12/1500 bytes',
  gateway: '10.20.0.1/ping',
  'far-gateway': '10.20.2.1/ping',
  beside: '10.20.2.11/ping',
  back: '10.9.0.2/ping',
  power: 'node-2/power',
  link: 'node-2/link',
  bmc: 'itself',
};

/** HTTPS of node-2, which stands in the network `data`. */
export const destination: Destination = parseDestination('10.20.2.12:443', site);

/** The verdict over what each point found; `itself` names the point that is the destination's own machine. */
export function verdictOf(found: Readonly<Record<string, Found>>, itself = 'node2-none'): ProbeVerdict {
  const points = Object.keys(found).map((name): VantagePoint => {
    const point = POINTS[name]!;
    return name === itself ? { ...point, itself: true } : point;
  });
  return judgeMatrix(points, rowsOf(found), destination);
}

function rowsOf(found: Readonly<Record<string, Found>>): readonly ProbeRow[] {
  return Object.entries(found).flatMap(([name, what]) => {
    const cells = typeof what === 'string' ? { service: what } : what;
    return Object.entries(cells).map(([check, status]) => ({
      from: POINTS[name]!.id,
      to: TO[check as ProbeCheck],
      check: check as ProbeCheck,
      status,
      text: `seen ${status}`,
    }));
  });
}
