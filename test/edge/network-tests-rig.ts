import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PLAYBOOKS, runCommand } from './playbooks-ansible.ts';

/** One line of the matrix of the network tests. */
export interface Row {
  readonly from: string;
  readonly to: string;
  readonly test: string;
  readonly status: 'ok' | 'failed' | 'not-tested';
  readonly seen: string;
  readonly wanted: string;
  readonly port?: string;
}

/** What a survey of the site came to. */
export interface Survey {
  readonly matrix: readonly Row[];
  readonly faults: Readonly<Record<string, readonly { readonly code: string; readonly msg: string }[]>>;
  readonly summary: Readonly<Record<string, Readonly<Record<Row['status'], number>>>>;
}

/** Machines of the site: the last byte of their addresses. `twin` stands ready to take an address that is not its own. */
export const MACHINES = {
  'kvm-host': 5,
  deploy: 10,
  'node-1': 11,
  'node-2': 12,
  'node-3': 13,
  twin: 99,
} as const;
export type Machine = keyof typeof MACHINES;
const TARGETS = ['node-1', 'node-2', 'node-3'] as const;
const NETWORK = '198.51.100';

export const addressOf = (machine: Machine): string => `${NETWORK}.${MACHINES[machine]}`;
export const macOf = (machine: Machine): string =>
  `02:00:5e:64:00:${String(MACHINES[machine]).padStart(2, '0')}`;
export const VIP = `${NETWORK}.50`;
export const GATEWAY = `${NETWORK}.1`;

/** The site as the role gives it to its modules. */
export const SITE = {
  networks: [{ name: 'mgmt', cidr: `${NETWORK}.0/24`, gateway: GATEWAY, mtu: 1500 }],
  kvm_host: { address: addressOf('kvm-host'), network: 'mgmt', user: 'root', port: 22, credential: 'kvm' },
  deployment_vm: { name: 'deploy', address: addressOf('deploy'), network: 'mgmt' },
  hosts: TARGETS.map((name, index) => ({
    name,
    roles: [index === 0 ? 'rke2-server' : 'rke2-agent'],
    ssh: { user: 'root', port: 22, credential: 'node' },
    interfaces: [{ name: 'nic1', mac: macOf(name), network: 'mgmt', address: addressOf(name) }],
  })),
};
/** The rules of the role for the ports of RKE2 that these tests look at. */
export const PORTS = [
  { from: ['rke2-server', 'rke2-agent'], to: ['rke2-server'], protocol: 'tcp', ports: [6443, 9345] },
  { from: ['rke2-server', 'rke2-agent'], to: ['rke2-server', 'rke2-agent'], protocol: 'tcp', ports: [10250] },
  { from: ['rke2-server', 'rke2-agent'], to: ['rke2-server', 'rke2-agent'], protocol: 'udp', ports: [8472] },
];
// Wide, since the machine that carries the tests has other work.
const LIMITS = { max_latency_ms: 500, max_loss_percent: 1, min_mbit: 1, sample_seconds: 0.3, sample_mib: 16 };

/** Runs a module as Ansible would, without the second that Ansible takes to begin. */
const RUN = `
import json, runpy, sys
from ansible import module_utils
from ansible.module_utils import basic
module_utils.__path__.append('${PLAYBOOKS}/module_utils')
basic._ANSIBLE_ARGS = json.dumps({'ANSIBLE_MODULE_ARGS': json.load(sys.stdin)}).encode()
runpy.run_path('${PLAYBOOKS}/library/' + sys.argv[1] + '.py', run_name='__main__')
`;

/** Classic BPF for \`tc\`: what it is to drop is dropped, the rest goes on. */
const DROP = {
  /** Two packets of five, at random. */
  some: '4,32 0 0 4294963256,37 0 1 2576980377,6 0 0 2,6 0 0 4294967295',
  /** TCP segments to a port, in IPv4 packets without options. */
  tcp: (port: number): string =>
    `8,40 0 0 12,21 0 5 2048,48 0 0 23,21 0 3 6,40 0 0 36,21 0 1 ${port},6 0 0 2,6 0 0 4294967295`,
};

