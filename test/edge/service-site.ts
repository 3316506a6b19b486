import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { parseSite, renderInventory } from '../../src/site/index.ts';
import { moduleCommand, PLAYBOOKS, readResult, runCommand, type ModuleResult } from './playbooks-ansible.ts';

// Whole playbooks, which take their time on a machine that has other work.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

const MACHINE = fileURLToPath(new URL('service-machine.sh', import.meta.url));
const SYSTEMCTL = fileURLToPath(new URL('service-systemctl.py', import.meta.url));

/** Addresses of the site's machines; all in namespaces of the test's own. */
export const ADDRESS = {
  vm: '198.18.30.10',
  kvm: '198.18.30.5',
  node: '198.18.30.11',
  bmc: '198.18.30.21',
} as const;

/** The site file of these machines. */
export const SITE = `apiVersion: bringup/v1
site: {name: services, customer: ACME, location: Hall, domain: services.example}
stack: dell-rke2
networks:
  - {name: mgmt, cidr: 198.18.30.0/24}
services:
  repository: {mode: managed, protocols: [http, smb]}
  logging: {mode: managed}
kvm_host: {address: ${ADDRESS.kvm}, user: root, credential: kvm-host, network: mgmt, bridge: br-mgmt}
deployment_vm:
  name: deploy
  user: root
  address: ${ADDRESS.vm}
  network: mgmt
  base_image: {path: images/debian-12.qcow2, sha256: ${'ab'.repeat(32)}}
hosts:
  - name: node-1
    serial: ABC1234
    roles: [rke2-server]
    bmc: {address: ${ADDRESS.bmc}, credential: idrac}
    ssh: {user: root, credential: node}
    interfaces: [{name: nic1, mac: "02:00:5e:00:30:11", network: mgmt, address: ${ADDRESS.node}}]
`;

/** One machine of the site: this machine's programs, an own network, and a file system that forgets. */
interface ServiceMachine {
  run(...command: string[]): ReturnType<typeof runCommand>;
  /** A command that has to end well; its standard output. */
  must(...command: string[]): Promise<string>;
  /** Starts a command whose input and output are given on as they come. */
  start(...command: string[]): ChildProcess;
  /** Runs one module of playbooks/library there. */
  module(name: string, parameters: Record<string, unknown>): Promise<ModuleResult>;
}

/** A deployment VM, a KVM host and a target server, in the place of a site. */
export interface ServiceSite {
  readonly folder: string;
  readonly vm: ServiceMachine;
  readonly kvm: ServiceMachine;
  readonly node: ServiceMachine;
  /** Runs a stage's playbook as ansible-runner would, with these variables besides; `failed` are the results that failed. */
  play(playbook: string, vars?: Record<string, unknown>, ...options: string[]): Promise<Played>;
  remove(): Promise<void>;
}

interface Played {
  readonly code: number;
  readonly changed: readonly string[];
  readonly failed: readonly ModuleResult[];
  readonly results: readonly ModuleResult[];
  readonly output: string;
}

interface PlayReport {
  readonly plays: readonly {
    readonly tasks: readonly {
      readonly task: { readonly name: string };
      readonly hosts: Record<string, ModuleResult>;
    }[];
  }[];
}

