import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { callModule, PLAYBOOKS, runCommand } from './playbooks-ansible.ts';
import { causeOf } from './service-cause.ts';

// Namespaces of this test's own, so that nothing outside them sees the addresses.
const SERVER = `pb-server-${process.pid}`;
const CLIENT = `pb-client-${process.pid}`;
const ADDRESS = '198.18.20.10';
const RECORDS = [
  { name: 'deploy', address: ADDRESS },
  { name: 'node-1', address: '198.18.20.11' },
  { name: 'node-1-bmc', address: '198.18.21.11' },
];
const LEASE = {
  network: '198.18.20.0/24',
  range: ['198.18.20.100', '198.18.20.199'],
  server: ADDRESS,
  options: { router: ['198.18.20.1'], dns: [ADDRESS], ntp: [ADDRESS], domain: 'lab.bringup.example' },
};
const SITE = {
  bringup_site: { name: 'lab', domain: 'lab.bringup.example' },
  bringup_networks: [
    { name: 'mgmt', cidr: '198.18.20.0/24', gateway: '198.18.20.1', dhcp_range: LEASE.range },
    { name: 'oob', cidr: '198.18.21.0/24' },
  ],
  bringup_services: {
    dns: { mode: 'managed', upstream: [] },
    ntp: { mode: 'managed' },
    dhcp: { mode: 'managed', network: 'mgmt' },
  },
  bringup_kvm_host: { address: '198.18.20.5' },
  bringup_deployment_vm: { name: 'deploy', address: ADDRESS, network: 'mgmt' },
  bringup_hosts: [
    {
      name: 'node-1',
      bmc: { address: '198.18.21.11' },
      interfaces: [{ name: 'nic1', mac: '02:00:5e:00:00:11', network: 'mgmt', address: '198.18.20.11' }],
    },
  ],
};
const daemons: ChildProcess[] = [];
let folder: string;

async function shell(script: string): Promise<void> {
  const done = await runCommand('bash', ['-euc', script]);
  if (done.code !== 0) throw new Error(`${script}: ${done.stderr}`);
}

function startDaemon(...command: string[]): ChildProcess {
  const daemon = spawn('ip', ['netns', 'exec', SERVER, ...command], { stdio: 'ignore' });
  daemons.push(daemon);
  return daemon;
}

/** Renders the role's own templates, so that what is tested is what a site gets. */
async function renderTemplates(): Promise<void> {
  const role = `${PLAYBOOKS}/roles/network_services`;
  const tasks = ['dnsmasq.conf', 'chrony.conf'].map((name) => ({
    'ansible.builtin.template': {
      src: `${role}/templates/${name}.j2`,
      dest: join(folder, name),
      mode: '0644',
    },
  }));
  const play = {
    hosts: 'all',
    connection: 'local',
    vars: SITE,
    vars_files: ['defaults', 'vars'].map((at) => `${role}/${at}/main.yml`),
    tasks,
  };
  // The records are a template of the role that its variables look up by name.
  await shell(`mkdir ${folder}/templates; cp ${role}/templates/records.json.j2 ${folder}/templates/`);
  await writeFile(join(folder, 'render.json'), JSON.stringify([play]));
  const done = await runCommand('ansible-playbook', ['-i', 'localhost,', join(folder, 'render.json')]);
  if (done.code !== 0) throw new Error(done.stdout + done.stderr);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bringup-probes-'));
  await shell(`
    ip netns add ${SERVER}; ip netns add ${CLIENT}
    ip -n ${SERVER} link add eth0 type bridge
    for port in nic1 nic2; do
      ip -n ${SERVER} link add $port type veth peer name $port netns ${CLIENT}
      ip -n ${SERVER} link set $port master eth0 up; ip -n ${CLIENT} link set $port up
    done
    ip -n ${SERVER} link set lo up; ip -n ${SERVER} addr add ${ADDRESS}/24 dev eth0; ip -n ${SERVER} link set eth0 up
    ip -n ${CLIENT} addr add 198.18.20.11/24 dev nic1; ip -n ${CLIENT} link set lo up`);
  await renderTemplates();
  startDaemon(
    'dnsmasq',
    '--keep-in-foreground',
    '--user=root',
    '--pid-file',
    `--dhcp-leasefile=${folder}/leases`,
    `--conf-file=${folder}/dnsmasq.conf`,
  );
  const chrony = await readFile(join(folder, 'chrony.conf'), 'utf8');
  const own = `pidfile ${folder}/chronyd.pid\nbindcmdaddress /\ncmdport 0\n`;
  await writeFile(join(folder, 'chrony.conf'), chrony.replace(/^(driftfile|rtcsync).*\n/gm, '') + own);
  startDaemon('chronyd', '-d', '-x', '-u', 'root', '-f', join(folder, 'chrony.conf'));
});

afterAll(async () => {
  for (const daemon of daemons) {
    if (daemon.exitCode === null && daemon.kill()) await once(daemon, 'exit');
  }
  await runCommand('ip', ['netns', 'del', SERVER]);
  await runCommand('ip', ['netns', 'del', CLIENT]);
  await rm(folder, { recursive: true, force: true });
});

