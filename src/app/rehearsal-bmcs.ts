import { connect, type Socket } from 'node:net';
import { BringupError, EXIT } from '../contract/errors.ts';
import type { Credential } from '../contract/ports.ts';
import type { BmcTarget, Dial } from '../hardware/index.ts';
import type { NormalisedHost, NormalisedSite } from '../site/index.ts';
import type { PlacedFault } from './rehearsal-faults.ts';
import type { BmcTrouble, RehearsalPort, RehearsedMachine, RunningBmc } from './rehearsal-port.ts';

/** Of no use anywhere else: both ends of it are in this process. */
const LOGIN = { username: 'rehearsal', password: 'login-of-simulated-bmcs' };
const WRONG = { ...LOGIN, password: 'not-the-password-of-the-bmc' };
/** SHA-256 of no certificate. */
const OTHER_CERTIFICATE = '0'.repeat(64);

/** Simulated BMCs of a site, whom a discovery asks by the addresses of the site file. */
export interface RehearsedBmcs {
  readonly targets: readonly BmcTarget[];
  /** Leads to the simulated BMC of an address, on loopback, and nowhere else. */
  readonly dial: Dial;
  close(): Promise<void>;
}

/** Starts a simulated BMC for each host of the site file that has one. */
export async function startBmcs(
  port: RehearsalPort,
  site: NormalisedSite,
  faults: readonly PlacedFault[],
): Promise<RehearsedBmcs> {
  const machines = site.hosts.flatMap((host) => machineOf(host, troubleOf(host, site, faults)));
  const { bmcs, close } = await port.startBmcs(machines);
  const ca = bmcs.map(({ certificate }) => certificate).join('\n');
  const trouble = new Map(machines.map((machine) => [machine.name, machine.trouble]));
  const targets = site.hosts.flatMap(({ name, bmc }): BmcTarget[] => {
    if (bmc === undefined) return [];
    return [
      {
        base: bmc.port === 443 ? `https://${bmc.address}` : `https://${bmc.address}:${bmc.port}`,
        host: name,
        credential: credentialFor(trouble.get(name)),
        trust: trouble.get(name) === 'certificate-changed' ? { known: OTHER_CERTIFICATE } : { ca },
      },
    ];
  });
  return { targets, dial: dialerOf(site, bmcs, trouble), close };
}

function credentialFor(trouble: BmcTrouble | undefined): Credential {
  return trouble === 'wrong-password' ? WRONG : LOGIN;
}

function machineOf(host: NormalisedHost, trouble: BmcTrouble | undefined): RehearsedMachine[] {
  const { name, serial, bmc, profile, roles, interfaces } = host;
  if (bmc === undefined) return [];
  const wired = interfaces.filter((face) => face.mac !== undefined);
  return [
    {
      ...{ name, address: bmc.address, login: LOGIN },
      ...(serial === undefined ? {} : { serial }),
      kind: profile === 'auto' ? (roles[0] ?? '') : profile,
      macs: wired.map(({ mac }) => mac ?? ''),
      switchPorts: wired.map((face) => face.switch_port),
      ...(trouble === undefined ? {} : { trouble }),
    },
  ];
}

/** A fault that names no host is that of the first one with a BMC. */
function troubleOf(
  { name }: NormalisedHost,
  site: NormalisedSite,
  faults: readonly PlacedFault[],
): BmcTrouble | undefined {
  const first = site.hosts.find(({ bmc }) => bmc !== undefined)?.name;
  return faults.find(({ entry, host }) => entry.bmc !== undefined && (host ?? first) === name)?.entry.bmc;
}

function dialerOf(
  site: NormalisedSite,
  bmcs: readonly RunningBmc[],
  trouble: ReadonlyMap<string, BmcTrouble | undefined>,
): Dial {
  return async (address, port) => {
    const host = site.hosts.find(({ bmc }) => bmc?.address === address && bmc.port === port);
    const bmc = bmcs.find(({ name }) => name === host?.name);
    if (host === undefined || bmc === undefined) throw outside(address, port);
    if (trouble.get(host.name) === 'silent')
      throw Object.assign(new Error(`connect EHOSTUNREACH ${address}:${port}`), { code: 'EHOSTUNREACH' });
    return connectTo(bmc.port);
  };
}

function connectTo(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

function outside(address: string, port: number): BringupError {
  return new BringupError({
    code: 'REHEARSAL_ONLY',
    exit: EXIT.invalid,
    message: `Nothing answers for ${address}:${port} in a rehearsal; only simulated BMCs of the site file do.`,
  });
}
