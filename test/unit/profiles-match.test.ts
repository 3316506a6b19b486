import { describe, expect, it } from 'vitest';
import type { HardwareSnapshot } from '../../src/contract/hardware.ts';
import type { HostMatch } from '../../src/contract/profile.ts';
import { readSnapshot } from '../../src/hardware/snapshot/index.ts';
import { biosAttributesFor, matchProfiles, profileFindings, type Machine } from '../../src/profiles/index.ts';
import { capture, treeReader } from './hardware-tree.ts';
import { disksOf, machineOf, profileOf, shippedProfiles, snapshotOf } from './profiles-example.ts';

const SHIPPED = shippedProfiles();

function match(machine: Machine, profiles = SHIPPED): HostMatch {
  return matchProfiles([machine], profiles).hosts[0]!;
}

const winner = (changes: Partial<HardwareSnapshot>): string => {
  const { status, profile } = match(machineOf(changes));
  return status === 'matched' ? (profile ?? '') : status;
};

const cpu = (count: number, cores: number): HardwareSnapshot['cpu'] => ({
  count,
  cores,
  threads: cores * 2,
  processors: [],
});
const memory = (total_gib: number): HardwareSnapshot['memory'] => ({ total_gib, dimms: [] });
const gpu: HardwareSnapshot['accelerators'] = [{ id: 'gpu-1', kind: 'gpu', model: 'L4', health: 'OK' }];
const dpu: HardwareSnapshot['accelerators'] = [{ id: 'dpu-1', kind: 'dpu', health: 'OK' }];

describe('the shipped profiles', () => {
  it.each<[string, Partial<HardwareSnapshot>, string]>([
    ['two processors, 256 GiB, two SSDs', {}, 'compute'],
    ['the same with a GPU', { accelerators: gpu }, 'gpu'],
    ['the same with a DPU, which is no GPU', { accelerators: dpu }, 'compute'],
    ['twelve hard disks', { disks: disksOf([2, 'ssd', 480], [12, 'hdd', 8000]) }, 'storage-dense'],
    ['twelve hard disks and a GPU', { disks: disksOf([12, 'hdd', 8000]), accelerators: gpu }, 'gpu'],
    ['eight small SSDs', { disks: disksOf([8, 'ssd', 480]) }, 'compute'],
    ['16 cores, 64 GiB, two SSDs', { cpu: cpu(2, 16), memory: memory(64) }, 'control-plane'],
    [
      'one processor of 8 cores, 32 GiB, one SSD',
      { cpu: cpu(1, 8), memory: memory(32), disks: disksOf([1, 'nvme', 960]) },
      'edge-small',
    ],
    [
      '16 cores, 64 GiB, hard disks only',
      { cpu: cpu(2, 16), memory: memory(64), disks: disksOf([2, 'hdd', 600]) },
      'generic',
    ],
    ['2 GiB', { memory: memory(2) }, 'none'],
  ])('%s', (_, changes, profile) => {
    expect(winner(changes)).toBe(profile);
  });

  const present = capture('dell-poweredge-r750') !== undefined;
  const skipped = present ? '' : ' (skipped: there are no captures beside the repository)';

  it.skipIf(!present).each([
    ['dell-poweredge-r750', 'gpu', 'compute'],
    ['hpe-dl385-gen10plus-v2', 'storage-dense', 'compute'],
  ])(`fit the capture %s: it is %s, before %s${skipped}`, async (name, first, second) => {
    const tree = capture(name) ?? {};
    const snapshot = await readSnapshot(treeReader(tree), {
      address: 'https://bmc',
      now: () => new Date(0),
    });
    const { status, profile, near } = match(machineOf(snapshot));
    expect([status, profile, near[0]?.profile]).toEqual(['matched', first, second]);
    const profileFile = SHIPPED.find((one) => one.name === first)!;
    // Firmware baselines are those of the captures, so none of them is too old.
    const findings = profileFindings(
      matchProfiles([machineOf(snapshot)], SHIPPED),
      [machineOf(snapshot)],
      SHIPPED,
    );
    expect(findings.filter((finding) => finding.severity !== 'note')).toEqual([]);
    expect(Object.keys(snapshot.bios.attributes)).toEqual(
      expect.arrayContaining(Object.keys(biosAttributesFor(profileFile, snapshot))),
    );
  });

  it('are told apart by priority or conditions: no two of them can tie', () => {
    const everything = machineOf({ accelerators: gpu, disks: disksOf([2, 'ssd', 480], [12, 'hdd', 8000]) });
    for (const one of SHIPPED)
      for (const other of SHIPPED)
        if (one !== other) expect(match(everything, [one, other]).status).not.toBe('ambiguous');
  });
});

