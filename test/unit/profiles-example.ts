import { readFileSync, readdirSync } from 'node:fs';
import type { Disk, HardwareSnapshot } from '../../src/contract/hardware.ts';
import { loadProfiles, parseProfile, type Machine, type Profile } from '../../src/profiles/index.ts';
import { machine } from './hardware-machine.ts';

const SHIPPED = new URL('../../playbooks/profiles/', import.meta.url);

/** The profiles of playbooks/profiles. */
export function shippedProfiles(): readonly Profile[] {
  const files = readdirSync(SHIPPED)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => ({ file: name, text: readFileSync(new URL(name, SHIPPED), 'utf8') }));
  const { profiles, problems } = loadProfiles(files);
  if (problems.length > 0) throw new Error(JSON.stringify(problems, null, 1));
  return profiles;
}

/** A profile with these rules, written as YAML flow: `[{field: cpu.cores, at_least: 8}]`. */
export function profileOf(name: string, match: string, more = ''): Profile {
  const { profile, problems } = parseProfile(
    `name: ${name}\nversion: 1\ntitle: ${name}\nmatch: ${match}\n${more}`,
    `${name}.yaml`,
  );
  if (profile === undefined) throw new Error(problems.map((problem) => problem.message).join('\n'));
  return profile;
}

/** `4 x nvme 1920` as disks. */
export function disksOf(
  ...groups: readonly (readonly [count: number, kind: Disk['kind'], sizeGb: number])[]
): Disk[] {
  return groups.flatMap(([count, kind, size_gb], group) =>
    Array.from({ length: count }, (_, index) => ({
      id: `disk-${group}-${index}`,
      name: `Disk ${group}.${index}`,
      kind,
      size_gb,
      health: 'OK' as const,
    })),
  );
}

/** A server with two processors of 16 cores, 256 GiB and two SSDs, with some of it changed. */
export function snapshotOf(changes: Partial<HardwareSnapshot> = {}): HardwareSnapshot {
  return machine({
    captured_at: '2026-11-21T12:00:00Z',
    model: 'PowerEdge R650',
    bmc: { address: 'https://10.20.1.11', version: '6.00.30.00' },
    bios: { version: '1.8.2', attributes: { BootMode: 'Uefi', SysProfile: 'PerfOptimized' }, pending: {} },
    cpu: {
      count: 2,
      cores: 32,
      threads: 64,
      architecture: 'x86_64',
      model: 'Xeon Gold 6326',
      processors: [],
    },
    memory: { total_gib: 256, dimms: [] },
    disks: disksOf([2, 'ssd', 480]),
    ...changes,
  });
}

/** A machine of the site file that was discovered. */
export function machineOf(changes: Partial<HardwareSnapshot> = {}, entry: Partial<Machine> = {}): Machine {
  return { host: 'node-1', roles: [], profile: 'auto', snapshot: snapshotOf(changes), ...entry };
}
