import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadCatalogue } from '../../src/failures/index.ts';
import {
  addressOf,
  GATEWAY,
  macOf,
  MACHINES,
  PORTS,
  Rig,
  SITE,
  VIP,
  type Machine,
  type Survey,
} from './network-tests-rig.ts';
import { PLAYBOOKS } from './playbooks-ansible.ts';

let rig: Rig;
/** What undoes the faults of a test. */
const undo: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  rig = await Rig.start();
});
afterEach(async () => {
  for (const step of undo.splice(0)) await step();
  for (const name of Object.keys(MACHINES)) await rig.on(name as Machine, 'ip neigh flush all');
});
afterAll(async () => rig.stop());

async function fault(machine: Machine | 'switch', make: string, mend: string): Promise<void> {
  await rig.on(machine, make);
  undo.push(() => rig.on(machine, mend));
}

async function cut(machine: Machine, what: 'some' | 'tcp', port = 0): Promise<void> {
  await rig.cut(machine, what, port);
  undo.push(() => rig.mend(machine));
}

/** Codes and sentences of the faults, by machine. */
const told = ({ faults }: Survey): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(faults).map(([host, list]) => [host, list.map(({ code, msg }) => `${code} ${msg}`)]),
  );

/** Rows of one test between two machines. */
const rows = ({ matrix }: Survey, test: string, from: Machine, to: string): unknown[] =>
  matrix
    .filter((row) => row.test === test && row.from === from && row.to === to)
    .map(({ port, seen, status }) => (port === undefined ? [status, seen] : [port, status, seen]));

/** The site with another size of packets, and with a second network where one is given. */
const withNetworks = ({ mtu = 1500 }, ...others: (typeof SITE)['networks']): typeof SITE => ({
  ...SITE,
  networks: [...SITE.networks.map((network) => ({ ...network, mtu })), ...others],
});

it('finds nothing wrong in a clean network, from every machine', async () => {
  const survey = await rig.survey({ vip: true });
  expect(survey.faults).toEqual({});
  const none = { failed: 0, 'not-tested': 0 };
  expect(survey.summary).toEqual({
    ...Object.fromEntries(
      ['interface', 'duplicate', 'free-vip', 'gateway', 'vlan'].map((test) => [test, { ok: 5, ...none }]),
    ),
    ...Object.fromEntries(['reach', 'loss', 'latency', 'mtu'].map((test) => [test, { ok: 20, ...none }])),
    port: { ok: 16, ...none },
    bandwidth: { ok: 1, ...none },
  });
  // The listeners have ended with the survey.
  expect(await rig.on('node-1', 'ss -Hlntu')).toBe('');
});

