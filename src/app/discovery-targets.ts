import type { DirectBmc, DiscoverOptions } from '../contract/api.ts';
import { BringupError, EXIT } from '../contract/errors.ts';
import type { Credential } from '../contract/ports.ts';
import {
  createRedfishClient,
  expandRanges,
  leasesInForce,
  parseLeases,
  type BmcTarget,
  type Dial,
  type PlannedHost,
  type ScanTarget,
  type Trust,
} from '../hardware/index.ts';
import { suggest, type NormalisedHost } from '../site/index.ts';
import { createDialer } from './dial.ts';
import type { BringupPorts } from './ports.ts';
import { readText } from './read-text.ts';
import { createSession } from './session.ts';
import { besideSiteFile, type LoadedSite } from './site.ts';

/** Given in place of a lease file: what dnsmasq of the deployment VM has given out. */
const DEPLOYMENT_VM = 'deployment-vm';
/** Where Debian's dnsmasq keeps its leases. */
const VM_LEASES = '/var/lib/misc/dnsmasq.leases';

/** Whom a discovery asks, and by which way. */
export interface Targets {
  readonly targets: readonly BmcTarget[];
  readonly scan: readonly ScanTarget[];
  readonly planned?: readonly (PlannedHost & Pick<NormalisedHost, 'interfaces'>)[];
  readonly dial?: Dial;
  dispose(): void;
}

/** One BMC that was named on the command line. */
export async function directTargets({ url, username, password, ca, pin }: DirectBmc): Promise<Targets> {
  const trust: Trust = {
    ...(pin === undefined ? {} : { pin }),
    ...(ca === undefined ? {} : { ca: await readText(ca, 'The CA certificate') }),
  };
  const target = { base: url, credential: { username, password }, trust };
  return { targets: [target], scan: [], dispose: () => undefined };
}

/** The BMCs of a site file, with their credentials, certificates and the way there. */
export async function prepareTargets(
  ports: BringupPorts,
  loaded: LoadedSite,
  options: DiscoverOptions,
  signal: AbortSignal,
): Promise<Targets> {
  const { site, file } = loaded;
  const planned = chooseHosts(site.hosts, options.hosts);
  const session = createSession({
    site,
    credentials: ports.credentials,
    hostKeys: ports.hostKeys,
    signal,
    ...(options.acceptHostKey === undefined ? {} : { acceptHostKey: options.acceptHostKey }),
  });
  const { via } = site.discovery;
  // Said once, and not by every BMC behind it.
  if (via === 'kvm-host') await session.kvmHost();
  if (via === 'deployment-vm') await session.deploymentVm();
  const { dial } = createDialer({ via, ...session });
  const credentials = createCredentialReader(ports);
  const { ca: caFile } = site.discovery;
  const ca =
    caFile === undefined ? {} : { ca: await readText(besideSiteFile(file, caFile), 'The CA certificate') };
  const targets: BmcTarget[] = [];
  for (const { name, bmc } of planned) {
    if (bmc === undefined) continue;
    const credential = await credentials(bmc.credential);
    targets.push({
      base: bmc.port === 443 ? `https://${bmc.address}` : `https://${bmc.address}:${bmc.port}`,
      host: name,
      ...(credential === undefined ? {} : { credential }),
      trust: {
        ...ca,
        ...(await knownCertificate(ports, bmc.address, bmc.port)),
        ...(bmc.certificate === undefined ? {} : { pin: bmc.certificate }),
      },
    });
  }
  const scan = await scanTargets(ports, loaded, options, {
    ca,
    credentials,
    leases: async (from) =>
      from === DEPLOYMENT_VM
        ? (await (await session.deploymentVm()).readFile(VM_LEASES, { sudo: true })).toString('utf8')
        : readText(from, 'The lease file'),
  });
  return { targets, scan, planned, dial, dispose: () => session.close() };
}