/** Machines in network namespaces of their own on one switch, which is a bridge in another. */
export class Rig {
  readonly folder: string;
  private readonly daemons: ChildProcess[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async start(): Promise<Rig> {
    const rig = new Rig(await mkdtemp(path.join(tmpdir(), 'bringup-network-tests-')));
    const cables = Object.keys(MACHINES).map((name) => {
      const machine = name as Machine;
      const inside = rig.namespace(machine);
      return `ip netns add ${inside}
        ip -n ${rig.namespace('switch')} link add ${name} type veth peer name eth0 address ${macOf(machine)} netns ${inside}
        ip -n ${rig.namespace('switch')} link set ${name} mtu 9000 master br0 up
        ip -n ${inside} link set lo up; ip -n ${inside} link set eth0 up
        ip -n ${inside} addr add ${addressOf(machine)}/24 dev eth0; ip -n ${inside} route add default via ${GATEWAY}`;
    });
    const bridge = rig.namespace('switch');
    // The switch has the gateway's address on its bridge alone, also for cables that are not in the bridge.
    const make = `ip netns add ${bridge}
      ip -n ${bridge} link add br0 address 02:00:5e:64:00:01 type bridge
      ip -n ${bridge} link set br0 mtu 9000 up; ip -n ${bridge} addr add ${GATEWAY}/24 dev br0
      ip netns exec ${bridge} sysctl -qw net.ipv4.conf.all.arp_ignore=1
      ${cables.join('\n')}`;
    await rig.shell(make).catch(async (thrown: unknown) => {
      await rig.stop();
      throw thrown;
    });
    return rig;
  }

  /** Name of a machine's namespace, or of the switch's. */
  namespace(machine: Machine | 'switch'): string {
    return `nt-${machine}-${process.pid}`;
  }

  private async shell(script: string): Promise<string> {
    const done = await runCommand('bash', ['-euc', script]);
    if (done.code !== 0) throw new Error(`${script}: ${done.stderr}`);
    return done.stdout;
  }

  /** Runs a script on a machine or the switch. */
  async on(machine: Machine | 'switch', script: string): Promise<string> {
    return this.shell(`ip netns exec ${this.namespace(machine)} bash -euc '${script}'`);
  }

  /** Lets a cable lose what \`DROP\` says, in the direction of its machine; `undo` mends it. */
  async cut(machine: Machine, what: keyof typeof DROP, port = 0): Promise<void> {
    const drop = DROP[what];
    const program = typeof drop === 'string' ? drop : drop(port);
    await this.on(
      'switch',
      `tc qdisc add dev ${machine} clsact; tc filter add dev ${machine} egress bpf da bytecode "${program}"`,
    );
  }

  /** Mends the cable of a machine. */
  async mend(machine: Machine): Promise<void> {
    await this.on('switch', `tc qdisc del dev ${machine} clsact`);
  }

  /** Starts a program that lives until the rig ends. */
  daemon(machine: Machine | 'switch', ...command: readonly string[]): void {
    this.daemons.push(
      spawn('ip', ['netns', 'exec', this.namespace(machine), ...command], { stdio: 'ignore' }),
    );
  }

  /** What one module says on a machine. */
  async module(
    machine: Machine,
    name: string,
    parameters: object,
  ): Promise<Readonly<Record<string, unknown>>> {
    const run = spawn('ip', [
      'netns',
      'exec',
      this.namespace(machine),
      '/usr/bin/python3',
      '-B',
      '-c',
      RUN,
      name,
    ]);
    run.stdin.end(JSON.stringify(parameters));
    let said = '';
    run.stdout.on('data', (piece: Buffer) => (said += piece.toString()));
    run.stderr.on('data', (piece: Buffer) => (said += piece.toString()));
    await once(run, 'close');
    if (!said.trimStart().startsWith('{')) throw new Error(`${name} on ${machine}: ${said}`);
    return JSON.parse(said) as Record<string, unknown>;
  }

  /** All tests of all machines, and the verdict: what the role does, module by module. */
  async survey({ site = SITE, vip = false, listen = true } = {}): Promise<Survey> {
    const common = { site, token: 'token-of-this-test', ports: PORTS };
    const listening = Object.fromEntries(
      await Promise.all(
        (listen ? TARGETS : []).map(
          async (me) => [me, await this.module(me, 'bringup_net_listen', { ...common, me })] as const,
        ),
      ),
    );
    const vips = vip ? [{ name: 'parameters.rke2.vip', address: VIP }] : [];
    const points = ['deploy', 'kvm-host', ...TARGETS] as const;
    const results: object[] = await Promise.all(
      points.map(async (me) => ({
        host: me,
        ...(await this.module(me, 'bringup_net_probe', { ...common, me, vips, listening, limits: LIMITS })),
      })),
    );
    if (listen) {
      const sent = await this.module('node-1', 'bringup_net_bandwidth', {
        ...{ ...common, me: 'node-1', listening, limits: LIMITS },
      });
      results.push({ host: 'node-1', macs: { eth0: macOf('node-1') }, ...sent });
    }
    await Promise.all(TARGETS.map((me) => this.module(me, 'bringup_net_listen', { state: 'stopped' })));
    const machines = points.map((name) => ({ name, target: name.startsWith('node'), present: true }));
    return (await this.module('deploy', 'bringup_net_verdict', { results, machines })) as unknown as Survey;
  }

  async stop(): Promise<void> {
    for (const daemon of this.daemons) {
      if (daemon.exitCode === null && daemon.kill('SIGKILL')) await once(daemon, 'exit');
    }
    // What was logged in to a machine outlives its SSH server.
    for (const name of ['switch', ...Object.keys(MACHINES)] as const) {
      const inside = this.namespace(name as Machine);
      await runCommand('bash', [
        '-c',
        `ip netns pids ${inside} | xargs -r kill -KILL; ip netns del ${inside}`,
      ]);
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}
