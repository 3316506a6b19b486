import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModuleResult } from './playbooks-ansible.ts';
import { causeOf } from './service-cause.ts';
import { ADDRESS, createServiceSite, type ServiceSite } from './service-site.ts';

/** Figures that this machine keeps whatever else it does. */
const LIMITS = {
  ...{ space_warn_percent: 98, space_fail_percent: 99, clock_warn_seconds: 0.1, clock_fail_seconds: 1 },
  ...{ memory_warn_percent: 0, memory_fail_percent: 0, swap_warn_percent: 101, swap_fail_percent: 101 },
  ...{ pressure_warn_percent: 101, pressure_fail_percent: 101 },
  ...{ certificate_warn_days: 90, certificate_fail_days: 14, kernel_days: 7 },
};
/** A time server that is so many seconds ahead. */
const NTP = `import socket, struct, sys, time
channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
channel.bind(("0.0.0.0", 123))
while True:
    asked, sender = channel.recvfrom(512)
    now = time.time() + float(sys.argv[1]) + 2208988800
    stamp = struct.pack("!II", int(now), int(now % 1 * 2**32))
    channel.sendto(struct.pack("!BBBb11I", 0x24, 2, 6, -20, 0, 0, 0, *[0] * 8)[:16].ljust(24, b"\\0") + asked[40:48] + stamp + stamp, sender)
`;
const UNIT = (start: string) => `[Service]\nExecStart=${start}\n`;
const PKI = '/etc/bringup/pki';
let site: ServiceSite;

interface CheckResult extends ModuleResult {
  readonly check: string;
  readonly verdict: string;
  readonly seen: string;
}

/** Puts a text into a file of a machine. */
async function put(machine: ServiceSite['vm'], path: string, text: string, mode = '644'): Promise<void> {
  const copy = join(site.folder, 'put');
  writeFileSync(copy, text);
  await machine.must('install', '-D', '-m', mode, copy, path);
}

/** A certificate on the deployment VM that ends so many days from now; -1 has ended. */
async function putCertificate(days: number): Promise<void> {
  const make = `mkdir -p ${PKI}; cd ${PKI}
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -subj /CN=r -keyout /run/r.key -out /run/r.crt 2>/dev/null
    openssl x509 -in /run/r.crt -signkey /run/r.key -days ${days} -out repository.crt`;
  await site.vm.must('bash', '-euc', make);
}

/** The time server, and with it what all clocks are held against. */
async function serveTime(ahead: number): Promise<void> {
  await put(
    site.vm,
    '/etc/systemd/system/chrony.service',
    UNIT(`/usr/bin/python3 /usr/local/lib/ntp.py ${ahead}`),
  );
  await site.vm.must('systemctl', 'enable', 'chrony.service');
  await site.vm.must('systemctl', 'restart', 'chrony.service');
}

const tellKernel = (machine: ServiceSite['vm'], ...lines: readonly string[]) =>
  put(machine, '/usr/local/bin/dmesg', `#!/bin/sh\ncat <<'END'\n${lines.join('\n')}\nEND\n`, '755');

const tellLibvirt = (start: 'enable' | 'disable') =>
  put(
    site.kvm,
    '/usr/local/bin/virsh',
    `#!/bin/sh\nprintf 'State: running\\nAutostart: ${start}\\n'\n`,
    '755',
  );

/** The stage, from the deployment VM. */
function carryOut(...options: readonly string[]) {
  const key = {
    username: 'root',
    private_key: readFileSync(join(site.folder, 'site/ssh/access_ed25519'), 'utf8'),
  };
  const vars = {
    bringup_credentials: {
      node: key,
      'kvm-host': key,
      idrac: { username: 'root', password: 'a-long-bmc-password' },
    },
    bringup_services: {
      ...{ dns: { mode: 'managed' }, ntp: { mode: 'managed' }, dhcp: { mode: 'none' } },
      ...{ repository: { mode: 'none' }, logging: { mode: 'none' } },
    },
    health_limits: LIMITS,
  };
  return site.play('health.yml', vars, ...options);
}

/** What one look at the target server, without Ansible around it, says of one check. */
async function look(
  check: string,
  parameters: Record<string, unknown> = {},
): Promise<CheckResult | undefined> {
  const { checks } = await site.node.module('bringup_health_machine', {
    host: 'node-1',
    limits: LIMITS,
    ...parameters,
  });
  return (checks as CheckResult[]).find((one) => one.check === check);
}