describe('several faults at once, each told once and where it is', () => {
  it('packet size, a firewall that drops, one that rejects, a missing gateway and a taken address', async () => {
    await fault('switch', 'ip link set node-2 mtu 1400', 'ip link set node-2 mtu 9000');
    await cut('node-1', 'tcp', 9345);
    // A machine tells by ICMP what it forbids only where it forwards.
    const rules =
      'echo 1 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/ipv4/icmp_ratelimit; ip rule add pref 20 lookup local; ip rule del pref 0';
    await fault(
      'node-3',
      `${rules}; ip rule add prohibit iif eth0 ipproto tcp dport 10250 pref 5`,
      'ip rule add pref 0 lookup local; ip rule del pref 20; ip rule del pref 5',
    );
    await fault('switch', `ip addr del ${GATEWAY}/24 dev br0`, `ip addr add ${GATEWAY}/24 dev br0`);
    await fault('twin', `ip addr add ${VIP}/24 dev eth0`, `ip addr del ${VIP}/24 dev eth0`);
    const survey = await rig.survey({ vip: true });
    expect(told(survey)).toEqual({
      deploy: [
        `NET_GATEWAY The gateway ${GATEWAY} of network mgmt answers nobody; asked from deploy, kvm-host, node-1, node-2, node-3.`,
        `NET_VIP_TAKEN The address ${VIP}, meant for parameters.rke2.vip, is already held by a machine with the MAC address ${macOf('twin')} in network mgmt.`,
      ],
      'node-1': [
        `NET_PORT_FIREWALL From node-2, node-3 to node-1 (${addressOf('node-1')}) in network mgmt nothing comes through to tcp/9345, where a listener was waiting: a firewall drops it.`,
      ],
      'node-2': [
        'NET_MTU Between node-2 and deploy, kvm-host, node-1, node-3 in network mgmt packets of 1500 bytes do not get through: 1400 bytes pass.',
      ],
      'node-3': [
        `NET_PORT_REJECTED From node-1, node-2 to node-3 (${addressOf('node-3')}) in network mgmt connections to tcp/10250 are rejected, although a listener was waiting: a firewall rejects them.`,
      ],
    });
    expect(rows(survey, 'port', 'node-2', 'node-1')).toEqual([
      ['tcp/6443', 'ok', 'open'],
      ['tcp/9345', 'failed', 'silent'],
      ['tcp/10250', 'ok', 'open'],
      ['udp/8472', 'ok', 'open'],
    ]);
    expect(rows(survey, 'mtu', 'node-1', 'node-2')).toEqual([['failed', '1400 bytes pass']]);
    expect(rows(survey, 'mtu', 'node-1', 'node-3')).toEqual([['ok', '1500 bytes pass']]);
  });

  it('loss on one cable, an address held twice, a narrow interface and a narrow path under 9000 bytes', async () => {
    await cut('node-3', 'some');
    const twice = `${addressOf('node-1')}/24 dev eth0`;
    await fault('twin', `ip addr add ${twice}`, `ip addr del ${twice}`);
    for (const machine of ['kvm-host', 'deploy', 'node-1', 'node-3'] as const)
      await fault(machine, 'ip link set eth0 mtu 9000', 'ip link set eth0 mtu 1500');
    await fault('switch', 'ip link set deploy mtu 1400', 'ip link set deploy mtu 9000');
    const survey = await rig.survey({ site: withNetworks({ mtu: 9000 }) });
    expect(told(survey)).toEqual({
      'kvm-host': [
        'NET_MTU Between kvm-host and deploy in network mgmt packets of 9000 bytes do not get through: 1400 bytes pass.',
      ],
      'node-1': [
        `NET_DUPLICATE_ADDRESS The address ${addressOf('node-1')} of node-1 is also held by a machine with the MAC address ${macOf('twin')} in network mgmt.`,
      ],
      'node-2': [
        'NET_INTERFACE_MTU Interface eth0 of node-2 takes packets of 1500 bytes, while network mgmt has 9000 in the site file.',
      ],
      'node-3': [
        expect.stringMatching(
          /^NET_LOSS Between node-3 and deploy, kvm-host, node-2 in network mgmt packets are lost: \d+ of 100 lost to \S+, wanted at most 1 %\.$/,
        ),
      ],
    });
    // Where so many packets are lost, one that does not arrive says nothing about its size.
    expect(rows(survey, 'mtu', 'deploy', 'node-3')).toEqual([['not-tested', 'too many packets are lost']]);
  });

  it('a server in another VLAN, a wrong netmask, forbidden pings; refused ports prove nothing without a listener', async () => {
    await fault('switch', 'ip link set node-2 nomaster', 'ip link set node-2 master br0');
    const [right, wrong] = [24, 25].map((prefix) => `${addressOf('node-3')}/${prefix} dev eth0`);
    await fault(
      'node-3',
      `ip addr add ${wrong!}; ip addr del ${right!}`,
      `ip addr add ${right!}; ip addr del ${wrong!}`,
    );
    const ignore = (yes: 0 | 1) => `echo ${yes} > /proc/sys/net/ipv4/icmp_echo_ignore_all`;
    await fault('kvm-host', ignore(1), ignore(0));
    const survey = await rig.survey({ listen: false });
    expect(told(survey)).toEqual({
      'kvm-host': [
        'NET_PING_BLOCKED Between kvm-host and deploy, node-1 in network mgmt echo requests (ping) are not answered, but TCP is.',
      ],
      'node-2': [
        'NET_VLAN node-2 hears nobody in network mgmt on interface eth0: nobody answers, wanted neighbours in 198.51.100.0/24.',
      ],
      'node-3': [
        `NET_INTERFACE node-3 is not in network mgmt as the site file says: seen ${addressOf('node-3')}/25 on eth0 (${macOf('node-3')}), wanted ${addressOf('node-3')}/24 on nic1 (${macOf('node-3')}).`,
      ],
    });
    expect(rows(survey, 'port', 'node-3', 'node-1')).toContainEqual(['tcp/6443', 'not-tested', 'refused']);
  });
});

