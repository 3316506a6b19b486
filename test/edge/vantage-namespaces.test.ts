import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { all, rule, service } from './vantage-faults.ts';
import {
  startTestSite,
  untilOpen,
  type StageStory,
  type TestMachine,
  type TestSite,
} from './vantage-site.ts';

let site: TestSite;
/** Undoes the fault of a test. */
let mend: (() => Promise<unknown>) | undefined;

beforeAll(async () => {
  site = await startTestSite();
  for (const machine of ['kvm', 'vm', 'node1', 'node2'] as const) await untilOpen(site, machine, 22);
});
afterEach(async () => {
  await mend?.();
  // Machines remember for minutes what packet size a router told them.
  for (const machine of ['laptop', 'kvm', 'vm', 'node1'] as const)
    await site.on(machine, 'ip route flush cache');
  mend = undefined;
});
afterAll(async () => site.stop());

/** Makes a fault by a script on one machine, and plans what undoes it. */
async function fault(machine: TestMachine | 'router', make: string, undo: string): Promise<void> {
  await site.on(machine, make);
  mend = () => site.on(machine, undo);
}

describe('a site in which all is well', () => {
  it('is reached from every vantage point, and the BMC tells power and link', async () => {
    const result = await site.probe('node-2:22');
    expect(service(result)).toEqual(all('ok'));
    expect(result.verdict).toMatchObject({ key: 'works', legs: [] });
    expect(result.points.find(({ id }) => id === 'laptop')).toMatchObject({ address: '10.9.0.2' });
    const told = result.matrix
      .filter(({ from }) => from === 'bmc of node-2')
      .map(({ check, status }) => [check, status]);
    expect(told).toEqual([
      ['power', 'ok'],
      ['link', 'ok'],
      ['bmc', 'ok'],
    ]);
  });
});