describe('an explained match', () => {
  const small = profileOf('small', '[{field: cpu.cores, at_least: 8}]');
  const big = profileOf('big', '[{field: cpu.cores, at_least: 8}, {field: memory.total_gib, at_least: 64}]');
  const dell = profileOf('dell', '[{field: manufacturer, like: "Dell*"}]');
  const huge = profileOf(
    'huge',
    '[{field: cpu.cores, at_least: 64}, {field: memory.total_gib, at_least: 64}]',
  );

  it('says every rule of the winner with the value seen, and why it goes before the next', () => {
    expect(match(machineOf(), [small, big, huge])).toEqual({
      host: 'node-1',
      status: 'matched',
      profile: 'big',
      reason:
        'Both rules of big are met, and it goes before small because it has more conditions (2 conditions against 1).',
      rules: [
        { field: 'cpu.cores', matched: true, wanted: 'at least 8', seen: '32' },
        { field: 'memory.total_gib', matched: true, wanted: 'at least 64 GiB', seen: '256 GiB' },
      ],
      near: [
        {
          profile: 'small',
          reason: 'Fits too, but big goes before it because it has more conditions (2 conditions against 1).',
          matched: 1,
          total: 1,
          lacks: [],
        },
        {
          profile: 'huge',
          reason: '1 of its 2 rules is not met.',
          matched: 1,
          total: 2,
          lacks: [{ field: 'cpu.cores', matched: false, wanted: 'at least 64', seen: '32' }],
        },
      ],
    });
  });

  it('puts a profile that names the machine before priority, and priority before the number of conditions', () => {
    const urgent = profileOf('urgent', '[{field: cpu.cores, at_least: 8}]', 'priority: 50');
    expect(match(machineOf(), [big, urgent]).reason).toMatch(
      /before big because it has the higher priority \(50 against 0\)\.$/,
    );
    expect(match(machineOf(), [urgent, dell]).reason).toMatch(
      /before urgent because it says more about which machine it is for \(1 rule on maker, model, SKU or serial against 0\)\.$/,
    );
  });

  it('is ambiguous at a tie and names the tied, rather than picking one', () => {
    const twin = profileOf('twin', '[{field: cpu.count, is: 2}]');
    const last = profileOf('last', '[{field: cpu.count, is: 2}]', 'priority: -5');
    const { status, profile, tied, near, reason } = match(machineOf(), [twin, last, small]);
    expect([status, profile, tied]).toEqual(['ambiguous', undefined, ['small', 'twin']]);
    expect(near.map((one) => one.profile)).toEqual(['last']);
    expect(reason).toBe('small and twin fit equally well, and nothing decides between them.');
  });

  it('is none when nothing fits, and says what the nearest lacks', () => {
    const { status, reason, near } = match(machineOf({ cpu: cpu(2, 4) }), [small, huge]);
    expect(status).toBe('none');
    expect(reason).toBe('No profile fits; the nearest is huge, which wants cpu.cores at least 64 (seen: 4).');
    expect(near.map((one) => one.profile)).toEqual(['huge', 'small']);
  });

  it('is none for a machine that was not discovered, with the reason of the discovery', () => {
    const error = {
      code: 'REDFISH_AUTH_FAILED',
      message: 'The BMC refuses the password.',
      exit: 3,
      evidence: [],
    };
    const machine: Machine = { host: 'node-9', roles: [], profile: 'auto', error };
    expect(match(machine)).toMatchObject({
      status: 'none',
      reason: 'No profile, because nothing was discovered of node-9: The BMC refuses the password.',
    });
  });
});