async function report() {
  const text = await site.vm.must('cat', join(site.folder, 'site/health.json'));
  return JSON.parse(text) as {
    readonly at: string;
    readonly matrix: Readonly<Record<string, Readonly<Record<string, string>>>>;
    readonly checks: readonly CheckResult[];
  };
}

beforeAll(async () => {
  site = await createServiceSite();
  const keys = join(site.folder, 'site/ssh');
  const login = `-h ${keys}/host -o AuthorizedKeysFile=${keys}/access_ed25519.pub -o PermitRootLogin=yes -o StrictModes=no`;
  await site.kvm.must('/usr/sbin/sshd', '-f', '/dev/null', ...login.split(' '));
  for (const machine of [site.vm, site.kvm, site.node]) await tellKernel(machine);
  await put(site.vm, '/usr/local/lib/ntp.py', NTP);
  await put(
    site.vm,
    '/etc/systemd/system/dnsmasq.service',
    UNIT('/usr/sbin/dnsmasq -k -C /dev/null -h -R --pid-file= --user=root'),
  );
  await put(site.node, '/etc/systemd/system/rke2-server.service', UNIT('/usr/bin/sleep 1000'));
  await site.vm.must('systemctl', 'enable', '--now', 'dnsmasq.service');
  await site.node.must('systemctl', 'enable', '--now', 'rke2-server.service');
});

afterAll(() => site.remove());

describe('a site in which every layer has its fault', () => {
  beforeAll(async () => {
    await serveTime(5);
    await putCertificate(-1);
    await site.vm.must('pkill', 'dnsmasq');
    await site.node.must(
      'sh',
      '-c',
      'mkdir -p /srv/full; mount -t tmpfs -o size=1m tmpfs /srv/full; head -c 2M /dev/zero >/srv/full/file || true',
    );
    await site.node.must(
      'sh',
      '-c',
      'mkdir -p /srv/many; mount -t tmpfs -o nr_inodes=20 tmpfs /srv/many; touch $(seq -f /srv/many/%g 40) || true',
    );
    await site.node.must('pkill', '-f', 'sleep 1000');
    await tellKernel(site.kvm, '[    1.5] blk_update_request: I/O error, dev sda, sector 1');
    await tellLibvirt('disable');
    await site.kvm.must('rm', '-rf', '/var/lib/libvirt/images');
    await site.kvm.must('touch', '/run/reboot-required');
    const broken = await carryOut();
    expect(broken.code, broken.output).toBe(2);
    expect(broken.changed.filter((task) => !task.includes('host key'))).toEqual([]);
  });

  it.each([
    ['deploy', 'services', 'dnsmasq.service is inactive', 'health.service_down'],
    ['deploy', 'units', 'failed: dnsmasq.service', 'health.unit_failed'],
    ['deploy', 'certificates', /repository\.crt expired on \d{4}/, 'health.certificate'],
    ['deploy', 'clock', /^[-+][45]\.\d+ s off/, 'health.clock'],
    ['node-1', 'services', 'rke2-server.service is inactive', 'health.service_down'],
    ['node-1', 'space', /^\/srv\/full is 100 % full, 0\.0 GiB are free/, 'health.disk_full'],
    ['node-1', 'inodes', 'of the inodes of /srv/many 100 % are taken', 'health.inodes'],
    ['node-1', 'clock', /^[-+][45]\.\d+ s off 198\.18\.30\.10/, 'health.clock'],
    ['node-1', 'bmc', /refuses the connection$/, 'redfish.connection_refused'],
    ['kvm-host', 'space', /^\/var\/lib\/libvirt\/images cannot be read/, 'health.folder_gone'],
    [
      'kvm-host',
      'kernel',
      /^1 complaint, the last: blk_update_request: I\/O error/,
      'health.kernel_hardware',
    ],
    ['kvm-host', 'virtual_machine', 'it is running, its autostart is off', 'health.deployment_vm'],
  ])('is told at %s: %s', async (host, check, seen, cause) => {
    const found = (await report()).checks.find((one) => one['host'] === host && one.check === check);
    expect(found).toMatchObject({
      verdict: 'failed',
      seen: typeof seen === 'string' ? seen : expect.stringMatching(seen),
    });
    expect(causeOf({ ...found })).toBe(cause);
  });

  it('warns of a restart that is due', async () => {
    expect((await report()).matrix['restart']).toMatchObject({ 'kvm-host': 'warn', 'node-1': 'ok' });
  });

  it('is well in all that was mended, in check mode too, which keeps no matrix', async () => {
    const before = await report();
    await serveTime(0);
    await putCertificate(400);
    await site.vm.must('systemctl', 'start', 'dnsmasq.service');
    await site.node.must('systemctl', 'start', 'rke2-server.service');
    await site.node.must('umount', '/srv/full', '/srv/many');
    await tellKernel(site.kvm);
    await tellLibvirt('enable');
    await site.kvm.must('mkdir', '-p', '/var/lib/libvirt/images');
    await site.vm.must('sh', '-c', 'rm /run/key-*');
    const again = await carryOut('--check');
    expect(
      again.failed.map(({ check }) => check),
      again.output,
    ).toEqual(['bmc']);
    expect(again.changed).toEqual([]);
    expect((await report()).at).toBe(before.at);
  });
});

