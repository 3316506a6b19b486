import { execa } from 'execa';
import { createHash, X509Certificate } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callModule, PLAYBOOKS, runCommand, type ModuleResult } from './playbooks-ansible.ts';
import { causeInStage } from './service-cause.ts';

const VIRSH = fileURLToPath(new URL('appliance-virsh.py', import.meta.url));
const [HOST, APPLIANCE] = [`oa-host-${process.pid}`, `oa-vm-${process.pid}`];
const ADDRESS = '10.78.0.40';
/** As the role makes it of the site's name; the DHCP server has to agree. */
const digest = createHash('sha256').update('plant-7.ome').digest('hex');
const MAC = ['52:54:00', digest.slice(0, 2), digest.slice(2, 4), digest.slice(4, 6)].join(':');
/** Answers as an appliance does to who has not logged in. */
const API = `
import http.server, ssl
class Api(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(401); self.end_headers()
    def log_message(self, *_): pass
server = http.server.HTTPServer(("${ADDRESS}", 443), Api)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("cert.pem", "key.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
`;

let folder: string;
let image: string;
let sha256: string;
let searchPath: string | undefined;
let silence = async (): Promise<void> => undefined;

/** Two namespaces on one wire: the KVM host, and the appliance that its client of libvirt only pretends to boot. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bringup-ome-appliance-'));
  await copyFile(VIRSH, file('virsh'));
  image = file('ome.qcow2');
  const subject = ['-subj', '/CN=ome', '-keyout', file('key.pem'), '-out', file('cert.pem')];
  await execa('chmod', ['0755', file('virsh')]);
  await execa('qemu-img', ['create', '-q', '-f', 'qcow2', image, '1G']);
  await execa('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject]);
  sha256 = createHash('sha256')
    .update(await readFile(image))
    .digest('hex');
  await script(`
    ip netns add ${HOST}; ip netns add ${APPLIANCE}
    ip -n ${HOST} link add w0 type veth peer name w1 netns ${APPLIANCE}
    ip -n ${APPLIANCE} link set w1 address ${MAC}
    for at in "${HOST} w0 10.78.0.5" "${APPLIANCE} w1 ${ADDRESS}"; do
      set -- $at; ip -n $1 link set lo up; ip -n $1 link set $2 up; ip -n $1 addr add $3/24 dev $2
    done`);
  searchPath = process.env['PATH'];
  process.env['PATH'] = `${folder}:${searchPath ?? ''}`;
});
afterAll(async () => {
  process.env['PATH'] = searchPath;
  await silence();
  await script(`ip netns del ${HOST}; ip netns del ${APPLIANCE}`);
  await rm(folder, { recursive: true, force: true });
});

const file = (name: string): string => path.join(folder, name);
const script = async (text: string): Promise<void> => void (await execa('sh', ['-euc', text]));

/** Somebody has set the appliance up at its console. */
async function setUp(): Promise<void> {
  const api = execa('ip', ['netns', 'exec', APPLIANCE, 'python3', '-c', API], { cwd: folder, reject: false });
  silence = async () => {
    api.kill();
    await api;
  };
  const probe = ['netns', 'exec', APPLIANCE, 'curl', '-sk', '-o', '/dev/null', `https://${ADDRESS}/`];
  while ((await execa('ip', probe, { reject: false })).exitCode !== 0) await sleep(100);
}

interface Played {
  readonly changed: readonly string[];
  readonly failed: ModuleResult | undefined;
  /** What libvirt was told to do. */
  readonly commands: readonly string[];
}

async function play(
  playbook: string,
  ome: Record<string, unknown> = {},
  run: Record<string, unknown> = {},
): Promise<Played> {
  const wanted = { mode: 'deploy', address: ADDRESS, credential: 'ome', cpus: 2, memory_mib: 512, ...ome };
  const vars = {
    ...{ ansible_connection: 'local', ansible_python_interpreter: '/usr/bin/python3' },
    bringup_site: { name: 'plant-7', domain: 'plant7.example' },
    bringup_networks: [{ name: 'mgmt', cidr: '10.78.0.0/24', gateway: '10.78.0.1' }],
    bringup_services: { dns: { mode: 'managed' }, dhcp: { mode: 'managed', network: 'mgmt' } },
    bringup_kvm_host: {
      ...{ address: '10.78.0.5', user: 'installer', network: 'mgmt', bridge: 'br-mgmt' },
      storage: file('storage'),
    },
    bringup_deployment_vm: { name: 'deploy', address: '10.78.0.10' },
    bringup_parameters: { ome: { image: { path: 'ome.qcow2', sha256 }, ...wanted } },
    bringup_remote: { site_dir: file('site'), files: { 'parameters.ome.image': image } },
    bringup_run: { id: 'r1', stage: 's', confirm: false, destroy: false, ...run },
    bringup_virtualization: 'emulate',
    ...{ ome_appliance_wait_minutes: 0, ome_appliance_look: 0 },
  };
  await writeFile(file('hosts.json'), JSON.stringify({ all: { children: groupOf(vars) } }));
  await rm(file('commands.log'), { force: true });
  const stack = `${PLAYBOOKS}/stacks/dell-rke2/${playbook}.yml`;
  const words = ['netns', 'exec', HOST, 'ansible-playbook', '-i', file('hosts.json'), stack];
  const { stdout, stderr } = await runCommand('ip', words, { ANSIBLE_STDOUT_CALLBACK: 'json' });
  const report = JSON.parse(stdout.slice(stdout.indexOf('{')) || JSON.stringify({ plays: [], stderr })) as {
    plays: { tasks: { task: { name: string }; hosts: Record<string, ModuleResult> }[] }[];
  };
  const results = report.plays
    .flatMap(({ tasks }) => tasks)
    .flatMap(({ task, hosts }) =>
      Object.values(hosts).map((result) => ({ name: task.name.split(' : ').at(-1) ?? '', result })),
    );
  expect(results.length, stdout + stderr).toBeGreaterThan(0);
  const commands = await readFile(file('commands.log'), 'utf8').catch(() => '');
  return {
    changed: results.filter(({ result }) => result.changed === true).map(({ name }) => name),
    failed: results.find(({ result }) => result.failed === true)?.result,
    commands: commands.split('\n').filter(Boolean),
  };
}

