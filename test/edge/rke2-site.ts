import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { createLabContext, type LabContext } from '../../main/lab/context.ts';
import { startMachine } from '../../main/lab/machines.ts';
import { initOf, killProcesses } from '../../main/lab/processes.ts';
import { buildRke2StandIn } from '../../main/lab/rke2/rke2-stand-in.ts';
import { ensureRoots } from '../../main/lab/roots.ts';
import { parseSite, renderInventory } from '../../src/site/index.ts';
import { callModule, PLAYBOOKS, runCommand, type ModuleResult } from './playbooks-ansible.ts';

// The root of the servers is built once and then found in the lab's cache.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 900_000 });

/** Address of the deployment VM; all are in namespaces of the test's own. */
export const VM = '198.19.40.10';
export const NODES = {
  'node-1': 'server',
  'node-2': 'server',
  'node-3': 'server',
  'node-4': 'agent',
} as const;
export type Node = keyof typeof NODES;
const NAMES = Object.keys(NODES) as Node[];
export const addressOf = (node: Node): string => `198.19.40.${10 + Number(node.at(-1))}`;

/** Of the login to a registry, which only nodes may know. */
export const PULL_PASSWORD = 'pull-me-if-you-can-8d1f';

/** Two registries on one host, of which one wants a login. */
export const REGISTRY = 'registry.rke2.example:5000';
export const REGISTRIES = [
  { name: 'apps.rke2.example', endpoints: [`https://${REGISTRY}`], credential: 'registry' },
  { name: 'more.rke2.example', endpoints: [`https://${REGISTRY}`, 'http://198.19.40.9'] },
];

const PARAMETERS = {
  artifacts: 'rke2',
  registries: REGISTRIES,
  minimum: { cpus: 1, memory_gib: 0.5 },
  start_attempts: 6,
  ready_attempts: 8,
};

/** One result of a task at a host, in the order in which they came. */
interface Result extends ModuleResult {
  readonly host: string;
  readonly task: string;
}

export interface Played {
  readonly code: number;
  readonly changed: readonly string[];
  readonly failed: readonly Result[];
  readonly results: readonly Result[];
  readonly output: string;
}

/** Four Debian servers under systemd, and this machine in the deployment VM's place, in a network of their own. */
export interface Rke2Site {
  readonly folder: string;
  /** What the deployment VM keeps of the site. */
  readonly kept: string;
  /** Runs a stage's playbook as ansible-runner would, each time as an attempt of its own. */
  play(playbook: string, vars?: Record<string, unknown>, ...options: string[]): Promise<Played>;
  /** A shell script as root on a server, which has to end well; what it printed. */
  on(node: Node, script: string): Promise<string>;
  /** Runs one module on the deployment VM, without Ansible around it. */
  call(module: string, parameters: Record<string, unknown>): Promise<ModuleResult>;
  /** Pulls the plug of a server. */
  powerOff(node: Node): Promise<void>;
  remove(): Promise<void>;
}

