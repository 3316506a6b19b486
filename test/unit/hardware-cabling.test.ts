import { describe, expect, it } from 'vitest';
import type { NicPort } from '../../src/contract/hardware.ts';
import { checkCabling, type PlannedHost, type SeenMachine } from '../../src/hardware/cabling/index.ts';
import { machine, port } from './hardware-machine.ts';

const mac = (host: number, nic: number) => `00:00:5e:00:${String(host).padStart(2, '0')}:0${nic}`;

/** Host `node-N` whose nic1, nic2... are planned in the given switch ports. */
const planned = (host: number, ...ports: string[]): PlannedHost => ({
  name: `node-${host}`,
  interfaces: ports.map((switch_port, index) => ({
    name: `nic${index + 1}`,
    mac: mac(host, index + 1),
    switch_port,
  })),
});

/** The same host as found: its ports in order, each in a switch port or with other facts. */
const seen = (host: number, ...ends: (string | Partial<NicPort>)[]): SeenMachine => ({
  host: `node-${host}`,
  snapshot: machine({
    serial: `SN${host}`,
    nics: ends.map((end, index) =>
      port(`NIC.${index + 1}`, {
        mac: mac(host, index + 1),
        ...(typeof end === 'string' ? { lldp: neighbour(end) } : end),
      }),
    ),
  }),
});

const neighbour = (end: string) => {
  const cut = end.lastIndexOf(' ');
  return { switch: end.slice(0, cut), port: end.slice(cut + 1) };
};

const messages = (plan: PlannedHost[], machines: SeenMachine[]) =>
  checkCabling(plan, machines).map(({ code, message }) => [code, message]);

describe('cables where they should be', () => {
  it('give no findings', () => {
    expect(
      checkCabling(
        [planned(1, 'leaf1:Ethernet1', 'leaf2:Ethernet1'), planned(2, 'leaf1:Ethernet2')],
        [seen(1, 'leaf1 Ethernet1', 'leaf2 Ethernet1'), seen(2, 'leaf1 Ethernet2')],
      ),
    ).toEqual([]);
  });

  it.each([
    ['leaf1:Ethernet1/1', 'leaf1 Eth1/1'],
    ['leaf1:Et1', 'leaf1 Ethernet1'],
    ['leaf1:swp1', 'leaf1 swp1'],
    ['leaf1:1', 'leaf1 Ethernet1'],
    ['leaf1:Gi1/0/1', 'leaf1 GigabitEthernet1/0/1'],
    ['leaf1:TenGigE0/0/0/1', 'leaf1 Te0/0/0/1'],
    ['leaf1:TenGigabitEthernet1/1', 'leaf1 Ten-GigabitEthernet1/1'],
    ['leaf1:25GE1/0/1', 'leaf1 TwentyFiveGigE1/0/1'],
    ['leaf1:xe-0/0/1', 'leaf1 XE-0/0/1'],
    ['leaf1:Ethernet1:2', 'leaf1 Ethernet1:2'],
    ['leaf1:ethernet 1/1/20', 'leaf1 ethernet1/1/20'],
    ['LEAF1:Ethernet1', 'leaf1.plant7.acme.example Ethernet1'],
    ['00:00:5e:00:53:fe:Ethernet1', '00:00:5e:00:53:fe Ethernet1'],
    ['10.20.0.250:Ethernet1', '10.20.0.250 Ethernet1'],
    ['Ethernet1', 'leaf9 Ethernet1'],
  ])('%s is where %s is seen', (plan, end) => {
    expect(checkCabling([planned(1, plan)], [seen(1, end)])).toEqual([]);
  });

  it.each([
    ['leaf1:Ethernet1', 'leaf1 Ethernet11'],
    ['leaf1:Ethernet1/1', 'leaf1 Ethernet1'],
    ['leaf1:Gi1/0/1', 'leaf1 Te1/0/1'],
    ['leaf1:xe-0/0/1', 'leaf1 et-0/0/1'],
    ['leaf1:Ethernet1', 'leaf11 Ethernet1'],
    ['10.20.0.250:Ethernet1', '10.20.0.25 Ethernet1'],
  ])('%s is not where %s is seen', (plan, end) => {
    expect(messages([planned(1, plan)], [seen(1, end)])).toEqual([
      ['cable.wrong_port', `node-1 nic1 is in ${end.replace(' ', ':')}; planned is ${plan}.`],
    ]);
  });
});

