import type { DiscoverProgress } from '../../../src/contract/api.ts';
import type { DiscoveredMachine, DiscoverResult, HardwareFinding } from '../../../src/contract/hardware.ts';
import type { SiteHost } from './site-view.ts';

/** How a machine stands: `reading` while the discovery goes on, `unknown` where it was never looked for. */
export type MachineState = 'reading' | 'found' | 'failed' | 'missing' | 'unknown';

/** One line of the discovery table: a host of the site file, or a machine that none of them is. */
export interface MachineRow {
  /** The host's name, or the BMC's address: unique in the table. */
  readonly id: string;
  readonly host?: string;
  readonly bmc?: string;
  readonly state: MachineState;
  readonly machine?: DiscoveredMachine;
  /** Errors and warnings first; notes are in it too. */
  readonly findings: readonly HardwareFinding[];
  /** One line said at the end of the machine while the whole is not done. */
  readonly said?: string;
}

export interface DiscoveryRows {
  readonly expected: readonly MachineRow[];
  readonly strangers: readonly MachineRow[];
  /** Findings about no machine of the table. */
  readonly others: readonly HardwareFinding[];
}

interface Seen {
  readonly result: DiscoverResult | undefined;
  /** Only while a discovery of this site goes on. */
  readonly progress: DiscoverProgress | undefined;
  /** The hosts it was asked for; all of them where it is left out. */
  readonly only?: readonly string[] | undefined;
}

/** Expected against found: every host of the site file in its order, then the machines that it does not name. */
export function discoveryRows(hosts: readonly SiteHost[], { result, progress, only }: Seen): DiscoveryRows {
  // Of cabling only what is wrong: what is merely not known has its place in the cabling step.
  const findings = (result?.findings ?? []).filter(
    ({ code, severity }) => !isCabling(code) || severity !== 'note',
  );
  const expected = hosts.map((host): MachineRow => {
    const machine = result?.machines.find((one) => one.host === host.name);
    const own = findings.filter((finding) => finding.host === host.name);
    const bmc = machine?.bmc ?? host.bmc;
    const asked = progress?.running === true && (only === undefined || only.includes(host.name));
    const ended = asked ? progress.ended.find((one) => one.host === host.name) : undefined;
    return {
      id: host.name,
      host: host.name,
      ...(bmc === undefined ? {} : { bmc }),
      ...(machine === undefined || asked ? {} : { machine }),
      findings: asked ? [] : own,
      state: asked ? goingOn(host, ended?.ok) : ofResult(result, machine),
      ...(ended === undefined ? {} : { said: ended.text }),
    };
  });
  const strangers = (result?.machines ?? [])
    .filter(({ host }) => host === undefined || !hosts.some(({ name }) => name === host))
    .map((machine): MachineRow => {
      const address = machine.bmc.replace(/^https?:\/\//, '');
      const serial = machine.snapshot?.serial;
      const isAbout = ({ host, message, code }: HardwareFinding): boolean =>
        host === machine.bmc ||
        (code === 'host.stranger' &&
          (message.includes(address) || (serial !== undefined && message.includes(serial))));
      return {
        ...{ id: machine.bmc, bmc: machine.bmc, machine },
        state: machine.ok ? 'found' : 'failed',
        findings: findings.filter(isAbout),
      };
    });
  const told = new Set([...expected, ...strangers].flatMap((row) => row.findings));
  const others = progress?.running === true ? [] : findings.filter((finding) => !told.has(finding));
  return { expected, strangers, others };
}

function goingOn(host: SiteHost, ok: boolean | undefined): MachineState {
  if (host.bmc === undefined) return 'unknown';
  return ok === undefined ? 'reading' : ok ? 'found' : 'failed';
}

function ofResult(result: DiscoverResult | undefined, machine: DiscoveredMachine | undefined): MachineState {
  if (result === undefined) return 'unknown';
  if (machine === undefined) return 'missing';
  return machine.ok ? 'found' : 'failed';
}

/** True for findings that the cabling step shows. */
export function isCabling(code: string): boolean {
  return code.startsWith('cable.');
}

/** Findings a person should look at: all but notes. */
export function worthALook(findings: readonly HardwareFinding[]): readonly HardwareFinding[] {
  return findings.filter(({ severity }) => severity !== 'note');
}

/** True for a machine of which nothing is wrong but that nobody has compared its certificate yet. */
export function isToCompare({ machine }: MachineRow): boolean {
  return machine?.error?.code === CERTIFICATE_UNKNOWN;
}

const CERTIFICATE_UNKNOWN = 'REDFISH_CERTIFICATE_UNKNOWN';

/** A certificate that a BMC showed at first contact and that nobody has confirmed yet. `sha256` is lower-case hex. */
export interface NewCertificate {
  readonly bmc: string;
  readonly host?: string;
  readonly sha256: string;
  /** Subject and validity as the error tells them. */
  readonly about: string;
}

/** The certificates that wait for somebody to compare them. */
export function newCertificates(result: DiscoverResult | undefined): NewCertificate[] {
  return (result?.machines ?? []).flatMap(({ bmc, host, error }) => {
    if (error?.code !== CERTIFICATE_UNKNOWN) return [];
    const days = error.message.replaceAll(/(\d{4}-\d\d-\d\d)T[\d:.]+Z/g, '$1');
    const [, sha256, about = ''] = /SHA-256 ([0-9a-f]{64}),? ?(.*?)\.?$/s.exec(days) ?? [];
    return sha256 === undefined ? [] : [{ bmc, sha256, about, ...(host === undefined ? {} : { host }) }];
  });
}

/** Fingerprint of the KVM host's SSH key that an error of first contact shows. */
export function shownHostKey(error: Error | undefined): string | undefined {
  if (error === undefined || !('code' in error) || error.code !== 'SSH_HOST_KEY_UNKNOWN') return undefined;
  return /SHA256:[A-Za-z0-9+/]{43}/.exec(error.message)?.[0];
}