/** Boots the servers and lays the rke2 stand-in into the repository of the deployment VM. */
export async function createRke2Site(): Promise<Rke2Site> {
  const folder = mkdtempSync(join(tmpdir(), 'bringup-rke2-stage-'));
  const lab = createLabContext({ name: `rk${process.pid % 1_000_000}`, stateDir: join(folder, 'lab') });
  const vm = `${lab.name}-vm`;
  const daemons: ChildProcess[] = [];
  const remove = async (): Promise<void> => {
    await killProcesses(lab, ['vm', ...NAMES]);
    for (const daemon of daemons)
      if (daemon.exitCode === null && daemon.signalCode === null) await once(daemon, 'exit');
    for (const name of ['vm', ...NAMES]) await runCommand('ip', ['netns', 'del', `${lab.name}-${name}`]);
    await runCommand('find', [
      '/sys/fs/cgroup',
      '-depth',
      '-type',
      'd',
      '-path',
      `*/${lab.name}-*`,
      '-delete',
    ]);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await cable(lab.name);
    await Promise.all([bootServers(lab, folder), fillRepository(folder)]);
    daemons.push(await serveRepository(vm, folder));
    await Promise.all(NAMES.map((node) => waitForSsh(vm, addressOf(node))));
    const inventory = join(folder, 'hosts.yml');
    let attempt = 0;
    const play: Rke2Site['play'] = async (playbook, vars = {}, ...options) => {
      attempt += 1;
      writeFileSync(inventory, inventoryText((vars['servers'] as number | undefined) ?? 3));
      writeFileSync(join(folder, 'vars.json'), JSON.stringify({ ...extraVars(folder, attempt), ...vars }));
      const command = ['ansible-playbook', '-i', inventory, '-e', `@${folder}/vars.json`, ...options];
      const done = await runCommand(
        'ip',
        ['netns', 'exec', vm, ...command, `${PLAYBOOKS}/stacks/dell-rke2/${playbook}`],
        ansibleSettings(folder, attempt),
      );
      return readPlayed(done);
    };
    const on: Rke2Site['on'] = async (node, script) => {
      const init = String(await initOf(lab, node));
      const done = await runCommand('nsenter', ['--target', init, '--all', '--', 'bash', '-euc', script]);
      if (done.code !== 0) throw new Error(`${node}: ${script}: ${done.stdout}${done.stderr}`);
      return done.stdout;
    };
    const powerOff = async (node: Node): Promise<void> => {
      await killProcesses(lab, [node]);
      await runCommand('ip', ['-n', vm, 'link', 'set', node, 'down']);
      // Nobody remembers where it was, or else it would be tried for as long as that takes.
      await runCommand('ip', ['-n', vm, 'neigh', 'flush', 'all']);
    };
    const call: Rke2Site['call'] = (module, given) => callModule(module, given, vm);
    return { folder, kept: join(folder, 'site'), play, on, call, powerOff, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The deployment VM's end of all cables is a bridge, which is also the way out that leads nowhere. */
async function cable(prefix: string): Promise<void> {
  const vm = `${prefix}-vm`;
  const script = [`ip netns add ${vm}; ip -n ${vm} link add eth0 type bridge; ip -n ${vm} link set eth0 up`];
  script.push(`ip -n ${vm} link set lo up; ip -n ${vm} addr add ${VM}/24 dev eth0`);
  for (const node of NAMES) {
    const inside = `${prefix}-${node}`;
    script.push(
      `ip netns add ${inside}; ip -n ${vm} link add ${node} type veth peer name nic1 netns ${inside}`,
    );
    script.push(`ip -n ${vm} link set ${node} master eth0 up; ip -n ${inside} link set lo up`);
    script.push(`ip -n ${inside} addr add ${addressOf(node)}/24 dev nic1; ip -n ${inside} link set nic1 up`);
    script.push(`ip -n ${inside} route add default via ${VM}`);
  }
  const done = await runCommand('bash', ['-euc', script.join('\n')]);
  if (done.code !== 0) throw new Error(done.stderr);
}

/** The lab's own root below a layer with the key by which the deployment VM logs in. */
async function bootServers(lab: LabContext, folder: string): Promise<void> {
  const roots = await ensureRoots(lab, () => undefined, new AbortController().signal);
  const layer = join(folder, 'layer');
  const key = join(folder, 'key');
  mkdirSync(join(layer, 'home/admin/.ssh'), { recursive: true });
  await runCommand('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  cpSync(`${key}.pub`, join(layer, 'home/admin/.ssh/authorized_keys'));
  await runCommand('chown', ['-R', '1000:1000', join(layer, 'home/admin')]);
  const login = { username: 'admin', password: 'never-used-at-all' };
  const credentials = { 'lab/node': login, 'lab/kvm-host': login } as Parameters<typeof startMachine>[3];
  for (const name of NAMES)
    await startMachine(
      lab,
      { name, kind: 'target-server', address: addressOf(name) },
      { ...roots, base: [layer, ...roots.base] },
      credentials,
    );
}

/** The artifacts and the certificate of the site's own CA, as the repository stage leaves them. */
async function fillRepository(folder: string): Promise<void> {
  await buildRke2StandIn(join(folder, 'repository', 'rke2'));
  const made = await callModule('bringup_repository_ca', {
    folder: join(folder, 'pki'),
    common_name: 'Bringup CA of site rke2',
    certificates: [{ name: 'repository', names: ['repository.rke2.example'], addresses: [VM] }],
  });
  if (made.failed === true) throw new Error(made.msg);
}

async function serveRepository(vm: string, folder: string): Promise<ChildProcess> {
  const program = `import functools, http.server, ssl
class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words): pass
server = http.server.ThreadingHTTPServer(("", 443), functools.partial(Quiet, directory="${folder}/repository"))
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("${folder}/pki/repository.crt", "${folder}/pki/repository.key")
server.socket = context.wrap_socket(server.socket, server_side=True)
print("ready", flush=True)
server.serve_forever()`;
  const child = spawn('ip', ['netns', 'exec', vm, '/usr/bin/python3', '-c', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  return child;
}

async function waitForSsh(vm: string, address: string): Promise<void> {
  const script = `for try in $(seq 300); do
    if (exec 3<>/dev/tcp/${address}/22 && read -r -t 5 -u 3 line) 2>/dev/null; then exit 0; fi; sleep 0.2; done; exit 1`;
  const done = await runCommand('ip', ['netns', 'exec', vm, 'bash', '-c', script]);
  if (done.code !== 0) throw new Error(`${address} does not answer SSH`);
}

function inventoryText(servers: number): string {
  const hosts = NAMES.map(
    (name, index) => `  - name: ${name}
    serial: ABC000${index}
    roles: [${index < servers ? 'rke2-server' : 'rke2-agent'}]
    bmc: {address: 198.19.40.${100 + index}, credential: idrac}
    ssh: {user: admin, credential: node}
    interfaces: [{name: nic1, mac: "02:00:5e:00:40:1${index}", network: mgmt, address: ${addressOf(name)}}]
`,
  );
  const text = `apiVersion: bringup/v1
site: {name: rke2, customer: ACME, location: Hall, domain: rke2.example}
stack: dell-rke2
networks: [{name: mgmt, cidr: 198.19.40.0/24}]
services: {repository: {mode: managed}}
kvm_host: {address: 198.19.40.5, user: root, credential: kvm-host, network: mgmt, bridge: br-mgmt}
deployment_vm:
  name: deploy
  address: ${VM}
  network: mgmt
  base_image: {path: images/debian-12.qcow2, sha256: ${'ab'.repeat(32)}}
hosts:
${hosts.join('')}`;
  const { site, problems } = parseSite({ file: 'site.yaml', text });
  if (site === undefined) throw new Error(problems.map((problem) => problem.message).join('\n'));
  return renderInventory(site);
}

function extraVars(folder: string, attempt: number): Record<string, unknown> {
  const private_key = readFileSync(join(folder, 'key'), 'utf8');
  return {
    bringup_run: { id: 'r1', stage: 'rke2', attempt, runtime: folder, confirm: false, destroy: false },
    bringup_remote: { root: folder, site_dir: join(folder, 'site') },
    bringup_credentials: {
      node: { username: 'admin', private_key },
      registry: { username: 'puller', password: PULL_PASSWORD },
    },
    bringup_parameters: { rke2: PARAMETERS, workloads: { path: 'workloads', ready_attempts: 3 } },
    rke2_repository_root: join(folder, 'repository'),
    workloads_repository_root: join(folder, 'repository'),
    rke2_site_ca: join(folder, 'pki/ca.crt'),
  };
}

/** Parameters of the site file with these changed. */
export function parameters(changes: Record<string, unknown>): Record<string, unknown> {
  return { bringup_parameters: { rke2: { ...PARAMETERS, ...changes }, workloads: { path: 'workloads' } } };
}

function ansibleSettings(folder: string, attempt: number): Record<string, string> {
  return {
    ANSIBLE_HOME: join(folder, 'ansible'),
    // An attempt has connections of its own: one of before, to a server that has lost its power since, is only waited for.
    ANSIBLE_SSH_CONTROL_PATH_DIR: join(folder, 'cp', String(attempt)),
    ANSIBLE_STDOUT_CALLBACK: 'json',
    ANSIBLE_LOAD_CALLBACK_PLUGINS: '1',
    PYTHONDONTWRITEBYTECODE: '1',
  };
}

interface PlayReport {
  readonly plays: readonly {
    readonly tasks: readonly {
      readonly task: { readonly name: string };
      readonly hosts: Record<string, ModuleResult & { readonly unreachable?: boolean }>;
    }[];
  }[];
}

function readPlayed({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }): Played {
  const start = stdout.indexOf('{');
  if (start < 0) throw new Error(`Ansible gave no result: ${stdout}${stderr}`);
  const tasks = (JSON.parse(stdout.slice(start)) as PlayReport).plays.flatMap((play) => play.tasks);
  const results = tasks.flatMap(({ task, hosts }) =>
    Object.entries(hosts).map(([host, result]) => ({ ...result, host, task: task.name })),
  );
  return {
    code,
    changed: results.filter(({ changed }) => changed === true).map(({ task, host }) => `${host}: ${task}`),
    failed: results.filter(({ failed, unreachable }) => failed === true || unreachable === true),
    results,
    output: stdout + stderr,
  };
}