describe('cables in the wrong place', () => {
  it('two of one host are swapped', () => {
    const [finding, ...rest] = checkCabling(
      [planned(3, 'leaf1:Ethernet5', 'leaf2:Ethernet5')],
      [seen(3, 'leaf2 Ethernet5', 'leaf1 Ethernet5')],
    );
    expect(finding).toEqual({
      severity: 'error',
      code: 'cable.swapped',
      host: 'node-3',
      message: 'node-3: nic1 and nic2 are swapped.',
      seen: 'node-3 nic1 in leaf2:Ethernet5, node-3 nic2 in leaf1:Ethernet5',
      wanted: 'node-3 nic1 in leaf1:Ethernet5, node-3 nic2 in leaf2:Ethernet5',
      repair: { title: 'Swap the cables in leaf1:Ethernet5 and leaf2:Ethernet5.' },
    });
    expect(rest).toEqual([]);
  });

  it('two of different hosts are swapped', () => {
    expect(
      messages(
        [planned(2, 'leaf1:Ethernet2'), planned(4, 'leaf1:Ethernet3')],
        [seen(2, 'leaf1 Ethernet3'), seen(4, 'leaf1 Ethernet2')],
      ),
    ).toEqual([
      [
        'cable.swapped',
        'node-2 nic1 and node-4 nic1 are swapped: each is in the port planned for the other.',
      ],
    ]);
  });

  it('one is in the port of a host that was not found', () => {
    expect(
      messages([planned(2, 'leaf1:Ethernet2'), planned(4, 'leaf1:Ethernet3')], [seen(2, 'leaf1 Ethernet3')]),
    ).toEqual([
      [
        'cable.wrong_port',
        'node-2 nic1 is in leaf1:Ethernet3, which is planned for node-4 nic1; planned is leaf1:Ethernet2.',
      ],
    ]);
  });

  it('has no link', () => {
    expect(checkCabling([planned(5, 'leaf1:Ethernet5')], [seen(5, { link: 'down' })])).toMatchObject([
      {
        severity: 'error',
        code: 'cable.no_link',
        host: 'node-5',
        message: 'node-5 nic1 has no link.',
        wanted: 'up, in leaf1:Ethernet5',
      },
    ]);
  });

  it('has no link while the host is off, which may be all', () => {
    const off = { ...seen(5, { link: 'down' }).snapshot!, power_state: 'Off' as const };
    expect(checkCabling([planned(5, 'leaf1:Ethernet5')], [{ host: 'node-5', snapshot: off }])).toMatchObject([
      { severity: 'warning', code: 'cable.no_link' },
    ]);
  });

  it('two ports claim one switch port, so one answer is old', () => {
    const findings = messages([], [seen(1, 'leaf1 Ethernet1'), seen(2, 'leaf1 Eth1')]);
    expect(findings).toEqual([
      [
        'cable.port_seen_twice',
        'node-1 NIC.1 and node-2 NIC.1 all report leaf1:Ethernet1 as their neighbour; one port takes one cable, so one of the answers is old.',
      ],
    ]);
  });
});

describe('switches that tell only their chassis id', () => {
  const LEAF1 = '00:00:5e:00:53:f1';
  const LEAF2 = '00:00:5e:00:53:f2';
  const plan = [1, 2, 3].map((host) => planned(host, `leaf1:Ethernet${host}`, `leaf2:Ethernet${host}`));

  it('are known by the cables that are right', () => {
    const machines = [1, 2, 3].map((host) =>
      seen(host, `${LEAF1} Ethernet${host}`, `${LEAF2} Ethernet${host}`),
    );
    expect(checkCabling(plan, machines)).toEqual([]);
  });

  it('then show a swap between two switches, even in the same port number', () => {
    const machines = [
      seen(1, `${LEAF2} Ethernet1`, `${LEAF1} Ethernet1`),
      ...[2, 3, 4, 5].map((host) => seen(host, `${LEAF1} Ethernet${host}`, `${LEAF2} Ethernet${host}`)),
    ];
    const more = [4, 5].map((host) => planned(host, `leaf1:Ethernet${host}`, `leaf2:Ethernet${host}`));
    expect(messages([...plan, ...more], machines)).toEqual([
      ['cable.swapped', 'node-1: nic1 and nic2 are swapped.'],
    ]);
  });

  it('are not named from a single cable: then only the port is compared, and that is said', () => {
    expect(messages([planned(1, 'leaf1:Ethernet1')], [seen(1, `${LEAF1} Ethernet1`)])).toEqual([
      [
        'cable.switch_unverified',
        `node-1: nic1 is in the planned port number, but the switch tells only its chassis id (${LEAF1}), so the switch itself is not compared.`,
      ],
    ]);
  });

  it('may name their ports by MAC address, which no plan does', () => {
    expect(messages([planned(1, 'leaf1:Ethernet1')], [seen(1, 'leaf1 00:00:5e:00:53:01')])).toMatchObject([
      ['cable.port_unverified', expect.stringContaining('cannot be compared')],
    ]);
  });
});

