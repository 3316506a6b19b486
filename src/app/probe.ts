import type { FailureRecord } from '../contract/failure.ts';
import { BringupError, EXIT } from '../contract/errors.ts';
import type { ProbeInput, ProbeResult } from '../contract/vantage.ts';
import { createRedfishClient } from '../hardware/index.ts';
import { connect, type RemoteConnection } from '../remote/index.ts';
import {
  destinationOf,
  parseDestination,
  runProbes,
  type Destination,
  type PointPorts,
} from '../vantage/index.ts';
import { createDialer } from './dial.ts';
import { readText } from './read-text.ts';
import type { BringupPorts } from './ports.ts';
import { readState } from './read-run.ts';
import { refuseRehearsed } from './rehearsal-site.ts';
import { createSession, type Session } from './session.ts';
import { besideSiteFile, loadSite, type LoadedSite } from './site.ts';

/** Seconds to reach one server by one way; two ways are tried. */
const TARGET_SECONDS = 4;

type Known = Pick<BringupPorts, 'hostKeys' | 'certificates'>;
type SiteAndFile = Pick<LoadedSite, 'site' | 'file'>;

/** `vantage.probe`: tries to reach one thing from everywhere. Rejects with PROBE_* (exit 2) where there is nothing to try. */
export async function probe(ports: BringupPorts, input: ProbeInput): Promise<ProbeResult> {
  const failed = input.run === undefined ? undefined : await readFailures(ports, input.run);
  const file = input.file ?? failed?.siteFile;
  if (file === undefined) throw nothingToProbe('No site file is named.');
  const loaded = await loadSite(file, ports.playbooks);
  const { site } = loaded;
  const destination =
    input.to === undefined
      ? failed && lastDestination(failed.failures, loaded, input.reference)
      : parseDestination(input.to, site);
  if (destination === undefined) {
    throw nothingToProbe(
      failed === undefined
        ? 'Neither a destination nor a run is named.'
        : `The run ${input.run ?? ''} has no failure${input.reference === undefined ? '' : ` ${input.reference}`} that is about reaching something.`,
    );
  }
  const stop = new AbortController();
  const { credentials, hostKeys } = ports;
  const session = createSession({ site, credentials, hostKeys, signal: stop.signal });
  try {
    return await runProbes(site, destination, waysTo(loaded, session, ports));
  } finally {
    stop.abort();
    session.close();
  }
}

/**
 * Tries to reach a destination over the connections that a run has. Takes 20 s at most and never rejects, since a probe
 * that goes wrong must not hide the failure it was to explain: null then, and where it was cancelled.
 */
export async function probeInRun(
  destination: Destination,
  session: Session,
  loaded: SiteAndFile,
  ports: Known,
  signal: AbortSignal,
): Promise<ProbeResult | null> {
  try {
    return await runProbes(loaded.site, destination, waysTo(loaded, session, ports), signal);
  } catch {
    return null;
  }
}

interface Failures {
  readonly siteFile: string;
  /** In the order in which they happened. */
  readonly failures: readonly { readonly record: FailureRecord; readonly unreachable: boolean }[];
}

async function readFailures(ports: BringupPorts, run: string): Promise<Failures> {
  const { state } = await readState(ports.journals, run);
  refuseRehearsed(state.choices, run);
  const failures = [...state.stages.values()].flatMap((stage) =>
    stage.failures.map((record) => ({ record, unreachable: stage.status === 'unreachable' })),
  );
  return { siteFile: state.siteFile, failures };
}

function lastDestination(
  failures: Failures['failures'],
  { site }: SiteAndFile,
  reference: string | undefined,
): Destination | undefined {
  return failures
    .filter(({ record }) => reference === undefined || record.reference === reference)
    .map(({ record, unreachable }) => destinationOf(record, site, unreachable))
    .findLast((found) => found !== undefined);
}

function waysTo({ site, file }: SiteAndFile, session: Session, known: Known): PointPorts {
  return {
    kvmHost: () => session.kvmHost(),
    deploymentVm: () => session.deploymentVm(),
    target: async (host, address, signal) => {
      const { ssh } = host;
      if (ssh === undefined) throw new Error('the site file gives no way to log in');
      const credential = await session.credential(ssh.credential);
      const by = async (via: RemoteConnection): Promise<RemoteConnection> =>
        connect(
          {
            label: host.name,
            host: address,
            port: ssh.port,
            username: ssh.user,
            credential,
            via,
            ...(ssh.host_key === undefined ? {} : { expectedFingerprint: ssh.host_key }),
          },
          { hostKeys: known.hostKeys, signal, connectTimeoutSeconds: TARGET_SECONDS },
        );
      const first = await session.kvmHost().then(by).catch(thrown);
      if (!(first instanceof Error)) return first;
      if (signal.aborted) throw first;
      // What the KVM host does not reach, the deployment VM may: it can stand in more networks.
      const second = await session.deploymentVm().then(by).catch(thrown);
      if (!(second instanceof Error)) return second;
      throw first;
    },
    bmc: async (host, signal) => {
      const { bmc } = host;
      if (bmc === undefined) throw new Error('the site file names no BMC');
      const { ca } = site.discovery;
      const pinned = await known.certificates.get(`${bmc.address}:${bmc.port}`);
      const { dial } = createDialer({ via: site.discovery.via, ...session });
      return createRedfishClient({
        base: `https://${bmc.address}:${bmc.port}`,
        credential: await session.credential(bmc.credential),
        label: `BMC of ${host.name}`,
        trust: {
          ...(ca === undefined ? {} : { ca: await readText(besideSiteFile(file, ca), 'The CA certificate') }),
          ...(pinned === null ? {} : { known: pinned }),
          ...(bmc.certificate === undefined ? {} : { pin: bmc.certificate }),
        },
        dial,
        signal,
      });
    },
  };
}

function thrown(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function nothingToProbe(because: string): BringupError {
  return new BringupError({
    code: 'PROBE_NOTHING',
    exit: EXIT.invalid,
    message: `There is nothing to probe. ${because}`,
    hint: 'Name what is to be reached: bringup probe site.yaml --to 10.20.0.11:22, or a run that failed: --run RUN',
  });
}