describe('one look at a machine', () => {
  it('weighs memory against its figures', async () => {
    const short = await look('memory', {
      limits: { ...LIMITS, memory_warn_percent: 101, memory_fail_percent: 100.5 },
    });
    expect(short).toMatchObject({
      verdict: 'failed',
      seen: expect.stringContaining('of the memory is available'),
    });
    expect(causeOf({ ...short })).toBe('health.memory_short');
    const warned = await look('memory', { limits: { ...LIMITS, memory_warn_percent: 101 } });
    expect(warned).toMatchObject({
      verdict: 'warn',
      msg: expect.stringMatching(/^The memory of node-1: .*; wanted/),
    });
  });

  it.each([
    ['Out of memory: Killed process 812 (java) total-vm:1kB', 'failed', 'health.kernel_oom'],
    ['EXT4-fs error (device sda1): ext4_find_entry:1455: inode #2', 'failed', 'health.kernel_file_system'],
    ['mce: [Hardware Error]: Machine check events logged', 'failed', 'health.kernel_hardware'],
    ['blk_update_request: I/O error, dev sr0, sector 0', 'ok', null],
    ['Memory cgroup out of memory: Killed process 9 (app)', 'warn', null],
  ])('reads the kernel: %s', async (line, verdict, cause) => {
    await tellKernel(site.node, `[999999999.0] ${line}`);
    const found = await look('kernel');
    expect(found).toMatchObject({ verdict });
    if (cause !== null) expect(causeOf({ ...found })).toBe(cause);
  });

  it('tells a clock that nobody can be asked for from one that is right', async () => {
    const silent = {
      code: 'NTP_ANSWER',
      msg: '10.20.0.3 does not answer NTP on UDP port 123, wanted a time server there',
    };
    const found = await look('clock', { clock: [silent] });
    expect(found).toMatchObject({ verdict: 'failed', seen: expect.stringContaining('does not answer NTP') });
    expect(causeOf({ ...found })).toBe('health.clock_unknown');
    const near = { servers: [{ server: '10.20.0.3', offset: 0.4 }] };
    expect(await look('clock', { clock: [silent, near] })).toMatchObject({
      verdict: 'warn',
      seen: '-0.400 s off 10.20.0.3',
    });
  });

  it('does not take a service of a later stage for missing, nor no certificate for a good one', async () => {
    const services = [{ name: 'rke2-agent.service', optional: true }];
    expect(await look('services', { services })).toMatchObject({
      verdict: 'skipped',
      seen: 'rke2-agent.service is not installed',
    });
    const gone = await look('services', { services: [{ name: 'no-such.service' }] });
    expect(gone).toMatchObject({ verdict: 'failed', seen: 'no-such.service is not installed' });
    expect(await look('certificates')).toMatchObject({ verdict: 'skipped' });
    const endpoints = [{ name: 'OpenManage Enterprise', address: ADDRESS.node, port: 9 }];
    expect(await look('certificates', { endpoints })).toMatchObject({
      verdict: 'failed',
      seen: expect.stringContaining('shows none'),
    });
  });
});