/** Makes the site; `credential` is what services.repository.credential names. */
export async function createServiceSite(
  credential = { username: 'idrac', password: 'share-password-long' },
): Promise<ServiceSite> {
  const folder = mkdtempSync(join(tmpdir(), 'bringup-services-'));
  const names = { vm: `sv-vm-${process.pid}`, kvm: `sv-kvm-${process.pid}`, node: `sv-node-${process.pid}` };
  const daemons: ChildProcess[] = [];
  const remove = async (): Promise<void> => {
    for (const daemon of daemons)
      if (daemon.exitCode === null && daemon.kill('SIGKILL')) await once(daemon, 'exit');
    for (const name of Object.values(names)) await runCommand('ip', ['netns', 'del', name]);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await cable(names);
    const [vm, kvm, node] = await Promise.all(
      [names.vm, names.kvm, names.node].map((name) => startMachine(name, daemons)),
    );
    if (vm === undefined || kvm === undefined || node === undefined) throw new Error('a machine is missing');
    await openSsh(folder, { vm, node });
    const inventory = join(folder, 'hosts.yml');
    writeFileSync(inventory, inventoryText());
    const play: ServiceSite['play'] = async (playbook, vars = {}, ...options) => {
      const own = { ...extraVars(folder, credential), ...vars };
      writeFileSync(join(folder, 'vars.json'), JSON.stringify(own));
      const machine = playbook.includes('kvm-host') ? kvm : vm;
      const done = await machine.run(
        ...['ansible-playbook', '-i', inventory, '-e', `@${folder}/vars.json`, ...options],
        `${PLAYBOOKS}/stacks/dell-rke2/${playbook}`,
      );
      return readReport(done);
    };
    return { folder, vm, kvm, node, play, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function cable(names: { vm: string; kvm: string; node: string }): Promise<void> {
  const script = [`ip netns add ${names.vm}; ip netns add ${names.kvm}; ip netns add ${names.node}`];
  script.push(`ip -n ${names.vm} link add eth0 type bridge; ip -n ${names.vm} link set eth0 up`);
  for (const at of ['kvm', 'node'] as const) {
    script.push(`ip -n ${names.vm} link add ${at} type veth peer name nic1 netns ${names[at]}`);
    script.push(`ip -n ${names.vm} link set ${at} master eth0 up; ip -n ${names[at]} link set nic1 up`);
    script.push(`ip -n ${names[at]} link set lo up; ip -n ${names[at]} addr add ${ADDRESS[at]}/24 dev nic1`);
  }
  script.push(`ip -n ${names.vm} link set lo up; ip -n ${names.vm} addr add ${ADDRESS.vm}/24 dev eth0`);
  script.push(`ip -n ${names.node} addr add ${ADDRESS.bmc}/24 dev nic1`);
  const done = await runCommand('bash', ['-euc', script.join('\n')]);
  if (done.code !== 0) throw new Error(done.stderr);
}

async function startMachine(name: string, daemons: ChildProcess[]): Promise<ServiceMachine> {
  const outer = spawn(MACHINE, [name, SYSTEMCTL], { stdio: ['ignore', 'pipe', 'inherit'] });
  daemons.push(outer);
  // Its first process prints when all is mounted.
  const [first] = (await Promise.race([once(outer.stdout, 'data'), once(outer, 'exit')])) as [unknown];
  if (!String(first).startsWith('ready'))
    throw new Error(`the machine ${name} did not start: ${String(first)}`);
  const inner = (await runCommand('pgrep', ['-P', String(outer.pid)])).stdout.trim();
  const enter = ['--target', inner, '--mount', '--net', '--pid', '--uts', `--wd=${PLAYBOOKS}`];
  const run: ServiceMachine['run'] = (...command) =>
    runCommand('nsenter', [...enter, ...command], {
      ...{ TMPDIR: '/run', PYTHONDONTWRITEBYTECODE: '1', ANSIBLE_NO_TARGET_SYSLOG: 'True' },
      ...{ ANSIBLE_STDOUT_CALLBACK: 'json', ANSIBLE_LOAD_CALLBACK_PLUGINS: '1' },
    });
  return {
    run,
    start: (...command) => spawn('nsenter', [...enter, ...command], { stdio: ['pipe', 'pipe', 'ignore'] }),
    async must(...command) {
      const done = await run(...command);
      if (done.code !== 0) throw new Error(`${command.join(' ')}: ${done.stdout}${done.stderr}`);
      return done.stdout;
    },
    module: async (module, parameters) => readResult(await run(...moduleCommand(module, parameters))),
  };
}

/** The KVM host logs in to the deployment VM, and that to the target server, each with its own key. */
async function openSsh(
  folder: string,
  { vm, node }: { vm: ServiceMachine; node: ServiceMachine },
): Promise<void> {
  const keys = join(folder, 'site', 'ssh');
  mkdirSync(keys, { recursive: true });
  await vm.must('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', `${keys}/access_ed25519`);
  await vm.must('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', `${keys}/host`);
  await vm.must('sh', '-c', `echo "${ADDRESS.vm} $(cat ${keys}/host.pub)" >${keys}/known_hosts`);
  const daemon = ['-h', `${keys}/host`, '-o', `AuthorizedKeysFile=${keys}/access_ed25519.pub`];
  for (const machine of [vm, node])
    await machine.must(
      '/usr/sbin/sshd',
      '-f',
      '/dev/null',
      ...daemon,
      '-o',
      'PermitRootLogin=yes',
      '-o',
      'StrictModes=no',
    );
}

function inventoryText(): string {
  const { site, problems } = parseSite({ file: 'site.yaml', text: SITE });
  if (site === undefined) throw new Error(problems.map((problem) => problem.message).join('\n'));
  const repository = { ...site.services.repository, credential: 'share' };
  return renderInventory({ ...site, services: { ...site.services, repository } });
}

function extraVars(folder: string, share: Record<string, string>): Record<string, unknown> {
  return {
    bringup_run: { id: 'r1', stage: 's', attempt: 1, runtime: '/run', confirm: false, destroy: false },
    bringup_remote: {
      root: '/var/lib/bringup',
      site_dir: join(folder, 'site'),
      bundle: join(folder, 'bundle'),
    },
    bringup_credentials: {
      share,
      node: { username: 'root', private_key: readFileSync(join(folder, 'site/ssh/access_ed25519'), 'utf8') },
    },
    // Of this machine's kernel nothing may be read.
    logging_kernel: false,
  };
}

function readReport({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }): Played {
  const start = stdout.indexOf('{');
  if (start < 0) throw new Error(`Ansible gave no result: ${stdout}${stderr}`);
  const tasks = (JSON.parse(stdout.slice(start)) as PlayReport).plays.flatMap((play) => play.tasks);
  const all = tasks.flatMap(({ task, hosts }) =>
    Object.values(hosts).map((result) => ({ name: task.name, result })),
  );
  return {
    code,
    changed: all.filter(({ result }) => result.changed === true).map(({ name }) => name),
    failed: all.map(({ result }) => result).filter(({ failed }) => failed === true),
    results: all.map(({ result }) => result),
    output: stdout + stderr,
  };
}
