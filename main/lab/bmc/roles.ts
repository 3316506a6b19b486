import { lockableAttributes } from './attribute-locks.ts';
import type { Capture } from './capture.ts';
import { linkOf, objectOf, wordsOf } from './resource.ts';

/** What a resource shows of a machine's state. */
export type Role =
  | 'system'
  | 'chassis'
  | 'manager'
  | 'clock'
  | 'bios'
  | 'bios-settings'
  | 'bios-registry'
  | 'media'
  | 'firmware'
  | 'boot-option'
  | 'boot-sources'
  | 'account'
  | 'log'
  | 'neighbour';

const known = new WeakMap<Capture, ReadonlyMap<string, Role>>();

/** The resources of a capture that show a state, by key. */
export function rolesOf(capture: Capture): ReadonlyMap<string, Role> {
  const found = known.get(capture);
  if (found !== undefined) return found;
  const roles = findRoles(capture);
  known.set(capture, roles);
  return roles;
}

function findRoles(capture: Capture): ReadonlyMap<string, Role> {
  const { outline, keyOf, lookup } = capture;
  const roles = new Map<string, Role>();
  for (const key of capture.keys()) {
    const resource = lookup(key) ?? {};
    const type = wordsOf(resource['@odata.type']);
    if (typeof resource['DateTime'] === 'string') roles.set(key, 'clock');
    if (type.startsWith('#DellSwitchConnection.') || type.startsWith('#Port.')) roles.set(key, 'neighbour');
    // A collection that holds its members whole has to be put together from them.
    const first: unknown = Array.isArray(resource['Members']) ? resource['Members'][0] : undefined;
    if (type.startsWith('#DellSwitchConnectionCollection') && Object.keys(objectOf(first)).length > 1)
      roles.set(key, 'neighbour');
  }
  const set = (role: Role, uris: Iterable<string | undefined>) => {
    for (const uri of uris) if (uri !== undefined) roles.set(keyOf(uri), role);
  };
  set('chassis', outline.chassis);
  set('manager', outline.managers);
  set('media', outline.media);
  set('firmware', outline.firmware);
  for (const system of outline.systems) {
    set('system', [system.uri]);
    set('bios', [system.bios]);
    set('bios-settings', [system.biosSettings]);
    if (outline.maker === 'Dell' && lockableAttributes(lookup(system.biosRegistry) ?? {}).size > 0)
      set('bios-registry', [system.biosRegistry]);
    set('boot-option', system.bootOptions);
    if (outline.maker === 'Dell') set('boot-sources', [`${system.uri}/BootSources`]);
  }
  const accounts = linkOf(lookup(outline.root)?.['AccountService']);
  if (accounts !== undefined && outline.maker === 'Dell') set('account', [`${accounts}/Accounts/2`]);
  for (const uri of outline.managers) {
    const logs = linkOf(lookup(uri)?.['LogServices']);
    set('log', [logs === undefined ? undefined : `${logs}/Lclog/Entries`]);
  }
  return roles;
}