it('names the router that takes smaller packets, and a firewall between two networks', async () => {
  const data = { name: 'data', cidr: '203.0.113.0/24', gateway: '203.0.113.1', mtu: 1500 };
  await fault(
    'switch',
    `echo 1 > /proc/sys/net/ipv4/ip_forward; ip link add br1 type bridge; ip addr add ${data.gateway}/24 dev br1
     ip link set node-3 master br1; ip link set br1 mtu 1400 up`,
    'ip link del br1; ip link set node-3 master br0',
  );
  const old = `${addressOf('node-3')}/24 dev eth0`;
  await fault(
    'node-3',
    `ip addr add 203.0.113.13/24 dev eth0; ip addr del ${old}; ip route replace default via ${data.gateway}`,
    `ip addr add ${old}; ip addr del 203.0.113.13/24 dev eth0; ip route replace default via ${GATEWAY}`,
  );
  await cut('node-3', 'tcp', 10250);
  const site = withNetworks({}, data);
  const hosts = site.hosts.map((host) =>
    host.name === 'node-3'
      ? {
          ...host,
          interfaces: [{ name: 'nic1', mac: macOf('node-3'), network: 'data', address: '203.0.113.13' }],
        }
      : host,
  );
  const survey = await rig.survey({ site: { ...site, hosts } });
  expect(told(survey)).toEqual({
    'node-3': [
      `NET_MTU Between node-3 and deploy, kvm-host, node-1, node-2 in network mgmt to data packets of 1500 bytes do not get through: 1400 bytes pass, ${GATEWAY} says it takes 1400.`,
      'NET_PORT_BLOCKED From node-1, node-2 to node-3 (203.0.113.13) in network mgmt to data nothing comes through to tcp/10250, where a listener was waiting: a firewall drops it.',
    ],
  });
});