describe('a profile named by the site file', () => {
  const named = (profile: string, changes: Partial<HardwareSnapshot> = {}): Machine =>
    machineOf(changes, { profile, profile_reason: 'Spare parts for it are here.' });

  it('holds, and the rules it breaks are recorded', () => {
    const { status, profile, reason, override } = match(named('gpu'));
    expect([status, profile]).toEqual(['matched', 'gpu']);
    expect(reason).toBe(
      'The site file asks for gpu: Spare parts for it are here; 1 of its 2 rules is not met; without that it would be compute.',
    );
    expect(override).toEqual({
      reason: 'Spare parts for it are here.',
      mismatches: [
        {
          field: 'accelerators',
          matched: false,
          wanted: 'at least 1 accelerator with kind gpu',
          seen: 'no accelerators',
        },
      ],
    });
  });

  it('is met without a word more when all its rules are', () => {
    expect(match(named('compute')).reason).toBe(
      'The site file asks for compute: Spare parts for it are here; all its rules are met.',
    );
  });

  it('that does not exist is none, with the name that was meant', () => {
    expect(match(named('storage-dence'))).toMatchObject({
      status: 'none',
      reason:
        'The site file names the profile storage-dence, which does not exist; did you mean storage-dense?',
    });
  });

  it('holds for a machine that was not discovered, as not seen', () => {
    const { status, rules, override } = match({ host: 'node-1', roles: [], profile: 'gpu' });
    expect(status).toBe('matched');
    expect(rules.map((rule) => rule.seen)).toEqual(['not seen', 'not seen']);
    expect(override?.mismatches).toHaveLength(2);
  });
});

describe('findings about profiles', () => {
  const find = (machine: Machine, profiles = SHIPPED) =>
    profileFindings(matchProfiles([machine], profiles), [machine], profiles).map(
      ({ severity, code, message }) => `${severity} ${code} ${message}`,
    );

  it('name attributes and firmware that differ from the profile', () => {
    const old = machineOf({
      model: 'PowerEdge R750',
      bios: {
        version: '1.6.5',
        attributes: { BootMode: 'Bios', SysProfile: 'PerfOptimized' },
        pending: { BootMode: 'Uefi' },
      },
    });
    expect(find(old).slice(0, 2)).toEqual([
      'warning profile.firmware_old The BIOS of node-1 is 1.6.5, where the profile compute wants 1.8.2 or later (Older ones were not tried).',
      'note profile.bios_differs BIOS attribute BootMode of node-1 is Bios, where the profile compute has Uefi, and is set to change at the next reboot.',
    ]);
  });

  it('name roles that the profile is not meant for', () => {
    const machine = machineOf(
      { accelerators: gpu, bios: { attributes: {}, pending: {} }, manufacturer: 'ACME' },
      { roles: ['rke2-server'] },
    );
    expect(find(machine)).toEqual([
      'note profile.role_differs node-1 has the profile gpu, which is meant for rke2-agent; its roles are rke2-server.',
    ]);
  });

  it('are errors where the engineer must decide', () => {
    expect(find(machineOf({ memory: memory(2) }))[0]).toMatch(/^error profile\.none No profile fits/);
    expect(find(machineOf({}, { profile: 'gpuu' }))[0]).toMatch(
      /^error profile\.unknown .*did you mean gpu\?$/,
    );
    expect(find({ host: 'node-1', roles: [], profile: 'auto' })[0]).toMatch(
      /^warning profile\.none No profile, because/,
    );
  });

  it('come with BIOS attributes by maker', () => {
    const profile = SHIPPED.find((one) => one.name === 'compute')!;
    expect(biosAttributesFor(profile, snapshotOf({ manufacturer: 'HPE' }))).toEqual({
      BootMode: 'Uefi',
      WorkloadProfile: 'Virtualization-MaxPerformance',
      Sriov: 'Enabled',
    });
    expect(biosAttributesFor(profile, snapshotOf({ manufacturer: 'ACME' }))).toEqual({});
  });
});
