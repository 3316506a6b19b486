import type { ErrorData } from '../contract/errors.ts';
import type { DiscoverResult, HardwareSnapshot } from '../contract/hardware.ts';
import type { NormalisedHost } from '../site/index.ts';
import type { Subject } from './subject.ts';

/** One server of the site file with what was discovered of it; what matching and compatibility work on. */
export interface Machine {
  readonly host: string;
  readonly roles: readonly string[];
  /** As the site file says: a profile's name, or `auto`. */
  readonly profile: string;
  readonly profile_reason?: string;
  readonly snapshot?: HardwareSnapshot;
  /** Why there is no snapshot. */
  readonly error?: ErrorData;
  /** Its operating system, where something other than the BMC told it. */
  readonly os?: Subject['os'];
}

/** Puts the servers of a site file together with what was discovered; `discovered` is missing when nothing was. */
export function machinesOf(hosts: readonly NormalisedHost[], discovered?: DiscoverResult): Machine[] {
  const found = new Map<string, DiscoverResult['machines'][number]>();
  for (const machine of discovered?.machines ?? []) {
    const { host } = machine;
    if (host !== undefined && found.get(host)?.snapshot === undefined) found.set(host, machine);
  }
  return hosts.map(({ name, roles, profile, profile_reason: reason }) => {
    const { snapshot, error } = found.get(name) ?? {};
    return {
      host: name,
      roles,
      profile,
      ...(reason === undefined ? {} : { profile_reason: reason }),
      ...(snapshot === undefined ? {} : { snapshot }),
      ...(snapshot !== undefined || error === undefined ? {} : { error }),
    };
  });
}

/** What rules are held against, or undefined when the machine was not discovered. */
export function subjectOf({ snapshot, os }: Machine): Subject | undefined {
  return snapshot === undefined ? undefined : { snapshot, ...(os === undefined ? {} : { os }) };
}

/** Why nothing is known of the machine, as the end of a sentence. */
export function whyUnknown({ host, error }: Machine): string {
  return error === undefined
    ? `nothing was discovered of ${host}`
    : `nothing was discovered of ${host}: ${error.message.replace(/\.$/, '')}`;
}
