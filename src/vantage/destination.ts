import { BringupError, EXIT } from '../contract/errors.ts';
import type { NormalisedSite } from '../site/index.ts';
import { machinesOf, networkAt, type Machine } from './machines.ts';

/** How a port is spoken to. `tcp` only connects; `ssh` waits for the server's banner; `udp` sends one empty datagram. */
export type ProbeKind = 'tcp' | 'ssh' | 'dns' | 'ntp' | 'http' | 'https' | 'udp' | 'icmp';

/** What the probes lead to. `host` is an IPv4 address, or a name that each vantage point resolves by itself. */
export interface Destination {
  readonly host: string;
  readonly kind: ProbeKind;
  /** 0 for ICMP. */
  readonly port: number;
  /** The machine of the site file, where it is one. */
  readonly machine?: Machine;
  /** Name of the site's network it is in. */
  readonly network?: string;
  /** Path of an HTTP request. */
  readonly path?: string;
  /** The name to ask a DNS server for; without one, any answer shows that the server is there. */
  readonly question?: string;
}

const PORTS: Readonly<Record<ProbeKind, number | undefined>> = {
  tcp: undefined,
  udp: undefined,
  ssh: 22,
  dns: 53,
  ntp: 123,
  http: 80,
  https: 443,
  icmp: 0,
};
const KINDS = Object.keys(PORTS) as ProbeKind[];
/** What a port means where nothing else is said. */
const KIND_OF_PORT = new Map<number, ProbeKind>([
  [22, 'ssh'],
  [53, 'dns'],
  [123, 'ntp'],
  [80, 'http'],
  [443, 'https'],
]);
const HOST = '[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252}[A-Za-z0-9_])?';
const FORM = new RegExp(`^(${HOST})(?::(\\d{1,5}))?(?:/([a-z]+))?$`);

/** Reads `HOST[:PORT][/KIND]`, `NAME/bmc` or a URL; HOST may be a machine of the site. Throws PROBE_DESTINATION. */
export function parseDestination(text: string, site: NormalisedSite): Destination {
  if (/^https?:\/\//.test(text)) return fromUrl(text, site);
  const [, host, portText, kindText] = FORM.exec(text) ?? [];
  if (host === undefined) throw wrong(text);
  if (kindText === 'bmc' && portText === undefined) return toBmc(text, host, site);
  const given = portText === undefined ? undefined : Number(portText);
  if (given !== undefined && (given < 1 || given > 65535)) throw wrong(text);
  const kind = kindText === undefined ? kindOf(given, host, site) : KINDS.find((known) => known === kindText);
  if (kind === undefined) throw wrong(text);
  const port = kind === 'icmp' ? 0 : (given ?? PORTS[kind]);
  if (port === undefined) throw wrong(text);
  return makeDestination(site, { host, kind, port });
}

/** Completes a destination with what the site file knows of it; a machine's name becomes its address. */
export function makeDestination(
  site: NormalisedSite,
  base: Omit<Destination, 'machine' | 'network'>,
): Destination {
  const machines = machinesOf(site);
  const names = (machine: Machine): boolean =>
    machine.isBmc !== true &&
    (machine.id === base.host ||
      (machine.id === 'deployment-vm' && base.host === site.deployment_vm.name) ||
      `${machine.id}.${site.site.domain}` === base.host);
  // A full name stays one: whether it resolves is part of the question.
  const machine = machines.find((entry) => entry.address === base.host) ?? machines.find(names);
  const host = machine !== undefined && !base.host.includes('.') ? machine.address : base.host;
  const network = networkAt(site, machine?.address ?? host)?.name;
  return {
    ...base,
    host,
    ...(machine === undefined ? {} : { machine }),
    ...(network === undefined ? {} : { network }),
  };
}

/** `10.20.0.11:22/ssh`, `10.20.0.11/icmp`. */
export function destinationText({ host, port, kind }: Destination): string {
  return kind === 'icmp' ? `${host}/icmp` : `${host}:${port}/${kind}`;
}

/** As a firewall rule names it: `443/tcp`, `53/udp`, `ICMP echo`. */
export function serviceText({ port, kind }: Destination): string {
  if (kind === 'icmp') return 'ICMP echo';
  return `${port}/${kind === 'dns' || kind === 'ntp' || kind === 'udp' ? 'udp' : 'tcp'}`;
}

/** `node-1 (10.20.0.11)`, or the bare address. */
export function destinationLabel({ host, machine }: Destination): string {
  return machine === undefined ? host : `${machine.label} (${host})`;
}

function kindOf(port: number | undefined, host: string, site: NormalisedSite): ProbeKind | undefined {
  if (port === undefined) return 'icmp';
  const machine = machinesOf(site).find((entry) => entry.address === host || entry.id === host);
  if (machine?.isBmc !== true && machine?.sshPort === port) return 'ssh';
  if (machine?.isBmc === true && machine.host?.bmc?.port === port) return 'https';
  return KIND_OF_PORT.get(port) ?? 'tcp';
}

function toBmc(text: string, name: string, site: NormalisedSite): Destination {
  const bmc = site.hosts.find((host) => host.name === name)?.bmc;
  if (bmc === undefined) throw wrong(text, `The site file has no BMC for ${name}.`);
  return makeDestination(site, { host: bmc.address, kind: 'https', port: bmc.port, path: '/redfish/v1/' });
}

function fromUrl(text: string, site: NormalisedSite): Destination {
  if (!URL.canParse(text)) throw wrong(text);
  const { protocol, hostname, port, pathname, search } = new URL(text);
  if (!new RegExp(`^${HOST}$`).test(hostname)) throw wrong(text);
  const kind = protocol === 'https:' ? 'https' : 'http';
  const path = `${pathname}${search}`;
  return makeDestination(site, { host: hostname, kind, port: Number(port) || (PORTS[kind] ?? 0), path });
}

function wrong(text: string, because = 'It is not HOST[:PORT][/KIND].'): BringupError {
  return new BringupError({
    code: 'PROBE_DESTINATION',
    exit: EXIT.invalid,
    message: `${text} is nothing that can be probed. ${because}`,
    hint: `Say for instance 10.20.0.11:22, node-1:443/https, node-1/bmc, 10.20.0.2/dns or http://10.20.0.4/repo; KIND is one of ${KINDS.join(', ')}, and tcp and udp need a port.`,
  });
}