it('tells the rest of what can be seen: a dead machine, a slow way, a stranger who answers', async () => {
  const row = (from: string, to: string, test: string, status: string, more: object) => ({
    ...{ from, to, test, network: 'mgmt', address: '198.51.100.11', seen: 'seen', wanted: 'wanted', status },
    ...more,
  });
  const reach = ['deploy', 'node-2', 'node-3'].flatMap((from) => [
    row(from, 'node-1', 'reach', 'failed', { seen: 'no answer to 100 echo requests' }),
    ...['deploy', 'node-2', 'node-3']
      .filter((to) => to !== from)
      .map((to) => row(from, to, 'reach', 'ok', {})),
  ]);
  const others = [
    row('node-2', 'node-3', 'latency', 'failed', { seen: '80.00 ms', milliseconds: 80 }),
    row('node-2', 'node-3', 'bandwidth', 'failed', { seen: '80 Mbit/s' }),
    row('node-2', 'node-3', 'port', 'failed', { port: 'tcp/10250', seen: 'answered by somebody else' }),
    row('node-2', '198.51.100.1', 'gateway', 'ok', {}),
    row('node-3', '198.51.100.1', 'gateway', 'failed', {}),
    // Held by a server of the stack itself: the address is up already.
    row('deploy', '198.51.100.50', 'free-vip', 'failed', { holder: macOf('node-2'), meant_for: 'rke2.vip' }),
  ];
  const results = [
    { host: 'deploy', rows: [...reach, ...others], macs: {} },
    { host: 'node-2', rows: [], macs: { eth0: macOf('node-2') } },
  ];
  const machines = ['deploy', 'node-1', 'node-2', 'node-3'].map((name) => ({
    ...{ name, target: name !== 'deploy', present: name !== 'node-1' },
  }));
  const survey = (await rig.module('deploy', 'bringup_net_verdict', {
    results,
    machines,
  })) as unknown as Survey;
  expect(told(survey)).toEqual({
    // Ansible has lost it, so somebody else tells.
    deploy: [
      'NET_UNREACHABLE node-1 and deploy, node-2, node-3 do not reach each other in network mgmt: no answer to 100 echo requests at 198.51.100.11.',
    ],
    'node-2': [
      'NET_BANDWIDTH From node-2 to node-3 in network mgmt a short transfer ran at 80 Mbit/s, wanted wanted.',
    ],
    'node-3': [
      'NET_GATEWAY The gateway 198.51.100.1 of network mgmt does not answer node-3, but answers node-2.',
      'NET_PORT_FOREIGN From node-2 to node-3 (198.51.100.11) in network mgmt tcp/10250 was answered by somebody else instead of node-3.',
      'NET_LATENCY Between node-3 and node-2 in network mgmt a round trip takes 80.00 ms, wanted wanted.',
    ],
  });
  expect(survey.matrix.filter(({ test }) => test === 'asked').map(({ from }) => from)).toEqual([
    'node-1',
    'node-3',
  ]);
});

it('tells a clock that is off where it is, and a time server that all find off as that', async () => {
  const time = (item: string, seconds: number): object => ({
    ...{ item, code: 'NTP_OFFSET' },
    msg: `this machine's clock is +${seconds}.0 s off ${item}, wanted within 5 s`,
  });
  const [good, bad] = ['198.51.100.3', '198.51.100.4'];
  const results = [
    { host: 'deploy', ntp: [{ item: good, msg: 'synchronised' }, time(bad, 60)] },
    { host: 'node-1', ntp: [time(good, 3599), time(bad, 3660)] },
  ];
  const machines = ['deploy', 'node-1'].map((name) => ({ name, target: name === 'node-1', present: true }));
  const survey = (await rig.module('deploy', 'bringup_net_verdict', {
    results,
    machines,
  })) as unknown as Survey;
  expect(told(survey)).toEqual({
    deploy: [
      `NTP_ANSWER The time server ${bad} does not serve deploy, node-1: this machine's clock is +60.0 s off ${bad}, wanted within 5 s.`,
    ],
    'node-1': [`NTP_OFFSET On node-1 this machine's clock is +3599.0 s off ${good}, wanted within 5 s.`],
  });
});

it('opens no port in check mode', async () => {
  const common = { site: SITE, ports: PORTS, token: 'token', me: 'node-1' };
  const listen = { ...common, _ansible_check_mode: true };
  expect(await rig.module('node-1', 'bringup_net_listen', listen)).toMatchObject({
    listening: [],
    changed: false,
  });
  expect(await rig.on('node-1', 'ss -Hlntu')).toBe('');
});

it('has a cause with an owner for every fault it can tell', async () => {
  const files = ['network-tests.yaml', 'network-services.yaml', 'phrases.yaml'];
  const read = files.map(async (file) => ({
    file,
    text: await readFile(path.join(PLAYBOOKS, 'failures', file), 'utf8'),
  }));
  const { causes, problems } = loadCatalogue(await Promise.all(read));
  expect(problems).toEqual([]);
  const source = await readFile(path.join(PLAYBOOKS, 'module_utils/bringup_net_verdict.py'), 'utf8');
  const codes = new Set(source.match(/\b(?:NET|DNS|NTP)_[A-Z_]+\b/g));
  expect(codes.size).toBeGreaterThan(15);
  expect([...codes].filter((code) => !causes.some((cause) => cause.codes.includes(code)))).toEqual([]);
});
