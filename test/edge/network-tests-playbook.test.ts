import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { explainFailure, loadCatalogue } from '../../src/failures/index.ts';
import { normaliseSite, renderInventory, type Site } from '../../src/site/index.ts';
import { addressOf, GATEWAY, type Machine, Rig, SITE, type Survey } from './network-tests-rig.ts';
import { PLAYBOOKS, runCommand, type ModuleResult } from './playbooks-ansible.ts';

const NOBODY = '198.51.100.2';
const WITH_SSH = ['kvm-host', 'node-1', 'node-2'] as const;
let rig: Rig;
/** Starts what an operating system would: an SSH server. */
let startSystem: (machine: Machine) => Promise<void>;

interface Story {
  readonly tasks: Readonly<Record<string, Readonly<Record<string, ModuleResult>>>>;
  readonly stats: Readonly<
    Record<string, { readonly changed: number; readonly failures: number; readonly unreachable: number }>
  >;
}

interface Circumstances {
  readonly playbook?: string;
  readonly nameServer?: string;
  readonly kvmPort?: number;
  /** Left out, node-3 is no part of the site; with it, stage os is to install it. */
  readonly bare?: 'node-3';
}

/** The site file of the rig: name and time servers are the customer's own. */
const siteWith = ({ nameServer = GATEWAY, kvmPort = 22, bare }: Circumstances): Site =>
  ({
    apiVersion: 'bringup/v1',
    site: { name: 'nt', domain: 'nt.example' },
    stack: 'dell-rke2',
    ...SITE,
    hosts: SITE.hosts.filter(({ name }) => name !== 'node-3' || name === bare),
    ...(bare === undefined ? {} : { parameters: { os: { mode: 'install', hosts: [bare] } } }),
    services: {
      dns: { mode: 'existing', servers: [nameServer] },
      ntp: { mode: 'existing', servers: [GATEWAY] },
    },
    kvm_host: { ...SITE.kvm_host, port: kvmPort, bridge: 'br0' },
    deployment_vm: { ...SITE.deployment_vm, base_image: { path: 'image.qcow2', sha256: 'ab'.repeat(32) } },
  }) as unknown as Site;

