import { BringupError, EXIT } from '../contract/errors.ts';
import type { RemoteConnection } from '../remote/index.ts';
import type { DraftSite, NormalisedSite } from '../site/index.ts';
import { openSsh, type LoginPorts } from './credentials-logins.ts';
import { kvmHostTarget } from './credentials-targets.ts';
import { createDialer } from './dial.ts';
import { readText } from './read-text.ts';
import { missingCredential } from './credentials-missing.ts';
import type { BringupPorts } from './ports.ts';
import { createSession, type Session } from './session.ts';
import { besideSiteFile } from './site.ts';

export interface WaysOptions {
  readonly site: DraftSite;
  readonly file: string;
  readonly accept: readonly string[];
}

/** The ways to the machines of a site, for one test of a credential. Every machine on the way is logged in to once at most. */
export async function openWays(
  ports: Pick<BringupPorts, 'credentials' | 'hostKeys' | 'certificates'>,
  { site, file, accept }: WaysOptions,
): Promise<LoginPorts & { close(): void }> {
  const { hostKeys, certificates, credentials } = ports;
  let kvm: Promise<RemoteConnection> | undefined;
  let session: Session | undefined;
  const openKvmHost = async (): Promise<RemoteConnection> => {
    const [target] = kvmHostTarget(site.kvm_host);
    const name = site.kvm_host?.credential;
    if (target === undefined || name === undefined) throw noKvmHost();
    const credential = await credentials.get(name);
    if (credential === null) throw missingCredential(name);
    return openSsh(target, credential, { hostKeys, accept });
  };
  // A refusal is kept as well: the account is not tried again for each machine behind it.
  const kvmHost = (): Promise<RemoteConnection> => (kvm ??= openKvmHost());
  const deploymentVm = async (): Promise<RemoteConnection> => {
    await kvmHost();
    // What the session reads of a site is there and has the right form, or the KVM host could not be logged in to.
    const whole = site as unknown as NormalisedSite;
    session ??= createSession({ site: whole, credentials, hostKeys, signal: new AbortController().signal });
    return session.deploymentVm();
  };
  const { via = 'auto', ca } = site.discovery ?? {};
  return {
    ...{ hostKeys, certificates, accept, kvmHost },
    ...(ca === undefined ? {} : { ca: await readText(besideSiteFile(file, ca), 'The CA certificate') }),
    toBmcs: createDialer({ via, kvmHost, deploymentVm }),
    toServers: createDialer({ via: 'auto', kvmHost, deploymentVm }),
    close: () => {
      session?.close();
      void kvm?.then(
        (connection) => connection.close(),
        () => undefined,
      );
    },
  };
}

function noKvmHost(): BringupError {
  return new BringupError({
    code: 'CREDENTIALS_NO_KVM_HOST',
    exit: EXIT.invalid,
    message: 'The site file does not say how to log in to the KVM host.',
    hint: 'Give its address, user and credential under kvm_host.',
  });
}