/** Whatever else may be a BMC: ranges of the site file and the command line, and leases. */
async function scanTargets(
  ports: BringupPorts,
  { site, file }: LoadedSite,
  options: DiscoverOptions,
  shared: {
    readonly ca: Trust;
    readonly credentials: CredentialReader;
    readonly leases: (file: string) => Promise<string>;
  },
): Promise<ScanTarget[]> {
  const addresses = [
    ...expandRanges([
      ...(options.hosts === undefined ? site.discovery.ranges : []),
      ...(options.ranges ?? []),
    ]),
    ...(options.leases === undefined
      ? []
      : leasesInForce(parseLeases(await shared.leases(options.leases)), ports.clock.now()).map(
          (lease) => lease.address,
        )),
  ];
  if (addresses.length === 0) return [];
  const name = options.credential ?? site.discovery.credential;
  if (name === undefined) {
    throw new BringupError({
      code: 'DISCOVERY_CREDENTIAL',
      exit: EXIT.invalid,
      message: 'BMCs that are found by looking for them need a credential, and none is named.',
      hint: `Name one with --credential NAME, or as discovery.credential in ${file}.`,
    });
  }
  const credential = await shared.credentials(name);
  const known = new Map<string, Trust>();
  for (const address of addresses) known.set(address, await knownCertificate(ports, address, 443));
  return [
    {
      addresses,
      ...(credential === undefined ? {} : { credential }),
      trust: (address) => ({ ...shared.ca, ...known.get(address) }),
    },
  ];
}

async function knownCertificate(ports: BringupPorts, address: string, port: number): Promise<Trust> {
  const known = await ports.certificates.get(`${address}:${port}`);
  return known === null ? {} : { known };
}

/**
 * Looks at the certificates of BMCs without logging in, and keeps what they show as known. One that cannot be looked at
 * stays unknown: reading it will say why. `only`: the fingerprints that somebody has compared; left out, all of them.
 */
export async function keepCertificates(
  ports: BringupPorts,
  bases: readonly string[],
  {
    dial,
    only,
    signal,
  }: {
    readonly dial: Dial | undefined;
    readonly only: readonly string[] | undefined;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const shown = await Promise.all(bases.map((base) => lookAtCertificate(base, dial, signal)));
  for (const [index, base] of bases.entries()) {
    const certificate = shown[index];
    const { hostname, port } = new URL(base);
    if (certificate === undefined || only?.includes(certificate) === false) continue;
    await ports.certificates.set(`${hostname}:${port || '443'}`, certificate);
  }
}

async function lookAtCertificate(
  base: string,
  dial: Dial | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const client = createRedfishClient({ base, signal, ...(dial === undefined ? {} : { dial }) });
  try {
    await client.root();
  } catch {
    // The certificate may have been seen all the same.
  } finally {
    await client.close();
  }
  return client.certificate()?.sha256;
}

type CredentialReader = (name: string) => Promise<Credential | undefined>;

/** Asks the store once for each name; a name that is not stored is undefined. */
function createCredentialReader(ports: BringupPorts): CredentialReader {
  const asked = new Map<string, Promise<Credential | null>>();
  return async (name) => {
    const asking = asked.get(name) ?? ports.credentials.get(name);
    asked.set(name, asking);
    return (await asking) ?? undefined;
  };
}

function chooseHosts(
  hosts: readonly NormalisedHost[],
  names: readonly string[] | undefined,
): readonly NormalisedHost[] {
  if (names === undefined) return hosts;
  return names.map((name) => {
    const found = hosts.find((host) => host.name === name);
    if (found !== undefined) return found;
    const near = suggest(
      name,
      hosts.map((host) => host.name),
    );
    throw new BringupError({
      code: 'HOST_UNKNOWN',
      exit: EXIT.invalid,
      message: `The site file has no host ${name}.`,
      hint: near === undefined ? 'See its hosts with: bringup plan FILE' : `Did you mean ${near}?`,
    });
  });
}
