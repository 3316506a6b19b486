import type { ProbeCheck, VantagePoint } from '../contract/vantage.ts';
import type { NormalisedSite } from '../site/index.ts';
import type { Action } from './actions.ts';
import { destinationText, type Destination } from './destination.ts';
import { machinesOf, networkAt } from './machines.ts';
import { dnsQuestion, httpHead, NTP_QUESTION } from './packets.ts';

/** Seconds for one probe: a little more than it takes Linux to find that nobody has an address. */
const PROBE_SECONDS = 4;
/** IPv4 and ICMP headers (RFC 791, RFC 792), which ping's payload size leaves out. */
const HEADERS = 28;
/** Sizes at which networks narrow: PPPoE, VXLAN over 1500, common tunnels, the least of IPv6. */
const NARROW = [1492, 1450, 1400, 1280];

/** Machines beside the destination that are tried: more would not tell more. */
const MOST_BESIDE = 2;

/** One row that is to be filled. */
export interface Probe {
  readonly to: string;
  readonly check: ProbeCheck;
  readonly action: Action;
}

/** What one vantage point tries. `others` are the points that the destination's own machine tries to reach back. */
export function probesFor(
  point: VantagePoint,
  destination: Destination,
  site: NormalisedSite,
  others: readonly VantagePoint[],
): readonly Probe[] {
  const service: Probe = {
    to: destinationText(destination),
    check: 'service',
    action: serviceAction(destination),
  };
  if (point.itself === true) {
    const back = others.flatMap(({ address }) =>
      address === undefined ? [] : [{ to: `${address}/ping`, check: 'back' as const, action: ping(address) }],
    );
    return [service, ...back];
  }
  const { host } = destination;
  const far = farGateway(point, destination, site);
  const beside = besideIt(point, destination, site);
  const mtu = expectedMtu(point, destination, site);
  const sizes = [mtu, ...NARROW.filter((size) => size < mtu)].map((size) => size - HEADERS);
  return [
    service,
    ...(destination.kind === 'icmp'
      ? []
      : [{ to: `${host}/ping`, check: 'machine' as const, action: ping(host) }]),
    { to: `${host}/${mtu} bytes`, check: 'size', action: ping(host, { sizes }) },
    { to: `gateway`, check: 'gateway', action: ping(host, { gateway: true }) },
    ...(far === undefined ? [] : [{ to: `${far}/ping`, check: 'far-gateway' as const, action: ping(far) }]),
    ...beside.map((address) => ({ to: `${address}/ping`, check: 'beside' as const, action: ping(address) })),
  ];
}

/** The payload size of a row's first ping, as packet size. */
export function packetSize(payload: number): number {
  return payload + HEADERS;
}

function ping(host: string, more: { gateway?: boolean; sizes?: readonly number[] } = {}): Action {
  const { gateway = false, sizes = [0] } = more;
  return { do: 'ping', host, gateway, sizes, seconds: PROBE_SECONDS };
}

function serviceAction(destination: Destination): Action {
  const { host, port, kind } = destination;
  const stream = { do: 'stream', host, port, tls: false, send: '', want: 0, seconds: PROBE_SECONDS } as const;
  const datagram = { do: 'datagram', host, port, send: '', seconds: PROBE_SECONDS } as const;
  const head = httpHead(host, destination.path ?? '/');
  switch (kind) {
    case 'tcp':
      return stream;
    case 'ssh':
      return { ...stream, want: 4 };
    case 'http':
      return { ...stream, send: head, want: 12 };
    case 'https':
      return { ...stream, tls: true, send: head, want: 12 };
    case 'dns':
      return { ...datagram, send: dnsQuestion(destination.question ?? 'localhost') };
    case 'ntp':
      return { ...datagram, send: NTP_QUESTION };
    case 'udp':
      return datagram;
    case 'icmp':
      return ping(host);
  }
}

/** The gateway of the destination's network, for a point that has to come through it. */
function farGateway(point: VantagePoint, destination: Destination, site: NormalisedSite): string | undefined {
  const network = site.networks.find(({ name }) => name === destination.network);
  const own = network?.name === point.network || network?.gateway === destination.host;
  return own ? undefined : network?.gateway;
}

/**
 * Other machines of the site in the destination's network: where one answers, the way into the network is open. For a
 * point that stands in it the gateway is one of them.
 */
function besideIt(point: VantagePoint, { host, network }: Destination, site: NormalisedSite): string[] {
  if (network === undefined) return [];
  const { gateway } = site.networks.find(({ name }) => name === network) ?? {};
  const own = point.network === network && gateway !== undefined && gateway !== host ? [gateway] : [];
  const others = machinesOf(site)
    .map(({ address }) => address)
    .filter((address) => address !== host && address !== point.address)
    .filter((address) => networkAt(site, address)?.name === network)
    .slice(0, MOST_BESIDE);
  return [...own, ...others];
}

function expectedMtu(point: VantagePoint, destination: Destination, site: NormalisedSite): number {
  const there = site.networks.find(({ name }) => name === destination.network)?.mtu ?? 1500;
  const here = point.address === undefined ? undefined : networkAt(site, point.address)?.mtu;
  return Math.min(there, here ?? 1500);
}
