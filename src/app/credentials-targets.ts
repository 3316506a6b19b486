import type { CredentialTarget } from '../contract/api.ts';
import type { DraftSite } from '../site/index.ts';

/** A machine that a credential opens, as the site file describes it. */
export interface LoginTarget extends Pick<CredentialTarget, 'target' | 'host'> {
  readonly address: string;
  readonly port: number;
  /** For SSH; a BMC's user is stored with its credential. */
  readonly user?: string;
  /** The SSH host key, or the BMC's certificate, that the site file gives. */
  readonly fingerprint?: string;
}

const SSH_PORT = 22;
const HTTPS_PORT = 443;

/** The machines that a name opens, each once: the KVM host first, for it is the way to the others. */
export function loginTargets(site: DraftSite, name: string): LoginTarget[] {
  const targets = [...kvmHost(site, name), ...(site.hosts ?? []).flatMap((host) => ofHost(site, host, name))];
  const seen = new Set<string>();
  return targets.filter(({ target, address, port }) => {
    const key = `${target} ${address}:${port}`;
    return !seen.has(key) && Boolean(seen.add(key));
  });
}

function kvmHost({ kvm_host: kvm }: DraftSite, name: string): LoginTarget[] {
  return kvm?.credential === name ? kvmHostTarget(kvm) : [];
}

/** How to log in to the KVM host, where the site file says enough. */
export function kvmHostTarget(kvm: DraftSite['kvm_host']): LoginTarget[] {
  if (kvm?.address === undefined || kvm.user === undefined) return [];
  const { address, port = SSH_PORT, user, host_key: fingerprint } = kvm;
  return [{ target: 'kvm-host', address, port, user, ...(fingerprint === undefined ? {} : { fingerprint }) }];
}

type HostDraft = NonNullable<DraftSite['hosts']>[number];

function ofHost(site: DraftSite, host: HostDraft, name: string): LoginTarget[] {
  const named = host?.name === undefined ? {} : { host: host.name };
  const targets: LoginTarget[] = [];
  const { bmc, ssh } = host ?? {};
  if (bmc?.credential === name && bmc.address !== undefined) {
    const { address, port = HTTPS_PORT, certificate } = bmc;
    const known = certificate === undefined ? {} : { fingerprint: certificate };
    targets.push({ target: 'bmc', ...named, address, port, ...known });
  }
  const address = serverAddress(site, host);
  if (ssh?.credential === name && ssh.user !== undefined && address !== undefined) {
    const { user, port = SSH_PORT, host_key: key } = ssh;
    const known = key === undefined ? {} : { fingerprint: key };
    targets.push({ target: 'server', ...named, address, port, user, ...known });
  }
  return targets;
}

/** As the inventory chooses it: the address in the deployment VM's network, else the first. */
function serverAddress(site: DraftSite, host: HostDraft): string | undefined {
  const near = site.deployment_vm?.network;
  const held = (host?.interfaces ?? []).filter((entry) => entry?.address !== undefined);
  return (held.find((entry) => entry?.network === near) ?? held[0])?.address;
}