describe('DNS', () => {
  const probe = (changes: Record<string, unknown> = {}) =>
    callModule(
      'bringup_dns_probe',
      { servers: [ADDRESS], domain: 'lab.bringup.example', records: RECORDS, ...changes },
      CLIENT,
    );

  it('answers forward and reverse names', async () => {
    expect(await probe()).toMatchObject({ answers: 6, changed: false });
  });

  it('says what was seen and what was wanted', async () => {
    const result = await probe({
      records: [
        { name: 'node-1', address: '198.18.20.99' },
        { name: 'ghost', address: '198.18.20.98' },
      ],
    });
    expect(result).toMatchObject({ failed: true, code: 'DNS_ANSWER' });
    expect(result.msg).toContain('node-1.lab.bringup.example is 198.18.20.11, wanted 198.18.20.99');
    expect(result.msg).toContain('ghost.lab.bringup.example is no such name');
  });

  it('names a silent server', async () => {
    const result = await probe({ servers: ['198.18.20.77'], timeout: 0.2 });
    expect(result.msg).toContain('198.18.20.77 does not answer on UDP port 53');
  });
});

describe('DHCP', () => {
  const probe = (changes: Record<string, unknown> = {}) =>
    callModule('bringup_dhcp_probe', { ...LEASE, linger: 0, ...changes }, CLIENT);

  it('takes a lease in range on the interface without an address, and gives it back', async () => {
    const result = await probe();
    expect(result).toMatchObject({
      changed: false,
      lease: { interface: 'nic2', server: ADDRESS, seconds: 43_200 },
    });
    await expect.poll(() => readFile(join(folder, 'leases'), 'utf8')).toBe('');
  });

  it('works beside the lease of an interface that has an address', async () => {
    expect(await probe({ interface: 'nic1' })).toMatchObject({ lease: { interface: 'nic1' } });
  });

  it('tells a wrong range and wrong options apart', async () => {
    const result = await probe({
      range: ['198.18.20.200', '198.18.20.210'],
      options: { ...LEASE.options, router: ['198.18.20.254'] },
    });
    expect(result).toMatchObject({ failed: true, code: 'DHCP_LEASE' });
    expect(result.msg).toMatch(/the lease is 198\.18\.20\.1\d\d, wanted one from 198\.18\.20\.200/);
    expect(result.msg).toContain('the router option is 198.18.20.1, wanted 198.18.20.254');
  });

  it('names the other server when one answers', async () => {
    const result = await probe({ server: '198.18.20.7' });
    expect(result.msg).toContain(`${ADDRESS} answered, wanted 198.18.20.7: there is another DHCP server`);
  });

  it('names another server that answers later than the right one, and is well when that is gone', async () => {
    const other = `pb-other-${process.pid}`;
    await shell(`
      ip netns add ${other}
      ip -n ${SERVER} link add other type veth peer name eth0 netns ${other}
      ip -n ${SERVER} link set other master eth0 up
      ip -n ${other} addr add 198.18.20.66/24 dev eth0; ip -n ${other} link set eth0 up`);
    const words = [
      '--port=0',
      '--keep-in-foreground',
      '--user=root',
      '--pid-file',
      '--no-ping',
      '--dhcp-reply-delay=1',
    ];
    const own = [
      '--conf-file=/dev/null',
      `--dhcp-leasefile=${folder}/other`,
      '--dhcp-range=198.18.20.210,198.18.20.219',
    ];
    const server = spawn('ip', ['netns', 'exec', other, 'dnsmasq', ...words, ...own], { stdio: 'ignore' });
    try {
      const said = `198.18.20.66 answered as well, after ${ADDRESS}: there is another DHCP server on this network`;
      // Until it has its socket, nobody answers late.
      await vi.waitFor(async () => {
        const found = await probe({ linger: 1.5 });
        expect(found.msg).toContain(said);
        expect(causeOf(found)).toBe('dhcp.other_server');
      }, 30_000);
    } finally {
      if (server.kill()) await once(server, 'exit');
      await shell(`ip netns del ${other}`);
    }
    expect(await probe({ linger: 1.5 })).toMatchObject({ lease: { server: ADDRESS } });
  });

  it('says that nobody answered', async () => {
    const result = await probe({ interface: 'lo', seconds: 1 });
    expect(result).toMatchObject({ failed: true, code: 'DHCP_SILENT' });
  });
});

describe('NTP', () => {
  it('reads a synchronised time', async () => {
    const result = await callModule('bringup_ntp_probe', { servers: [ADDRESS] }, CLIENT);
    expect(result).toMatchObject({ servers: [{ server: ADDRESS, stratum: 10 }] });
  });

  it('tells a clock that is off from a time server that is', async () => {
    const off = await callModule(
      'bringup_ntp_probe',
      { servers: [ADDRESS], max_offset: -1, attempts: 1 },
      CLIENT,
    );
    expect(off).toMatchObject({ failed: true, code: 'NTP_OFFSET' });
    expect(causeOf(off)).toBe('clock.off');
  });

  it('names a silent server', async () => {
    const result = await callModule('bringup_ntp_probe', { servers: ['198.18.20.77'], attempts: 1 }, CLIENT);
    expect(result).toMatchObject({ failed: true, code: 'NTP_ANSWER' });
  });
});