describe('what is not known', () => {
  it('is said as not known, once a host, and never as wrong', () => {
    expect(messages([planned(1, 'leaf1:Ethernet1', 'leaf1:Ethernet2')], [seen(1, {}, {})])).toEqual([
      [
        'cable.neighbour_unknown',
        'node-1: the BMC tells a link, but no neighbour, of nic1 and nic2; where it ends is not checked.',
      ],
    ]);
    expect(messages([planned(1, 'leaf1:Ethernet1')], [seen(1, { link: 'unknown' })])).toEqual([
      [
        'cable.unknown',
        'node-1: the BMC tells neither link nor neighbour of nic1; the cabling is not checked.',
      ],
    ]);
  });

  it('is nothing at all for a host that was not found', () => {
    expect(checkCabling([planned(1, 'leaf1:Ethernet1')], [])).toEqual([]);
    expect(checkCabling([planned(1, 'leaf1:Ethernet1')], [{ host: 'node-1' }])).toEqual([]);
  });
});

describe('planned MAC addresses', () => {
  const wrong = (address: string): PlannedHost[] => [
    { name: 'node-1', interfaces: [{ name: 'nic1', mac: address }] },
  ];

  it('that belong to another machine name it', () => {
    const machines = [seen(1, 'leaf1 Ethernet1'), seen(7, 'leaf1 Ethernet7')];
    expect(messages(wrong(mac(7, 1)), machines)).toEqual([
      ['cable.mac_elsewhere', `node-1 nic1: the MAC address ${mac(7, 1)} belongs to node-7.`],
    ]);
    const stranger = [machines[0]!, { snapshot: machines[1]!.snapshot! }];
    expect(messages(wrong(mac(7, 1)), stranger)[0]?.[1]).toContain('a machine with serial number SN7');
  });

  it.each(['00:00:5e:00:01:02', '00:00:5e:00:10:01', '00:00:5E:00:01:0F'])(
    'that are one slip off: %s',
    (address) => {
      expect(checkCabling(wrong(address), [seen(1, 'leaf1 Ethernet1')])).toMatchObject([
        {
          code: 'cable.mac_mistyped',
          seen: mac(1, 1),
          repair: { title: `Correct the MAC address of node-1 nic1 in the site file to ${mac(1, 1)}.` },
        },
      ]);
    },
  );

  it('that nobody has, and that nobody could check', () => {
    expect(messages(wrong('00:00:5e:00:99:99'), [seen(1, 'leaf1 Ethernet1')])).toEqual([
      ['cable.mac_unknown', 'node-1 nic1: the machine has no port with the MAC address 00:00:5e:00:99:99.'],
    ]);
    expect(checkCabling(wrong('00:00:5e:00:99:99'), [{ host: 'node-1', snapshot: machine() }])).toMatchObject(
      [{ severity: 'note', code: 'cable.mac_unread' }],
    );
  });
});

describe('interfaces without a MAC address', () => {
  const plan: PlannedHost[] = [
    { name: 'node-1', interfaces: [{ name: 'uplink', switch_port: 'leaf1:Ethernet1' }] },
  ];

  it('are found by name, or by the switch port they are seen in', () => {
    expect(
      messages(
        [{ name: 'node-1', interfaces: [{ name: 'nic.1', switch_port: 'leaf1:Ethernet1' }] }],
        [seen(1, 'leaf1 Ethernet2')],
      ),
    ).toEqual([['cable.wrong_port', 'node-1 nic.1 is in leaf1:Ethernet2; planned is leaf1:Ethernet1.']]);
    expect(checkCabling(plan, [seen(1, 'leaf1 Ethernet9', 'leaf1 Ethernet1')])).toEqual([]);
  });

  it('are missed when every port tells its neighbour, and unknown when one does not', () => {
    expect(messages(plan, [seen(1, 'leaf1 Ethernet9')])).toEqual([
      ['cable.not_seen', 'node-1 uplink: no port of node-1 is seen in leaf1:Ethernet1.'],
    ]);
    expect(messages(plan, [seen(1, 'leaf1 Ethernet9', {})]).map(([code]) => code)).toEqual([
      'cable.port_unknown',
    ]);
  });
});

describe('speeds', () => {
  const run = (...speeds: number[]) =>
    checkCabling(
      speeds.map((_, index) => planned(index + 1, `leaf1:Ethernet${index + 1}`)),
      speeds.map((speed_mbps, index) =>
        seen(index + 1, { lldp: neighbour(`leaf1 Ethernet${index + 1}`), speed_mbps, max_speed_mbps: 25000 }),
      ),
    ).map(({ severity, code, message }) => [severity, code, message]);

  it('lower than those of the same interface elsewhere are a warning', () => {
    expect(run(25000, 1000, 25000)).toEqual([
      ['warning', 'cable.slow', "node-2 nic1 runs at 1 Gbit/s; the other hosts' nic1 runs at 25 Gbit/s."],
    ]);
  });

  it('lower than the port can, but like the others, are a note', () => {
    expect(run(10000)).toEqual([
      ['note', 'cable.below_capability', 'node-1 nic1 runs at 10 Gbit/s; the port can do 25 Gbit/s.'],
    ]);
  });
});