describe('who is to blame for a machine that is not reached', () => {
  it('a firewall that drops the port for the laptop alone', async () => {
    await fault('router', ...rule('blackhole from 10.9.0.0/24 to 10.20.2.12 ipproto tcp dport 22 pref 10'));
    const result = await site.probe('node-2:22');
    expect(service(result)).toEqual({ ...all('ok'), laptop: 'timeout' });
    expect(result.verdict).toMatchObject({
      key: 'path.port',
      owner: 'customer-network',
      legs: [{ from: 'laptop', to: '10.20.2.12:22/ssh' }],
    });
    expect(result.verdict.request).toMatch(
      /^Please open 22\/tcp from 10\.9\.0\.2 \(laptop\) to node-2 \(10\.20\.2\.12\)\./,
    );
  });

  it('a firewall before its network, which rejects the port for all outside', async () => {
    const stop = site.start('node2', ['python3', '-m', 'http.server', '80', '--bind', '10.20.2.12']);
    await untilOpen(site, 'node2', 80);
    await fault('router', ...rule('prohibit to 10.20.2.12 ipproto tcp dport 80 pref 10'));
    const result = await site.probe('http://10.20.2.12/');
    stop();
    const outside = all('unreachable', ['laptop', 'kvm-host', 'deployment-vm']);
    expect(service(result)).toEqual({ ...outside, 'node-1': 'ok', 'node-2': 'ok' });
    expect(result.verdict).toMatchObject({ key: 'path.port', owner: 'customer-network' });
    expect(result.verdict.legs.map(({ from }) => from)).toEqual(Object.keys(outside));
  });

  it('one network, from which nothing passes', async () => {
    await fault('router', ...rule('blackhole from 10.20.0.0/24 to 10.20.2.0/24 ipproto icmp pref 10'));
    await site.on(
      'router',
      'ip rule add blackhole from 10.20.0.0/24 to 10.20.2.12 ipproto tcp dport 81 pref 11',
    );
    const stop = site.start('node2', ['python3', '-m', 'http.server', '81', '--bind', '10.20.2.12']);
    await untilOpen(site, 'node2', 81);
    const result = await site.probe('http://10.20.2.12:81/');
    stop();
    await site.on('router', 'ip rule del pref 11');
    expect(service(result)).toMatchObject({
      'kvm-host': 'timeout',
      'deployment-vm': 'timeout',
      laptop: 'ok',
      'node-1': 'ok',
    });
    expect(result.verdict).toMatchObject({ key: 'path.network', owner: 'customer-network' });
  });

  it('a service that is down', async () => {
    const result = await site.probe('10.20.2.12:6443');
    expect(service(result)).toEqual(all('refused'));
    expect(result.verdict).toMatchObject({ key: 'service.down', owner: 'field-engineer' });
  });

  it('the firewall of the machine itself', async () => {
    const stop = site.start('node2', ['python3', '-m', 'http.server', '82', '--bind', '10.20.2.12']);
    await untilOpen(site, 'node2', 82);
    // The rule must stand before the one that delivers to the machine itself.
    const make =
      'ip rule add pref 20 lookup local; ip rule del pref 0; ip rule add blackhole iif eth0 ipproto tcp dport 82 pref 5';
    await fault('node2', make, 'ip rule add pref 0 lookup local; ip rule del pref 20; ip rule del pref 5');
    const result = await site.probe('http://10.20.2.12:82/');
    stop();
    expect(service(result)).toEqual({ ...all('timeout'), 'node-2': 'ok' });
    expect(result.verdict).toMatchObject({ key: 'target.firewall', owner: 'field-engineer' });
  });

  it('the machine, which has lost its network', async () => {
    await fault(
      'node2',
      'ip link set eth0 down',
      'ip link set eth0 up && ip route add default via 10.20.2.1',
    );
    const result = await site.probe('node-2:22');
    expect(service(result)['node-2']).toBe('not-asked');
    // How soon Linux notices depends on what its neighbour table still holds.
    expect(service(result)['node-1']).toMatch(/^(unreachable|timeout)$/);
    expect(result.verdict).toMatchObject({ key: 'target.down', owner: 'field-engineer' });
  });

  it('the machine, which its BMC says is switched off', async () => {
    const reset = (type: string): string =>
      `curl -sfk -u root:simulated-bmc-password -H 'Content-Type: application/json' -d '{"ResetType":"${type}"}' https://10.20.1.12/redfish/v1/Systems/System.Embedded.1/Actions/ComputerSystem.Reset`;
    await site.on('node2', 'ip link set eth0 down');
    await fault('kvm', reset('ForceOff'), reset('On'));
    const result = await site.probe('node-2:22');
    await site.on('node2', 'ip link set eth0 up && ip route add default via 10.20.2.1');
    expect(result.verdict).toMatchObject({ key: 'target.off', owner: 'field-engineer' });
  });

  it('the laptop, which has no route', async () => {
    await fault('laptop', 'ip route del default', 'ip route add default via 10.9.0.1');
    const result = await site.probe('kvm-host:22');
    expect(service(result)).toMatchObject({
      laptop: 'no-route',
      'kvm-host': 'not-asked',
      'node-1': 'not-asked',
    });
    expect(result.verdict).toMatchObject({
      key: 'point.no-route',
      owner: 'field-engineer',
      legs: [{ from: 'laptop' }],
    });
  });

  it('the laptop, whose own rules forbid it', async () => {
    await fault('laptop', ...rule('prohibit to 10.20.2.12 pref 10'));
    const result = await site.probe('node-2:22');
    expect(service(result)).toEqual({ ...all('ok'), laptop: 'prohibited' });
    expect(result.verdict).toMatchObject({ key: 'point.firewall', owner: 'field-engineer' });
  });

  it('a way that takes smaller packets than its ends and says so', async () => {
    await fault('router', 'ip link set data mtu 1400', 'ip link set data mtu 1500');
    const result = await site.probe('node-2:22');
    expect(result.verdict).toMatchObject({ key: 'path.mtu', owner: 'customer-network' });
    const sizes = result.matrix.filter(({ check, from }) => check === 'size' && from === 'laptop');
    expect(sizes[0]).toMatchObject({
      status: 'too-big',
      to: '10.20.2.12/1500 bytes',
      text: expect.stringContaining('takes 1400'),
    });
  });

  it('a switch port that swallows large packets without a word', async () => {
    await fault('router', 'ip link set node2 mtu 1400', 'ip link set node2 mtu 1500');
    const result = await site.probe('node-2:22');
    expect(result.verdict.key).toBe('path.mtu');
    const sizes = result.matrix.filter(({ check, from }) => check === 'size' && from === 'laptop');
    expect(sizes[0]?.text).toBe('packets of 1500 bytes do not pass and vanish without a word; 1400 bytes do');
  });
});

describe('the ways of the laptop beside a stage', () => {
  it('have figures where they work; a narrow way to the KVM host is a warning, a server out of reach is not', async () => {
    const [drop, allow] = rule('blackhole from 10.9.0.2 to 10.20.2.12 pref 10');
    await fault('router', `ip link set mgmt mtu 1400; ${drop}`, `ip link set mgmt mtu 1500; ${allow}`);
    expect(await site.fromLaptop()).toMatchObject({
      'latency kvm-host': expect.stringMatching(/^ok \d+\.\d\d ms$/),
      'loss kvm-host': 'ok 0 %',
      'mtu kvm-host':
        'warn packets of 1500 bytes do not pass; too big for the way, says 10.9.0.1, which takes 1400; 1400 bytes do',
      'mtu node-1': 'ok 1500 bytes',
      'ports node-1': 'ok TCP 22 open',
      'reach node-2': 'not-tried not needed from here: no answer on TCP port 22',
      bmcs: expect.stringMatching(/^ok TCP 443 open in /),
      dns: expect.stringMatching(/^not-tried not needed from here: says ECONNREFUSED/),
    });
  });
});

describe('a name', () => {
  it('that nobody resolves', async () => {
    const result = await site.probe('mirror.acme.example:80');
    expect(service(result)).toEqual(all('name', ['laptop', 'kvm-host', 'deployment-vm', 'node-1']));
    expect(result.verdict).toMatchObject({ key: 'name.unresolved', owner: 'customer-network' });
  });
});

