import { suggest } from '../suggest.ts';
import { entriesOf, error, warning, type SiteCheck } from './check.ts';

/** The roles are roles of the stack, in the numbers it needs. */
export const rolesFit: SiteCheck = {
  id: 'roles-fit',
  *find(site, { stack }) {
    const rules = stack?.roles;
    if (stack === undefined || rules === undefined) return;
    const counts = new Map<string, number>();
    for (const [index, host] of entriesOf(site.hosts)) {
      for (const [position, role] of entriesOf(host.roles)) {
        counts.set(role, (counts.get(role) ?? 0) + 1);
        if (Object.hasOwn(rules, role)) continue;
        const meant = suggest(role, Object.keys(rules));
        const hint =
          meant === undefined ? `Its roles are: ${Object.keys(rules).join(', ')}.` : `Did you mean ${meant}?`;
        yield error(
          'SITE_UNKNOWN_ROLE',
          ['hosts', index, 'roles', position],
          `The stack ${stack.stack} has no role ${role}.`,
          hint,
        );
      }
    }
    for (const [role, { min = 0, max = Infinity, odd = false }] of Object.entries(rules)) {
      const count = counts.get(role) ?? 0;
      const wanted = wantedCount(count, min, max, odd);
      if (wanted === undefined) continue;
      const message = `The stack ${stack.stack} needs ${wanted} with the role ${role}, but there are ${count}.`;
      yield { ...error('SITE_ROLE_COUNT', ['hosts'], message, 'Change the roles of the hosts.'), at: 'key' };
    }
  },
};

function wantedCount(count: number, min: number, max: number, odd: boolean): string | undefined {
  if (count < min) return min === 1 ? 'at least one host' : `at least ${min} hosts`;
  if (count > max) return `at most ${max} hosts`;
  return odd && count > 0 && count % 2 === 0 ? 'an odd number of hosts' : undefined;
}

/** The base image and the package archives are where the file says. */
export const baseImagePresent: SiteCheck = {
  id: 'base-image-present',
  *find(site, { files }) {
    const wanted = [
      ['deployment_vm', 'base_image', 'SITE_BASE_IMAGE_MISSING', 'base image'],
      ['deployment_vm', 'packages', 'SITE_PACKAGES_MISSING', 'package archive'],
      ['kvm_host', 'packages', 'SITE_PACKAGES_MISSING', 'package archive'],
    ] as const;
    for (const [machine, field, code, what] of wanted) {
      const entry: Partial<Record<typeof field, CheckedFile | undefined>> | undefined = site[machine];
      const path = entry?.[field]?.path;
      if (path === undefined || files === undefined || files.exists(path)) continue;
      // It may come from the bundle, which is looked into when a run needs the file.
      if (site.bundle?.path !== undefined) continue;
      yield error(
        code,
        [machine, field, 'path'],
        `There is no ${what} at ${path}.`,
        `Copy the ${what.split(' ').at(-1)} there, or correct the path; it counts from the folder of the site file.`,
      );
    }
  },
};

interface CheckedFile {
  readonly path?: string | undefined;
}

/** The time zone is one that computers know. */
export const timezoneKnown: SiteCheck = {
  id: 'timezone-known',
  *find(site) {
    const zone = site.site?.timezone;
    if (zone === undefined || isZone(zone)) return;
    const meant = suggest(zone, ['Etc/UTC', ...Intl.supportedValuesOf('timeZone')]);
    yield error(
      'SITE_UNKNOWN_TIMEZONE',
      ['site', 'timezone'],
      `There is no time zone named ${zone}.`,
      meant === undefined ? 'Use an IANA name such as Europe/Berlin.' : `Did you mean ${meant}?`,
    );
  },
};

function isZone(name: string): boolean {
  if (name !== 'UTC' && !/^[A-Z][A-Za-z_]+(\/[A-Z0-9][A-Za-z0-9_+-]*)+$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Sizes of the deployment VM below which its services are known to suffer. */
const ENOUGH = { memory_mib: 1024, disk_gib: 10 } as const;

/** The deployment VM is large enough for what runs on it. */
export const vmSize: SiteCheck = {
  id: 'vm-size',
  *find(site) {
    for (const field of ['memory_mib', 'disk_gib'] as const) {
      const size = site.deployment_vm?.[field];
      if (size === undefined || size >= ENOUGH[field]) continue;
      yield warning(
        'SITE_VM_SMALL',
        ['deployment_vm', field],
        `${field}: ${size} is little for the services of a deployment VM.`,
        `Give it at least ${ENOUGH[field]}.`,
      );
    }
  },
};
