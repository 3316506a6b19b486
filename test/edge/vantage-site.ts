import { execa } from 'execa';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { certificatePin, makeCertificate } from '../../main/lab/bmc/index.ts';
import type { PlannedStage, RunEvent } from '../../src/contract/events.ts';
import type { FailureInput, FailureRecord } from '../../src/contract/failure.ts';
import type { MatrixCell } from '../../src/contract/matrix.ts';
import type { ProbeInput, ProbeResult } from '../../src/contract/vantage.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Machines of the site, each a network namespace: the network it stands in and its address there. */
const MACHINES = {
  laptop: ['office', '10.9.0.2'],
  kvm: ['mgmt', '10.20.0.5'],
  vm: ['mgmt', '10.20.0.10'],
  services: ['mgmt', '10.20.0.2'],
  node1: ['data', '10.20.2.11'],
  node2: ['data', '10.20.2.12'],
  bmc: ['oob', '10.20.1.12'],
} as const;
/** Networks behind one router, which is the holder's own namespace: its address in each. */
const NETWORKS = { office: '10.9.0.1', mgmt: '10.20.0.1', data: '10.20.2.1', oob: '10.20.1.1' } as const;
const WITH_SSH = ['kvm', 'vm', 'node1', 'node2'] as const;
const MAC = '02:00:5e:00:00:12';

export type TestMachine = keyof typeof MACHINES;

/**
 * A command, a stage that is carried out by the run's own means (with `says` its playbook is left out and fails so), or what the laptop
 * itself reaches.
 */
export type Ask =
  | { readonly probe: ProbeInput }
  | { readonly stage: StagePlace; readonly says?: Partial<FailureInput> }
  | { readonly tests: true };

type StagePlace = Pick<PlannedStage, 'id' | 'runs_on'>;

/** What a run told of a stage, and how it stands at the end. */
export interface StageStory {
  readonly events: readonly RunEvent[];
  readonly failures: readonly FailureRecord[];
}

/** A small site of namespaces with real SSH servers. All of it is gone with the process that holds it, also after a crash. */
export interface TestSite {
  readonly file: string;
  /** Runs a shell script on a machine, or on the router. */
  on(machine: TestMachine | 'router', script: string): Promise<string>;
  /** Starts a program that lives until the site ends, or until `stop` of it. */
  start(machine: TestMachine, words: readonly string[]): () => void;
  /** Asks Bringup on the laptop. */
  probe(to: string): Promise<ProbeResult>;
  ask(ask: Ask): Promise<unknown>;
  /** What the laptop itself reaches, as a run tells it: `reach kvm-host` is `ok logged in`. */
  fromLaptop(): Promise<Readonly<Record<string, string>>>;
  /** Carries a stage out from the laptop, with the catalogue and the playbooks that ship. */
  carryOut(ask: Extract<Ask, { readonly stage: unknown }>): Promise<StageStory>;
  stop(): Promise<void>;
}

/** What runs on the laptop: Bringup itself, answering a line of JSON for each line. */
const LAPTOP = String.raw`
import { createInterface } from 'node:readline';
import { runnerImport } from 'vite';
const { module } = await runnerImport('./test/edge/vantage-laptop.ts');
const ask = await module.createLaptop(JSON.parse(process.argv[1]));
console.log('{"ready":true}');
for await (const line of createInterface({ input: process.stdin })) {
  const answer = await ask(JSON.parse(line)).catch(({ code, message, stack }) => ({ code, message, stack }));
  console.log(JSON.stringify(answer));
}
process.exit(0);
`;

/** The simulated BMC of node-2, on its own address. */
const BMC = String.raw`
import { readFileSync } from 'node:fs';
import { runnerImport } from 'vite';
const { folder, login, mac } = JSON.parse(process.argv[1]);
const { module } = await runnerImport('./main/lab/bmc/index.ts');
const tls = { key: readFileSync(folder + '/bmc.key', 'utf8'), cert: readFileSync(folder + '/bmc.crt', 'utf8') };
const identity = { name: 'node-2', serial: 'TEST002', hostName: 'node-2', macs: [mac, '02:00:5e:00:00:99'], switchPorts: ['lab:a', 'lab:b'], bmcAddress: '10.20.1.12' };
await module.createBmcSimulator({ machines: [{ identity, login, host: '10.20.1.12', port: 443, tls }] });
console.log('{"ready":true}');
`;

