import { BringupError, EXIT } from '../contract/errors.ts';
import type { Credential, CredentialStore, HostKeyStore } from '../contract/ports.ts';
import { REMOTE_ROOT } from '../preflight/index.ts';
import { connect, fingerprintOf, type RemoteConnection } from '../remote/index.ts';
import type { NormalisedSite } from '../site/index.ts';
import { startVm, unlessOff } from './vm-power.ts';

export interface SessionOptions {
  readonly site: NormalisedSite;
  readonly credentials: CredentialStore;
  readonly hostKeys: HostKeyStore;
  readonly acceptHostKey?: string;
  readonly signal: AbortSignal;
}

/** The connections of one run; each is opened when first asked for, and opened anew after it broke. */
export interface Session {
  kvmHost(): Promise<RemoteConnection>;
  deploymentVm(): Promise<RemoteConnection>;
  /** Starts the deployment VM, which is switched off. Rejects with VM_START_FAILED. */
  startVm(): Promise<void>;
  /** Drops a connection that may be dead without having said so, and the one it goes through; those opened since stay. */
  drop(dead: RemoteConnection): void;
  /** A credential the site file names. Rejects with CREDENTIAL_MISSING. */
  credential(name: string): Promise<Credential>;
  siteDir(): string;
  close(): void;
}

export function createSession(options: SessionOptions): Session {
  const { site } = options;
  const siteDir = `${REMOTE_ROOT}/sites/${site.site.name}`;
  const credential = (name: string): Promise<Credential> => findCredential(options.credentials, name);
  const kvmHost = keepOpen(async () =>
    connect(
      {
        label: 'KVM host',
        host: site.kvm_host.address,
        port: site.kvm_host.port,
        username: site.kvm_host.user,
        credential: await credential(site.kvm_host.credential),
        ...(site.kvm_host.host_key === undefined ? {} : { expectedFingerprint: site.kvm_host.host_key }),
        ...(options.acceptHostKey === undefined ? {} : { acceptFingerprint: options.acceptHostKey }),
      },
      { hostKeys: options.hostKeys, signal: options.signal },
    ),
  );
  const deploymentVm = keepOpen(async () => {
    const via = await kvmHost.get();
    const [hostKey, accessKey] = await Promise.all([
      via.readFile(`${siteDir}/ssh/host_ed25519.pub`, { sudo: true }),
      via.readFile(`${siteDir}/ssh/access_ed25519`, { sudo: true }),
    ]);
    const connection = await unlessOff(via, site, () =>
      connect(
        {
          label: 'deployment VM',
          host: site.deployment_vm.address,
          port: 22,
          username: site.deployment_vm.user,
          credential: { privateKey: accessKey.toString() },
          expectedFingerprint: fingerprintOf(keyBlob(hostKey.toString())),
          via,
        },
        { hostKeys: options.hostKeys, signal: options.signal },
      ),
    );
    ways.set(connection, via);
    return connection;
  });
  const ways = new WeakMap<RemoteConnection, RemoteConnection>();
  const drop = (dead: RemoteConnection): void => {
    const way = ways.get(dead);
    deploymentVm.drop(dead);
    kvmHost.drop(dead);
    if (way !== undefined) kvmHost.drop(way);
  };
  return {
    kvmHost: () => kvmHost.get(),
    deploymentVm: () => deploymentVm.get(),
    startVm: async () => startVm(await kvmHost.get(), site),
    credential,
    siteDir: () => siteDir,
    drop,
    close: () => {
      deploymentVm.close();
      kvmHost.close();
    },
  };
}

/** The key blob of an OpenSSH public key line. */
function keyBlob(publicKey: string): Buffer {
  return Buffer.from(publicKey.trim().split(/\s+/)[1] ?? '', 'base64');
}

function keepOpen(open: () => Promise<RemoteConnection>): {
  get(): Promise<RemoteConnection>;
  drop(connection: RemoteConnection): void;
  close(): void;
} {
  let current: Promise<RemoteConnection> | undefined;
  let opened: RemoteConnection | undefined;
  let over = false;
  const get = (): Promise<RemoteConnection> => {
    if (current !== undefined) return current;
    // What still works for a run that was left must not open a way to the site again.
    if (over) return Promise.reject(new Error('the connections of this run are closed for good'));
    const opening = open().then((connection) => {
      connection.onClose(() => {
        if (current === opening) current = undefined;
      });
      if (current === opening) opened = connection;
      return connection;
    });
    opening.catch(() => {
      if (current === opening) current = undefined;
    });
    current = opening;
    return opening;
  };
  const close = (): void => {
    void current?.then(
      (connection) => connection.close(),
      () => undefined,
    );
    current = undefined;
    opened = undefined;
  };
  const drop = (connection: RemoteConnection): void => {
    if (opened === connection) close();
  };
  const end = (): void => {
    over = true;
    close();
  };
  return { get, drop, close: end };
}

async function findCredential(store: CredentialStore, name: string): Promise<Credential> {
  const found = await store.get(name);
  if (found !== null) return found;
  throw new BringupError({
    code: 'CREDENTIAL_MISSING',
    exit: EXIT.invalid,
    message: `The site file names the credential ${name}, and none of that name is stored.`,
    hint: `Store it with: bringup credentials set ${name}`,
  });
}
