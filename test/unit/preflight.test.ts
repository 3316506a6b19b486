import { describe, expect, it } from 'vitest';
import { provedVirtualization } from '../../src/preflight/checks/virtualization.ts';
import { packageManagerOf, packageNames } from '../../src/preflight/packages.ts';
import { readFacts } from '../../src/preflight/read-facts.ts';
import { judgeFacts, missingNeeds } from '../../src/preflight/run.ts';
import type { Facts, PreflightInput } from '../../src/preflight/types.ts';
import type { CheckResult } from '../../src/contract/events.ts';

const INPUT: PreflightInput = {
  bridge: 'br-mgmt',
  storage: '/var/lib/libvirt/images',
  virtualization: 'auto',
  memoryMib: 8192,
  diskGib: 80,
  cpus: 4,
  now: () => new Date(0),
};

const GOOD: Facts = {
  login: { user: 'installer', host: 'KVM host' },
  sudo: { ok: true },
  forwarding: { ok: true, text: '' },
  os: { id: 'debian', like: '', version: '12', name: 'Debian GNU/Linux 12 (bookworm)' },
  cpu: { arch: 'x86_64', count: 8, model: 'Xeon', virt: 'vmx' },
  memory: { total: 32768, available: 30000 },
  vm: { running: false, disk: 0 },
  storage: { at: '/var/lib/libvirt/images', device: '/dev/sda1 /', free: 200 * 1024 },
  work: { at: '/var/lib', device: '/dev/sda1 /', free: 200 * 1024, used: 0 },
  libvirt: { code: 0, text: 'Running hypervisor: QEMU 7.2.22 Running against daemon: 9.0.0' },
  bridge: { kind: 'bridge', state: 'up', addresses: '10.20.0.5/24', others: 'br-mgmt' },
  firmware: '/usr/share/OVMF/OVMF_CODE_4M.fd',
  tools: ['python3', 'qemu-img', 'virsh', 'xorriso', 'ssh-keygen'],
  ansible: { core: '2.14.18', runner: '2.3.1' },
  clock: { ahead: 0.1, uncertainty: 0.01 },
  qemu: 'qemu-system-x86_64',
  kvmDevice: true,
  probes: { kvm: { code: 0, text: 'BRINGUP' }, tcg: { code: 0, text: 'BRINGUP' } },
};

function result(id: string, facts: Partial<Facts> = {}, input: Partial<PreflightInput> = {}): CheckResult {
  const found = judgeFacts({ ...GOOD, ...facts }, { ...INPUT, ...input }).find((check) => check.id === id);
  if (found === undefined) throw new Error(`no check ${id}`);
  return found;
}

describe('all checks', () => {
  it('pass on a good host, each with what was seen and wanted', () => {
    const checks = judgeFacts(GOOD, INPUT);
    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(checks.every(({ seen, wanted }) => seen !== '' && wanted !== '')).toBe(true);
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
    expect(missingNeeds(GOOD)).toEqual([]);
  });

  it('report every failure at once, each with code and remedy', () => {
    const bare = readFacts('user=root\ncomplete=yes\n', {
      login: GOOD.login,
      sudo: GOOD.sudo,
      forwarding: { ok: false, text: 'administratively prohibited' },
      clock: { ahead: -90, uncertainty: 0.5 },
    });
    const checks = judgeFacts(bare, INPUT);
    const failed = checks.filter(({ status }) => status === 'failed');
    expect(failed.map(({ id }) => id)).toEqual([
      'forwarding',
      'cpu',
      'memory',
      'disk',
      'libvirt',
      'bridge',
      'ovmf',
      'tools',
      'ansible',
      'clock',
      'virtualization',
    ]);
    for (const check of failed) {
      expect(check.code, check.id).toMatch(/^[A-Z]+(_[A-Z]+)+$/);
      expect(check.remedy, check.id).toBeTruthy();
    }
  });
});

describe('access', () => {
  it('shows why sudo refused and skips what needs root', () => {
    const sudo = {
      ok: false,
      code: 'SUDO_PASSWORD_WRONG',
      text: 'sudo does not take it',
      remedy: 'store it',
    };
    expect(result('sudo', { sudo })).toMatchObject({
      status: 'failed',
      code: sudo.code,
      seen: sudo.text,
      remedy: sudo.remedy,
    });
    expect(result('virtualization', { sudo, probes: {} }).status).toBe('skipped');
    expect(result('libvirt', { sudo, libvirt: { code: 1, text: 'denied' } }).status).toBe('skipped');
  });
});