/** Makes the site; needs root, iproute2 and sshd. */
export async function startTestSite(): Promise<TestSite> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bringup-vantage-'));
  const file = path.join(folder, 'site.yaml');
  const login = { username: 'root', password: 'simulated-bmc-password' };
  const pins = await makeKeys(folder);
  await writeFile(file, siteFile(pins));
  const isolate = ['--net', '--mount', '--pid', '--fork', '--kill-child=KILL', '--mount-proc'];
  const hold = ['--pdeathsig', 'KILL', 'unshare', ...isolate, 'sh', '-c', holderScript(folder)];
  const holder = launch(['setpriv', ...hold], 'inherit');
  await firstLine(holder);
  const inner = (await execa('pgrep', ['-P', String(holder.pid)])).stdout.trim();
  const enter = (machine: TestMachine | 'router', words: readonly string[]): string[] => [
    ...['nsenter', '-t', inner, '-m', '-p', '-n', `-w${ROOT}`],
    ...(machine === 'router' ? [] : ['ip', 'netns', 'exec', machine]),
    ...words,
  ];
  const node = (program: string, input: unknown): string[] => [
    ...[process.execPath, '--input-type=module', '-e', program, JSON.stringify(input)],
  ];
  const bmc = launch(enter('bmc', node(BMC, { folder, login, mac: MAC })), 'inherit');
  const laptop = launch(enter('laptop', node(LAPTOP, { folder, file, bmc: login })), 'inherit');
  const answers = createInterface({ input: laptop.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { value, done } = await answers.next();
    if (done === true) throw new Error('the laptop ended');
    return JSON.parse(value);
  };
  await Promise.all([next(), firstLine(bmc)]);
  const ask = async (what: Ask): Promise<unknown> => {
    laptop.stdin.write(`${JSON.stringify(what)}\n`);
    return next();
  };
  return {
    file,
    on: async (machine, script) => {
      const [program = '', ...rest] = enter(machine, ['sh', '-euc', script]);
      return (await execa(program, rest)).stdout;
    },
    start: (machine, words) => {
      const program = launch(enter(machine, words), 'ignore');
      return () => program.kill('SIGKILL');
    },
    probe: async (to) => (await ask({ probe: { file, to } })) as ProbeResult,
    ask,
    fromLaptop: async () => {
      const cells = (await ask({ tests: true })) as readonly MatrixCell[];
      const told = cells.map(({ probe, to = '', status, seen }) => [
        `${probe} ${to}`.trim(),
        `${status} ${seen}`,
      ]);
      return Object.fromEntries(told) as Record<string, string>;
    },
    carryOut: async (what) => (await ask(what)) as StageStory,
    stop: async () => {
      holder.kill('SIGKILL');
      await holder;
      // What had entered the namespaces ends with their first process.
      await Promise.all([laptop, bmc]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until a port answers on a machine. */
export async function untilOpen(site: TestSite, machine: TestMachine, port: number): Promise<void> {
  const look = `ss -Hlntu 'sport = :${port}'`;
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if ((await site.on(machine, look)) !== '') return;
    await sleep(100);
  }
  throw new Error(`nothing listens on port ${port} of ${machine}`);
}

/** A program that is talked to by lines. */
function launch([program = '', ...words]: readonly string[], stderr: 'inherit' | 'ignore') {
  return execa(program, words, { stdin: 'pipe', reject: false, buffer: false, stderr });
}

async function firstLine(program: ReturnType<typeof launch>): Promise<void> {
  const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
  if ((await lines.next()).done === true) throw new Error('the site did not come up');
}

async function makeKeys(folder: string): Promise<Record<string, string>> {
  const pins: Record<string, string> = {};
  for (const name of ['user_key', ...WITH_SSH]) {
    const key = path.join(folder, name);
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    pins[name] = (await execa('ssh-keygen', ['-lf', `${key}.pub`])).stdout.split(' ')[1]!;
  }
  for (const name of WITH_SSH) {
    const lines = [
      ...[
        `ListenAddress ${MACHINES[name][1]}`,
        `HostKey ${path.join(folder, name)}`,
        'UsePAM no',
        'StrictModes no',
      ],
      ...[
        `AuthorizedKeysFile ${path.join(folder, 'user_key.pub')}`,
        `PidFile ${path.join(folder, `${name}.pid`)}`,
      ],
      ...['PermitRootLogin prohibit-password', 'Subsystem sftp internal-sftp'],
    ];
    await writeFile(path.join(folder, `${name}.conf`), `${lines.join('\n')}\n`);
  }
  const { key, cert } = await makeCertificate(['10.20.1.12']);
  await writeFile(path.join(folder, 'bmc.key'), key);
  await writeFile(path.join(folder, 'bmc.crt'), cert);
  await mkdir(path.join(folder, 'images'));
  await writeFile(path.join(folder, 'images', 'base.qcow2'), '');
  return { ...pins, bmc: certificatePin(cert) };
}

/** The first process of the site: makes it, says so, and holds it until its input or its parent ends. */
function holderScript(folder: string): string {
  const bridges = Object.entries(NETWORKS).flatMap(([name, address]) => [
    `ip link add ${name} type bridge`,
    // A size of its own: otherwise the bridge follows its narrowest port.
    `ip link set ${name} mtu 1500 up`,
    `ip addr add ${address}/24 dev ${name}`,
  ]);
  const machines = Object.entries(MACHINES).flatMap(([name, [network, address]]) => [
    `ip netns add ${name}`,
    `ip link add ${name} type veth peer name eth0 netns ${name}`,
    `ip link set ${name} master ${network} up`,
    `ip -n ${name} link set lo up`,
    `ip -n ${name} link set eth0 ${name === 'node2' ? `address ${MAC}` : ''} up`,
    `ip -n ${name} addr add ${address}/24 dev eth0`,
    `ip -n ${name} route add default via ${NETWORKS[network]}`,
  ]);
  const sites = '/var/lib/bringup/sites/plant-7/ssh';
  return [
    'set -e',
    'mount -t tmpfs tmpfs /var/lib && mount -t tmpfs tmpfs /run && mkdir -p /run/netns /run/sshd',
    // Whoever logs in gets a plain shell: what a person's own starts with takes its time.
    '[ ! -e /root/.bashrc ] || mount --bind /dev/null /root/.bashrc',
    `mkdir -p ${sites} && cp ${folder}/vm.pub ${sites}/host_ed25519.pub && cp ${folder}/user_key ${sites}/access_ed25519`,
    'ip link set lo up && echo 1 >/proc/sys/net/ipv4/ip_forward',
    // Every packet that is refused is told so, not one a second.
    'echo 0 >/proc/sys/net/ipv4/icmp_ratelimit',
    ...bridges,
    ...machines,
    ...WITH_SSH.map((name) => `ip netns exec ${name} /usr/sbin/sshd -f ${folder}/${name}.conf`),
    'echo ready',
    'cat >/dev/null',
  ].join('\n');
}

function siteFile(pins: Record<string, string>): string {
  const ssh = (name: string): string => `ssh: {user: root, credential: node, host_key: "${pins[name]!}"}`;
  return `apiVersion: bringup/v1
site: {name: plant-7, domain: plant7.acme.example}
stack: dell-rke2
networks:
  - {name: mgmt, cidr: 10.20.0.0/24, gateway: 10.20.0.1}
  - {name: oob, cidr: 10.20.1.0/24, gateway: 10.20.1.1}
  - {name: data, cidr: 10.20.2.0/24, gateway: 10.20.2.1}
services:
  dns: {mode: existing, servers: [10.20.0.2]}
kvm_host: {address: 10.20.0.5, user: root, credential: kvm-host, host_key: "${pins['kvm']!}", network: mgmt, bridge: br-mgmt}
deployment_vm: {address: 10.20.0.10, user: root, network: mgmt, base_image: {path: images/base.qcow2, sha256: ${'ab'.repeat(32)}}}
hosts:
  - name: node-1
    roles: [rke2-server]
    ${ssh('node1')}
    interfaces: [{name: nic1, network: data, address: 10.20.2.11}]
  - name: node-2
    roles: [rke2-agent]
    bmc: {address: 10.20.1.12, credential: idrac, certificate: "${pins['bmc']!}"}
    ${ssh('node2')}
    interfaces: [{name: nic1, mac: "${MAC}", network: data, address: 10.20.2.12}]
`;
}