/** Real SSH servers on the machines, real name and time servers beside the gateway. */
beforeAll(async () => {
  rig = await Rig.start();
  const { folder } = rig;
  const key = path.join(folder, 'key');
  await runCommand('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const sshd = `HostKey ${key}\nAuthorizedKeysFile ${key}.pub\nUsePAM no\nStrictModes no\nPidFile none\nPermitRootLogin prohibit-password\n`;
  await writeFile(path.join(folder, 'sshd.conf'), sshd);
  // Whoever logs in gets a plain shell: what a person's own starts with takes its time.
  const plain = '[ ! -e /root/.bashrc ] || mount --bind /dev/null /root/.bashrc';
  const start = `mount -t tmpfs tmpfs /run && mkdir /run/sshd && { ${plain}; } && exec /usr/sbin/sshd -D -f ${folder}/sshd.conf`;
  startSystem = async (machine) => {
    rig.daemon(machine, 'unshare', '-m', 'sh', '-c', start);
    await rig.on(
      machine,
      'for try in {1..200}; do [ -n "$(ss -Hlnt "sport = :22")" ] && exit 0; sleep 0.1; done; exit 1',
    );
  };
  rig.daemon(
    'switch',
    ...`dnsmasq -k -C /dev/null -h -R --pid-file= --user=root -a ${GATEWAY} -z`.split(' '),
  );
  const chrony = `local stratum 8\nallow 198.51.100.0/24\nbindcmdaddress /\ncmdport 0\npidfile ${folder}/chronyd.pid\n`;
  await writeFile(path.join(folder, 'chrony.conf'), chrony);
  rig.daemon('switch', 'chronyd', '-d', '-x', '-u', 'root', '-f', path.join(folder, 'chrony.conf'));
  await Promise.all(WITH_SSH.map(startSystem));
}, 60_000);
afterAll(async () => rig.stop());

/** Carries the stage out on the deployment VM. */
async function carryOut(attempt: number, circumstances: Circumstances = {}): Promise<Story> {
  const { folder } = rig;
  const runtime = path.join(folder, 'runtime');
  await mkdir(runtime, { recursive: true });
  await writeFile(
    path.join(folder, 'inventory.yaml'),
    renderInventory(normaliseSite(siteWith(circumstances))),
  );
  const login = { username: 'root', private_key: await readFile(path.join(folder, 'key'), 'utf8') };
  const vars = {
    bringup_run: { id: 'run-1', stage: 'network-tests', attempt, runtime },
    bringup_remote: { site_dir: folder },
    bringup_credentials: { node: login, kvm: login },
    // Wide, since the machine that carries the tests has other work.
    network_tests_limits: {
      ...{ max_latency_ms: 500, max_loss_percent: 1, min_mbit: 1, sample_seconds: 0.3, sample_mib: 16 },
    },
  };
  await writeFile(path.join(folder, 'vars.json'), JSON.stringify(vars));
  await chmod(path.join(folder, 'vars.json'), 0o600);
  const { playbook: name = 'network-tests.yml' } = circumstances;
  const playbook = path.join(PLAYBOOKS, 'stacks/dell-rke2', name);
  const words = ['-i', path.join(folder, 'inventory.yaml'), '-e', `@${folder}/vars.json`, playbook];
  const done = await runCommand(
    'ip',
    ['netns', 'exec', rig.namespace('deploy'), 'ansible-playbook', ...words],
    {
      ANSIBLE_STDOUT_CALLBACK: 'json',
      ANSIBLE_SSH_ARGS: '-o ControlMaster=auto -o ControlPersist=20',
      ANSIBLE_SSH_CONTROL_PATH_DIR: path.join(folder, 'cp'),
    },
  );
  const start = done.stdout.indexOf('{');
  if (start < 0) throw new Error(done.stdout + done.stderr);
  const report = JSON.parse(done.stdout.slice(start)) as {
    readonly plays: readonly {
      readonly tasks: readonly {
        readonly task: { readonly name: string };
        readonly hosts: Story['tasks'][string];
      }[];
    }[];
    readonly stats: Story['stats'];
  };
  const all = report.plays.flatMap(({ tasks }) => tasks);
  const tasks: Record<string, Record<string, ModuleResult>> = {};
  for (const { task, hosts } of all)
    tasks[task.name.replace(/^.* : /, '')] = { ...tasks[task.name.replace(/^.* : /, '')], ...hosts };
  return { tasks, stats: report.stats };
}

/** Cause key and owner that the engineer is told for what a task said. */
async function explain(host: string, { code = '', msg = '' }: ModuleResult): Promise<unknown> {
  const names = ['network-tests.yaml', 'phrases.yaml'];
  const files = names.map(async (file) => ({
    file,
    text: await readFile(path.join(PLAYBOOKS, 'failures', file), 'utf8'),
  }));
  const where = { stage: 'network-tests', host, runs_on: 'deployment-vm' };
  const record = explainFailure(
    { what: `Task failed on ${host}.`, where, message: msg, code, evidence: [] },
    loadCatalogue(await Promise.all(files)),
    { run: 'run-1', site: 'nt', at: '', version: '1' },
  );
  return [record.why.key, record.owner, record.why.summary];
}

it(
  'tells a dead name server and a dropped port, each at its machine, after every machine has been tested',
  { timeout: 180_000 },
  async () => {
    await rig.cut('node-1', 'tcp', 9345);
    const { tasks, stats } = await carryOut(1, { nameServer: NOBODY, kvmPort: 2222 });
    await rig.mend('node-1');
    const faults = tasks['Tell the faults of the network'] ?? {};
    const failed = Object.entries(faults).filter(([, { failed: wrong }]) => wrong === true);
    expect(failed.map(([host, { msg }]) => [host, msg])).toEqual([
      [
        'deploy',
        `The name server ${NOBODY} does not serve deploy, node-1, node-2: ${NOBODY} does not answer on UDP port 53, wanted a name server there.`,
      ],
      [
        'node-1',
        `From node-2 to node-1 (${addressOf('node-1')}) in network mgmt nothing comes through to tcp/9345, where a listener was waiting: a firewall drops it.`,
      ],
    ]);
    expect(await Promise.all(failed.map(([host, result]) => explain(host, result)))).toEqual([
      [
        'network.dns_silent',
        'customer-network',
        `The name server ${NOBODY} does not answer machines of the site.`,
      ],
      ['network.port_firewall', 'field-engineer', expect.stringContaining('the firewall of node-1')],
    ]);
    expect(Object.values(stats).map(({ failures }) => failures)).toEqual([1, 0, 1, 0]);
    // What a run keeps of it: by the machine that tried, and by another where that could not be asked.
    const cellsOf = (host: string) => tasks['Tell what each machine saw']?.[host]?.['bringup_cells'];
    expect(cellsOf('node-2')).toContainEqual({
      ...{ from: 'node-2', to: 'node-1', probe: 'ports', at: 'mgmt', status: 'failed' },
      ...{ seen: expect.stringContaining('tcp/9345 silent') as string, wanted: 'all open' },
    });
    expect(cellsOf('deploy')).toContainEqual(
      expect.objectContaining({ from: 'kvm-host', probe: 'asked', seen: 'was not asked' }),
    );
    // Nobody could log in to the KVM host. The others are tested all the same, and the matrix says so.
    expect(stats['kvm-host']).toMatchObject({ unreachable: 1 });
    const { matrix } = Object.values(
      tasks['Put the matrix together and judge it'] ?? {},
    )[0] as unknown as Survey;
    expect(matrix.filter(({ status }) => status === 'not-tested')).toMatchObject([
      { from: 'kvm-host', seen: 'was not asked' },
    ]);
  },
);

it(
  'is all well and changes nothing once both are mended, without a server that is still to be installed',
  { timeout: 180_000 },
  async () => {
    const { tasks, stats } = await carryOut(2, { bare: 'node-3' });
    expect(tasks['Leave it out until it is installed']).toMatchObject({
      'node-3': {
        left_out: 'no operating system yet',
        msg: 'node-3 has no operating system yet: left out here; stage os installs it, and stage server-checks tries it then',
      },
    });
    const verdict = tasks['Put the matrix together and judge it'] ?? {};
    const { summary, faults, matrix } = Object.values(verdict)[0] as unknown as Survey;
    expect(faults).toEqual({});
    const bad = matrix.filter(({ status }) => status !== 'ok');
    expect(bad).toMatchObject([
      { from: 'node-3', status: 'not-tested', seen: 'has no operating system yet' },
    ]);
    expect(new Set(matrix.flatMap(({ from, status }) => (status === 'ok' ? [from] : [])))).toEqual(
      new Set(['deploy', ...WITH_SSH]),
    );
    expect(summary).toMatchObject({ dns: { ok: 4 }, ntp: { ok: 4 }, bandwidth: { ok: 2 }, port: { ok: 6 } });
    // The host key that the deployment VM keeps at the first login is no change of the network tests.
    const quiet = { changed: 0, failures: 0 };
    expect(stats).toMatchObject({
      deploy: quiet,
      'node-1': quiet,
      'node-2': quiet,
      'kvm-host': { ...quiet, changed: 1 },
    });
    for (const machine of WITH_SSH) expect(await rig.on(machine, 'ss -Hlntu "sport != :22"')).toBe('');
  },
);

it(
  'tries a server once it is installed: the network from all machines, the services from there',
  { timeout: 300_000 },
  async () => {
    await startSystem('node-3');
    const record = path.join(rig.folder, 'os/node-3.json');
    await mkdir(path.dirname(record));
    await writeFile(record, JSON.stringify({ state: 'installed' }));
    const checks = { bare: 'node-3', playbook: 'server-checks.yml' } as const;
    const { tasks, stats } = await carryOut(3, checks);
    const { matrix, faults } = Object.values(
      tasks['Put the matrix together and judge it'] ?? {},
    )[0] as unknown as Survey;
    expect(faults).toEqual({});
    for (const leg of [
      ['node-3', 'node-1'],
      ['node-1', 'node-3'],
      ['kvm-host', 'node-3'],
    ] as const)
      expect(matrix).toContainEqual(
        expect.objectContaining({ from: leg[0], to: leg[1], test: 'reach', status: 'ok' }),
      );
    // The others were tried from by the stages before.
    expect(Object.keys(tasks['Read the time from NTP'] ?? {})).toEqual(['node-3']);
    // Its host key at the first login, and that it was tried.
    expect(stats['node-3']).toMatchObject({ failures: 0, unreachable: 0, changed: 2 });
    expect(JSON.parse(await readFile(record, 'utf8'))).toMatchObject({
      state: 'installed',
      tried: expect.stringMatching(/^20.*Z$/) as string,
    });
    const again = await carryOut(4, checks);
    expect(Object.values(again.stats).filter(({ changed }) => changed > 0)).toEqual([]);
    expect(again.tasks['Read the time from NTP']).toBeUndefined();
  },
);
