import type { SiteEdit } from '../../../src/contract/api.ts';
import type { HostMatch } from '../../../src/contract/profile.ts';
import type { SiteHost } from './site-view.ts';

/** How a host came to its profile, or why it has none. */
export type ProfileState = 'matched' | 'overridden' | 'tie' | 'none' | 'unknown';

/** A host with its explained profile; `needsDecision` ones stand first. */
export interface ProfileRow {
  readonly host: SiteHost;
  readonly match: HostMatch;
  readonly state: ProfileState;
}

/** Hosts whose profile an engineer has to decide, and the others, both in the order of the site file. */
export function profileRows(
  hosts: readonly SiteHost[],
  matches: readonly HostMatch[],
): { readonly open: readonly ProfileRow[]; readonly done: readonly ProfileRow[] } {
  const rows = hosts.flatMap((host): ProfileRow[] => {
    const match = matches.find((one) => one.host === host.name);
    return match === undefined ? [] : [{ host, match, state: stateOf(match) }];
  });
  const isOpen = ({ state }: ProfileRow): boolean => state !== 'matched' && state !== 'overridden';
  return { open: rows.filter(isOpen), done: rows.filter((row) => !isOpen(row)) };
}

function stateOf({ status, override, near }: HostMatch): ProfileState {
  if (status === 'ambiguous') return 'tie';
  // Of a machine that was read, some profile is always the nearest.
  if (status === 'none') return near.length > 0 ? 'none' : 'unknown';
  return override === undefined ? 'matched' : 'overridden';
}

/** Names the profile of a host by hand, with the reason that goes into the record of the run. */
export function overrideEdits(index: number, profile: string, reason: string): SiteEdit[] {
  const at = ['hosts', index];
  return [
    { op: 'set', path: [...at, 'profile'], value: profile, after: 'roles' },
    { op: 'set', path: [...at, 'profile_reason'], value: reason, after: 'profile' },
  ];
}

/** Leaves the choice to discovery again; the reason has nothing to be the reason of then. */
export function automaticEdits({ index, profileReason }: SiteHost): SiteEdit[] {
  const at = ['hosts', index];
  return [
    { op: 'set', path: [...at, 'profile'], value: 'auto' },
    ...(profileReason === undefined ? [] : [{ op: 'remove', path: [...at, 'profile_reason'] } as const]),
  ];
}