const groupOf = (vars: Record<string, unknown>) => ({ kvm_host: { hosts: { 'kvm-host': vars } } });

// Each test is one or two whole runs of a playbook, which take their time on a busy machine.
describe('the appliance of OpenManage Enterprise', { timeout: 240_000 }, () => {
  it('is refused where its address is in another network than its bridge', async () => {
    const { failed, commands } = await play('ome-appliance', { address: '10.99.0.40' });
    expect(failed).toMatchObject({ code: 'OME_APPLIANCE_NETWORK' });
    expect(commands).toEqual([]);
  });

  it('is made of its image and started, and says what somebody has to do at its console', async () => {
    const { failed, commands } = await play('ome-appliance');
    expect(commands).toEqual(['define', 'autostart', 'start']);
    const domains = await readFile(file('domains.json'), 'utf8');
    const { xml } = (JSON.parse(domains) as Record<string, { xml: string }>)['plant-7.ome']!;
    expect(xml).toContain(`<source file="${file('storage')}/plant-7.ome-1.qcow2"/>`);
    expect(xml).toContain('<target dev="sda" bus="scsi"/>');
    expect(xml).toContain(`<mac address="${MAC}"/>`);
    expect(failed).toMatchObject({ code: 'OME_APPLIANCE_SILENT' });
    expect(failed?.msg).toContain('accept the licence; set the password to that of the credential ome');
    expect(failed?.msg).toContain(`DHCP, which gives it ${ADDRESS} (reserved for its card ${MAC})`);
    expect(failed?.msg).toContain('ssh -L 5903:127.0.0.1:5903 installer@10.78.0.5');
    expect(causeInStage('ome-appliance', failed!)).toBe('ome.appliance_silent');
  });

  it('is not made anew when the run goes on, and its certificate is kept', async () => {
    await setUp();
    const { failed, commands } = await play('ome-appliance');
    expect(failed).toBeUndefined();
    expect(commands).toEqual([]);
    const shown = new X509Certificate(await readFile(file('cert.pem'))).fingerprint256;
    expect((await readFile(file('site/ome/certificate'), 'utf8')).trim()).toBe(
      shown.replaceAll(':', '').toLowerCase(),
    );
  });

  it('is left alone from then on', async () => {
    expect(await play('ome-appliance')).toEqual({ changed: [], failed: undefined, commands: [] });
  });

  it('is not changed without being told to, and an image that was exchanged would cost all it knows', async () => {
    const other = { image: { path: 'ome.qcow2', sha256: 'cd'.repeat(32) }, memory_mib: 768 };
    const { failed, commands } = await play('ome-appliance', other);
    expect(failed).toMatchObject({ code: 'OME_APPLIANCE_CHANGED' });
    expect(failed?.msg).toMatch(/memory_mib from 512 to 768; image from .* deletes its disks/);
    expect(commands).toEqual([]);
    expect(causeInStage('ome-appliance', failed!)).toBe('ome.appliance_changed');
  });

  it('is named where another machine, or another certificate, answers at its address', async () => {
    const known = { console: file('console.log'), steps: 'Set it up.', tunnel: 'installer@10.78.0.5' };
    const look = { domain: 'plant-7.ome', address: ADDRESS, seconds: 1, ...known };
    const changed = await callModule('bringup_appliance_wait', { ...look, kept: 'ab'.repeat(32) }, HOST);
    expect(changed).toMatchObject({ failed: true, hopeless: true, code: 'OME_CERTIFICATE_CHANGED' });
    await script(
      `ip -n ${APPLIANCE} link set w1 address 02:00:5e:78:00:40; ip -n ${HOST} neighbour flush dev w0`,
    );
    const taken = await callModule('bringup_appliance_wait', look, HOST);
    expect(taken).toMatchObject({ failed: true, hopeless: true, code: 'OME_APPLIANCE_ADDRESS_TAKEN' });
    expect(taken.msg).toContain(`answers from 02:00:5e:78:00:40, the appliance's own card is ${MAC}`);
  });

  it('goes with the site', async () => {
    const { failed, commands } = await play('destroy', {}, { destroy: true });
    expect(failed).toBeUndefined();
    expect(commands).toEqual(['destroy', 'undefine']);
    expect((await execa('ls', ['-A', file('storage')])).stdout).toBe('');
  });
});
