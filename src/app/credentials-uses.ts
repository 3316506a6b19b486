import type { CredentialUse } from '../contract/api.ts';
import type { Credential } from '../contract/ports.ts';
import { jsonPath, type DraftSite, type Path } from '../site/index.ts';

/** One place of a site file that names a credential, with that name. */
export interface NamedUse extends CredentialUse {
  readonly name: string;
}

/** Every place of a site file that names a credential, in the order of the file; works on a file that has errors. */
export function credentialUses(site: DraftSite): NamedUse[] {
  const uses: NamedUse[] = [];
  const add = (
    target: CredentialUse['target'],
    name: string | undefined,
    path: Path,
    host?: string,
  ): void => {
    if (name === undefined) return;
    const use = { name, target, path: jsonPath([...path, 'credential']) };
    uses.push(host === undefined ? use : { ...use, host });
  };
  add('kvm-host', site.kvm_host?.credential, ['kvm_host']);
  for (const [index, host] of (site.hosts ?? []).entries()) {
    add('bmc', host?.bmc?.credential, ['hosts', index, 'bmc'], host?.name);
    add('server', host?.ssh?.credential, ['hosts', index, 'ssh'], host?.name);
  }
  add('discovery', site.discovery?.credential, ['discovery']);
  add('repository', site.services?.repository?.credential, ['services', 'repository']);
  add('ome', omeCredential(site.parameters), ['parameters', 'ome']);
  return uses;
}

/** The credential that `parameters.ome` names; undefined where the site file has no OpenManage Enterprise. */
export function omeCredential(parameters: unknown): string | undefined {
  const { ome } = (parameters ?? {}) as { readonly ome?: unknown };
  if (typeof ome !== 'object' || ome === null || !('credential' in ome)) return undefined;
  return typeof ome.credential === 'string' ? ome.credential : undefined;
}

/** Kinds of machines that take a user name and a password, both stored: the site file names no user for them. */
const BY_PASSWORD: Partial<Readonly<Record<CredentialUse['target'], string>>> = {
  bmc: 'A BMC',
  discovery: 'A BMC',
  ome: 'OpenManage Enterprise',
  repository: 'The share of the repository',
};

/** Why a credential cannot do at the places that want it; undefined where it can. */
export function misfit(credential: Credential, uses: readonly CredentialUse[]): string | undefined {
  const machine = uses.map(({ target }) => BY_PASSWORD[target]).find((name) => name !== undefined);
  if (machine === undefined) return undefined;
  if (credential.password === undefined) return `${machine} takes a password; this is a key.`;
  if (credential.username === undefined)
    return `${machine} wants a user name with the password; none is stored.`;
  return undefined;
}
