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
  for (const { name, index } of registryCredentials(site.parameters))
    add('registry', name, ['parameters', 'rke2', 'registries', index]);
  add('rke2', tokenCredential(site.parameters), ['parameters', 'rke2']);
  return uses;
}

/** The credential that `parameters.ome` names; undefined where the site file has no OpenManage Enterprise. */
export function omeCredential(parameters: unknown): string | undefined {
  return textAt(fieldAt(parameters, 'ome'), 'credential');
}

/** The credentials that entries of `parameters.rke2.registries` name, with their place in that list. */
export function registryCredentials(parameters: unknown): { name: string; index: number }[] {
  const registries = fieldAt(fieldAt(parameters, 'rke2'), 'registries');
  if (!Array.isArray(registries)) return [];
  return (registries as unknown[]).flatMap((entry, index) => {
    const name = textAt(entry, 'credential');
    return name === undefined ? [] : [{ name, index }];
  });
}

/** The credential whose password is the token of the cluster, where `parameters.rke2` names one. */
export function tokenCredential(parameters: unknown): string | undefined {
  return textAt(fieldAt(parameters, 'rke2'), 'credential');
}

function fieldAt(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textAt(value: unknown, name: string): string | undefined {
  const found = fieldAt(value, name);
  return typeof found === 'string' ? found : undefined;
}

/** Who takes a user name and a password, both stored: the site file names no user for them. */
const BY_PASSWORD: Partial<Readonly<Record<CredentialUse['target'], string>>> = {
  bmc: 'A BMC',
  discovery: 'A BMC',
  ome: 'OpenManage Enterprise',
  repository: 'The share of the repository',
  registry: 'A registry',
};

/** Why a credential cannot do at the places that want it; undefined where it can. */
export function misfit(credential: Credential, uses: readonly CredentialUse[]): string | undefined {
  if (credential.password === undefined && uses.some(({ target }) => target === 'rke2'))
    return 'The token of the cluster is a password; this is a key.';
  const machine = uses.map(({ target }) => BY_PASSWORD[target]).find((name) => name !== undefined);
  if (machine === undefined) return undefined;
  if (credential.password === undefined) return `${machine} takes a password; this is a key.`;
  if (credential.username === undefined)
    return `${machine} wants a user name with the password; none is stored.`;
  return undefined;
}