describe('system', () => {
  it.each([
    ['debian', '12', 'ok'],
    ['debian', '11', 'warning'],
    ['ubuntu', '22.04', 'ok'],
    ['ubuntu', '20.04', 'warning'],
    ['rocky', '9.4', 'ok'],
    ['rhel', '8.10', 'warning'],
    ['arch', '', 'warning'],
  ])('takes %s %s as %s', (id, version, status) => {
    expect(result('os', { os: { id, like: '', version, name: id } }).status).toBe(status);
  });

  it('fails on another architecture, warns about few CPUs', () => {
    expect(result('cpu', { cpu: { ...GOOD.cpu, arch: 'aarch64' } }).code).toBe('PREFLIGHT_CPU_ARCHITECTURE');
    expect(result('cpu', { cpu: { ...GOOD.cpu, count: 2 } })).toMatchObject({
      status: 'warning',
      code: 'PREFLIGHT_CPU_COUNT',
    });
  });

  it('wants memory, unless the deployment VM has it already', () => {
    const memory = { total: 16000, available: 8192 };
    expect(result('memory', { memory })).toMatchObject({ status: 'failed', code: 'PREFLIGHT_MEMORY' });
    expect(result('memory', { memory, vm: { running: true, disk: 0 } }).status).toBe('ok');
    expect(result('memory', { memory: { total: 16000, available: 8448 } }).status).toBe('ok');
  });

  it.each([
    [1.9, 0, 'ok'],
    [-2.4, 0.5, 'ok'],
    [2.6, 0.5, 'warning'],
    [-60, 0, 'warning'],
    [61, 0.5, 'failed'],
    [-3600, 1, 'failed'],
  ])('judges a clock %s s off (± %s s) as %s', (ahead, uncertainty, status) => {
    expect(result('clock', { clock: { ahead, uncertainty } }).status).toBe(status);
  });
});

describe('disk', () => {
  const disk = (free: number): Facts['storage'] => ({ ...GOOD.storage, free });

  it('counts the VM and the files of Bringup on one disk together', () => {
    expect(result('disk', { storage: disk(83 * 1024) }).status).toBe('ok');
    const tight = result('disk', { storage: disk(82 * 1024) });
    expect(tight).toMatchObject({ status: 'failed', code: 'PREFLIGHT_DISK' });
    expect(tight.seen).toContain('83.0 GiB needed');
    expect(tight.remedy).toContain('at least 1.0 GiB');
  });

  it('does not ask a second time for what the deployment VM and the uploads take', () => {
    const vm = { running: true, disk: 70 * 1024 };
    expect(result('disk', { vm, storage: disk(10 * 1024), work: { ...GOOD.work, used: 9000 } }).status).toBe(
      'ok',
    );
    expect(
      result('disk', { vm, storage: disk(10 * 1024 - 1), work: { ...GOOD.work, used: 9000 } }).status,
    ).toBe('failed');
  });

  it('judges two disks apart', () => {
    const work = { ...GOOD.work, device: '/dev/sdb1 /var', free: 1024 };
    expect(result('disk', { storage: disk(80 * 1024), work }).status).toBe('ok');
    expect(result('work-disk', { storage: disk(80 * 1024), work }).status).toBe('failed');
  });
});

describe('libvirt and bridge', () => {
  it('tells missing, stopped and silent apart', () => {
    expect(result('libvirt', { libvirt: { code: 127, text: 'x' } }).remedy).toContain(
      'libvirt-clients libvirt-daemon-system',
    );
    expect(result('libvirt', { libvirt: { code: 1, text: 'failed to connect' } }).remedy).toContain(
      'systemctl enable --now libvirtd',
    );
    expect(result('libvirt', { libvirt: { code: 124, text: '' } }).seen).toContain('10 s');
  });

  it('names the bridges there are', () => {
    const missing = { kind: 'missing', state: '', addresses: '', others: 'virbr0 br1' } as const;
    expect(result('bridge', { bridge: missing })).toMatchObject({
      status: 'failed',
      code: 'PREFLIGHT_BRIDGE',
    });
    expect(result('bridge', { bridge: missing }).seen).toContain('virbr0 br1');
    expect(result('bridge', { bridge: { ...missing, kind: 'other' } }).seen).toContain('not a bridge');
    expect(result('bridge', { bridge: { ...GOOD.bridge, state: 'down' } }).status).toBe('warning');
  });
});

