import { BringupError, EXIT } from '../contract/errors.ts';
import type { Credential, HostKeyStore } from '../contract/ports.ts';
import { createRedfishClient, type Trust } from '../hardware/index.ts';
import { connect, dial, type RemoteConnection } from '../remote/index.ts';
import type { CarefulLogin } from './credentials-careful.ts';
import type { LoginTarget } from './credentials-targets.ts';
import type { Dialer } from './dial.ts';

/** Seconds for each of TCP connection and SSH login; and for one request to a BMC. */
const SSH_SECONDS = 8;
const BMC_SECONDS = 30;

/** What the logins of one test share. `kvmHost` is logged in to once, however many machines lie behind it. */
export interface LoginPorts {
  readonly hostKeys: HostKeyStore;
  readonly certificates: HostKeyStore;
  /** Fingerprints the engineer has compared. */
  readonly accept: readonly string[];
  /** CA certificates of the site file, in PEM. */
  readonly ca?: string;
  /** Ways to the BMCs as `discovery.via` says, and to the servers: by the laptop itself, else through the KVM host. */
  readonly toBmcs: Dialer;
  readonly toServers: Dialer;
  kvmHost(): Promise<RemoteConnection>;
}

/** A login that can be tried, and the certificate or host key that stood in its way. */
export interface PlannedLogin extends CarefulLogin {
  shown(): string | undefined;
}

/** The login of one machine. */
export function planLogin(target: LoginTarget, credential: Credential, ports: LoginPorts): PlannedLogin {
  if (target.target === 'bmc') return bmcLogin(target, credential, ports);
  let shown: string | undefined;
  return {
    name: nameOf(target),
    look: async () => (target.target === 'server' ? lookAtServer(target, ports) : undefined),
    login: async () => {
      try {
        if (target.target === 'kvm-host') await ports.kvmHost();
        else (await openSsh(target, credential, ports, await wayTo(target, ports))).close();
      } catch (thrown) {
        shown = hostKeyShown(thrown);
        throw thrown;
      }
    },
    shown: () => shown,
  };
}

/** Logs in by SSH; a host key that nobody knows passes where the engineer has accepted exactly this one. */
export async function openSsh(
  target: LoginTarget,
  credential: Credential,
  { hostKeys, accept }: Pick<LoginPorts, 'hostKeys' | 'accept'>,
  via?: RemoteConnection,
): Promise<RemoteConnection> {
  const log = async (acceptFingerprint?: string): Promise<RemoteConnection> =>
    connect(
      {
        label: nameOf(target),
        ...{ host: target.address, port: target.port, username: target.user ?? '', credential },
        ...(via === undefined ? {} : { via }),
        ...(target.fingerprint === undefined ? {} : { expectedFingerprint: target.fingerprint }),
        ...(acceptFingerprint === undefined ? {} : { acceptFingerprint }),
      },
      { hostKeys, connectTimeoutSeconds: SSH_SECONDS },
    );
  try {
    return await log();
  } catch (thrown) {
    const seen = hostKeyShown(thrown);
    if (seen === undefined || !accept.includes(seen)) throw thrown;
    return log(seen);
  }
}

/** Whether anybody listens there; nothing is said to it. */
async function lookAtServer(target: LoginTarget, ports: LoginPorts): Promise<void> {
  const via = await wayTo(target, ports);
  const there = {
    ...{ label: nameOf(target), host: target.address, port: target.port, username: '', credential: {} },
    ...(via === undefined ? {} : { via }),
  };
  (await dial(there, SSH_SECONDS, undefined)).destroy();
}

async function wayTo(target: LoginTarget, ports: LoginPorts): Promise<RemoteConnection | undefined> {
  if ((await ports.toServers.wayTo(target.address, target.port)) === 'laptop') return undefined;
  try {
    return await ports.kvmHost();
  } catch (thrown) {
    if (!(thrown instanceof BringupError)) throw thrown;
    throw new BringupError({
      code: 'CREDENTIALS_NO_WAY',
      exit: EXIT.connection,
      message: `This laptop does not reach ${nameOf(target)}, and the way through the KVM host is not open: ${thrown.message}`,
      ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
      evidence: thrown.evidence,
      cause: thrown,
    });
  }
}

function bmcLogin(target: LoginTarget, credential: Credential, ports: LoginPorts): PlannedLogin {
  const { address, port } = target;
  const key = `${address}:${port}`;
  const base = port === 443 ? `https://${address}` : `https://${key}`;
  let shown: string | undefined;
  const ask = async (secret: Credential | undefined, uri: string): Promise<void> => {
    const known = (await ports.certificates.get(key)) ?? undefined;
    const trust: Trust = {
      accept: ports.accept,
      ...(ports.ca === undefined ? {} : { ca: ports.ca }),
      ...(known === undefined ? {} : { known }),
      ...(target.fingerprint === undefined ? {} : { pin: target.fingerprint }),
    };
    const client = createRedfishClient({
      ...{ base, trust, label: nameOf(target), dial: ports.toBmcs.dial },
      limits: { requestSeconds: BMC_SECONDS, connectSeconds: SSH_SECONDS },
      ...(secret === undefined ? {} : { credential: secret }),
    });
    try {
      await client.get(uri);
      const seen = client.certificate()?.sha256;
      const accepted = seen !== undefined && ports.accept.some((one) => sameCertificate(one, seen));
      if (accepted && seen !== known && target.fingerprint === undefined)
        await ports.certificates.set(key, seen);
    } catch (thrown) {
      if (thrown instanceof BringupError && thrown.code.startsWith('REDFISH_CERTIFICATE'))
        shown = client.certificate()?.sha256;
      throw thrown;
    } finally {
      await client.close();
    }
  };
  return {
    name: nameOf(target),
    look: () =>
      ask(undefined, '/redfish/v1').catch((thrown: unknown) => {
        // Some BMCs keep even their service root to themselves.
        if (!(thrown instanceof BringupError) || thrown.code !== 'REDFISH_FORBIDDEN') throw thrown;
      }),
    login: () => ask(credential, '/redfish/v1/Systems'),
    shown: () => shown,
  };
}

/** As sentences name the machine. */
function nameOf({ target, host }: LoginTarget): string {
  if (target === 'kvm-host') return 'KVM host';
  return target === 'bmc' ? `BMC of ${host ?? 'a host'}` : (host ?? 'server');
}

/** The SSH host key that was not believed; one that is not the site file's can not be accepted. */
function hostKeyShown(thrown: unknown): string | undefined {
  if (!(thrown instanceof BringupError) || !thrown.code.startsWith('SSH_HOST_KEY')) return undefined;
  if (thrown.evidence.some(({ source }) => source === 'host key expected')) return undefined;
  return thrown.evidence.find(({ source }) => source === 'host key shown')?.text;
}

function sameCertificate(accepted: string, seen: string): boolean {
  return accepted.replaceAll(/[:\s]/g, '').toLowerCase() === seen;
}