describe('a DNS server', () => {
  it('that is dead, on a machine that lives', async () => {
    const result = await site.probe('10.20.0.2/dns');
    expect(service(result)).toEqual(all('refused', ['laptop', 'kvm-host', 'deployment-vm', 'node-1']));
    expect(result.verdict).toMatchObject({ key: 'service.down' });
    expect(result.verdict.summary).toContain('53/udp');
  });

  it('that answers', async () => {
    const stop = site.start(
      'services',
      'dnsmasq -k -C /dev/null -h -R --pid-file= --user=root -a 10.20.0.2 -z'.split(' '),
    );
    await untilOpen(site, 'services', 53);
    const result = await site.probe('10.20.0.2/dns');
    stop();
    expect(result.verdict).toMatchObject({ key: 'works' });
  });
});

/** How the story of a failure is told: seen at once, and settled with the matrix. */
const failureEvents = ({ events }: StageStory): boolean[] =>
  events.flatMap((event) => (event.kind === 'failure' ? [event.early === true] : []));

describe('after a failure of a run', () => {
  it('on the way from the laptop to the KVM host, the matrix says where it ends', async () => {
    await fault('router', ...rule('unreachable from 10.9.0.0/24 to 10.20.0.5 ipproto tcp dport 22 pref 10'));
    const story = await site.carryOut({ stage: { id: 'kvm-host-preflight', runs_on: 'laptop' } });
    expect(failureEvents(story)).toEqual([true, false]);
    const [record] = story.failures;
    // From the laptop alone nobody can tell a firewall on the way from one on the machine: the owner of the cause stays.
    expect(record).toMatchObject({
      ...{ why: { key: 'ssh.no_route' }, owner: 'customer-network' },
      matrix: { destination: '10.20.0.5:22/ssh', verdict: { key: 'path.filtered', owner: null } },
    });
    expect(record?.why.chain).toEqual([record?.matrix?.verdict.summary]);
    expect(record?.request).toContain('10.20.0.5 (KVM host): not asked');
  });

  it('on the way from the KVM host to the deployment VM, the KVM host is blamed that has no way there', async () => {
    const route = 'unreachable 10.20.0.10/32';
    await fault('kvm', `ip route add ${route}`, `ip route del ${route}`);
    const story = await site.carryOut({ stage: { id: 'network-services', runs_on: 'deployment-vm' } });
    const [record] = story.failures;
    expect(record).toMatchObject({
      ...{ why: { key: 'tunnel.refused' }, owner: 'field-engineer' },
      matrix: {
        destination: '10.20.0.10:22/ssh',
        verdict: { key: 'point.no-route', legs: [{ from: 'kvm-host', to: '10.20.0.10:22/ssh' }] },
      },
    });
    expect(record?.request).toMatch(/^Please tell which address, netmask and gateway to use on the KVM host/);
    expect(record?.request).not.toContain("For the customer's network team");
  });

  it('on the way from the deployment VM to a server, the network team is asked to open that leg', async () => {
    await fault('router', ...rule('unreachable from 10.20.0.10 to 10.20.2.12 ipproto tcp dport 22 pref 10'));
    const { failures } = await site.carryOut({
      stage: { id: 'network-services', runs_on: 'deployment-vm' },
      says: {
        where: { stage: 'network-services', runs_on: 'deployment-vm', task: 'Gather', host: 'node-2' },
        message:
          'Failed to connect to the host via ssh: ssh: connect to host 10.20.2.12 port 22: No route to host',
        unreachable: true,
      },
    });
    expect(failures).toMatchObject([
      {
        ...{ why: { key: 'ssh.no_route' }, owner: 'customer-network' },
        matrix: { verdict: { key: 'path.port', legs: [{ from: 'deployment-vm', to: '10.20.2.12:22/ssh' }] } },
        request: expect.stringMatching(
          /^Please open 22\/tcp from 10\.20\.0\.10 \(deployment VM\) to node-2 \(10\.20\.2\.12\)\./,
        ),
      },
    ]);
    // The matrix has every row; the evidence only those that tell.
    expect(failures[0]?.why.evidence.flatMap(({ text }) => text.split('\n')).length).toBeLessThanOrEqual(12);
  });

  it('nothing is tried when it was about something else', async () => {
    const says = { message: 'node-2: Permission denied (publickey,password).', unreachable: true };
    const stage = { id: 'network-services', runs_on: 'deployment-vm' } as const;
    const { failures } = await site.carryOut({ stage, says });
    expect(failures).toMatchObject([{ why: { key: 'ssh.auth_failed' } }]);
    expect(failures[0]).not.toHaveProperty('matrix');
  });

  it('a command that names nothing is refused', async () => {
    expect(await site.ask({ probe: { file: site.file } })).toMatchObject({ code: 'PROBE_NOTHING' });
  });
});