describe('software', () => {
  it('names what is missing by the packages of the distribution', () => {
    const ansible = { core: '', runner: '' };
    expect(result('ansible', { ansible }).remedy).toContain('--install-missing');
    expect(result('ansible', { ansible }).remedy).toContain('ansible python3-ansible-runner');
    const os = { id: 'rocky', like: 'rhel centos fedora', version: '9.4', name: 'Rocky' };
    expect(result('ansible', { ansible, os }).remedy).toContain('ansible-core ansible-runner');
    expect(result('tools', { tools: ['python3', 'virsh'] }).seen).toBe(
      'missing: qemu-img, xorriso, ssh-keygen',
    );
    expect(missingNeeds({ ...GOOD, ansible, tools: ['python3', 'virsh'], firmware: '' })).toEqual([
      'ovmf',
      'qemu-img',
      'xorriso',
      'openssh-client',
      'ansible',
      'ansible-runner',
    ]);
  });

  it('refuses an old ansible-core, which packages of the same release cannot mend', () => {
    expect(result('ansible', { ansible: { core: '2.10.8', runner: '2.3.1' } }).code).toBe(
      'PREFLIGHT_ANSIBLE_OLD',
    );
    expect(result('ansible', { ansible: { core: '2.9.1', runner: '' } }).code).toBe('PREFLIGHT_ANSIBLE_OLD');
    expect(result('ansible', { ansible: { core: '3.0.0', runner: '2' } }).status).toBe('ok');
  });

  it('knows the package managers', () => {
    const apt = packageManagerOf({ os: { id: 'linuxmint', like: 'ubuntu debian', version: '21', name: '' } });
    expect(packageNames(apt!, ['qemu', 'ovmf', 'qemu'])).toEqual(['ovmf', 'qemu-system-x86']);
    expect(apt!.install(['ovmf'])).toContain('apt-get -q -y --no-install-recommends install ovmf');
    expect(packageManagerOf({ os: { id: 'alpine', like: '', version: '3', name: '' } })).toBeNull();
  });
});

describe('virtualisation', () => {
  const hung = { kvm: { code: 124, text: '' }, tcg: { code: 0, text: 'BRINGUP' } };

  it('takes only a guest that ran as proof', () => {
    expect(result('virtualization').status).toBe('ok');
    expect(provedVirtualization(GOOD, INPUT)).toBe('kvm');
    const auto = result('virtualization', { probes: hung });
    expect(auto).toMatchObject({ status: 'warning', code: 'PREFLIGHT_EMULATED' });
    expect(auto.seen).toContain(
      '/dev/kvm exists, but the probe guest executed nothing in the time it was given',
    );
    expect(auto.remedy).toContain('seven times slower');
    expect(provedVirtualization({ ...GOOD, probes: hung }, INPUT)).toBe('emulate');
  });

  it('refuses emulation when the site file wants KVM', () => {
    const input = { virtualization: 'kvm' } as const;
    expect(result('virtualization', { probes: hung }, input)).toMatchObject({
      status: 'failed',
      code: 'PREFLIGHT_KVM',
    });
    const off = { probes: {}, kvmDevice: false, cpu: { ...GOOD.cpu, virt: '' } };
    expect(result('virtualization', off, input).remedy).toContain('BIOS');
    expect(result('virtualization', { ...off, cpu: { ...GOOD.cpu, virt: 'svm' } }, input).remedy).toContain(
      'modprobe kvm_amd',
    );
  });

  it('emulates when told to, and fails when even that does not run', () => {
    const input = { virtualization: 'emulate' } as const;
    expect(result('virtualization', { probes: hung }, input).status).toBe('ok');
    expect(provedVirtualization(GOOD, { ...INPUT, ...input })).toBe('emulate');
    const broken = { probes: { tcg: { code: 1, text: 'qemu: could not load PC BIOS' } } };
    expect(result('virtualization', broken, input)).toMatchObject({
      status: 'failed',
      code: 'PREFLIGHT_EMULATION',
    });
    expect(result('virtualization', broken).seen).toContain('could not load PC BIOS');
    expect(result('virtualization', { qemu: '' }).remedy).toContain('qemu-system-x86');
  });
});

describe('reading facts', () => {
  it('keeps values with equals signs and ignores other lines', () => {
    const access = { login: GOOD.login, sudo: GOOD.sudo, forwarding: GOOD.forwarding, clock: GOOD.clock };
    const output = 'noise\ncpu_model=Model=X\ntcg_code=124\ntcg_text=a=b\nmemory_total=junk\nbridge=odd\n';
    const facts = readFacts(output, access);
    expect(facts.cpu.model).toBe('Model=X');
    expect(facts.probes).toEqual({ tcg: { code: 124, text: 'a=b' } });
    expect(facts.memory.total).toBe(0);
    expect(facts.bridge.kind).toBe('missing');
    expect(facts.libvirt.code).toBe(127);
  });
});
