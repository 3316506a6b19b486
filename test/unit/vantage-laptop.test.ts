import { describe, expect, it } from 'vitest';
import { spotWords, type MatrixCell } from '../../src/contract/matrix.ts';
import type { PingOutput } from '../../src/vantage/actions.ts';
import {
  readEchoes,
  readTime,
  type LaptopAnswers,
  type WayAnswer,
} from '../../src/vantage/laptop-answers.ts';
import { laptopCells } from '../../src/vantage/laptop-cells.ts';
import { planLaptop } from '../../src/vantage/laptop-plan.ts';
import { laptopName } from '../../src/vantage/laptop.ts';
import { echoesCommand } from '../../src/vantage/ping-command.ts';
import { changed, siteOf, SITE } from './site-example.ts';

const site = siteOf();
const plan = planLaptop(site);
const find = (kind: string, name: string): number =>
  plan.targets.findIndex((target) => target.kind === kind && target.name === name);
const [KVM, VM, NODE, BMC] = [
  find('machine', 'kvm-host'),
  find('machine', 'deploy'),
  find('machine', 'node-1'),
  find('bmc', 'node-1'),
];

function pinged(output: string): PingOutput {
  return { size: 0, code: 0, output };
}
const echo = (ms: string): string => `64 bytes from 10.20.0.5: icmp_seq=1 ttl=64 time=${ms} ms`;
const GOOD = pinged(
  [echo('0.40'), echo('0.21'), echo('9.9'), '3 packets transmitted, 3 received, 0% packet loss'].join('\n'),
);
const SILENT = { ...pinged('5 packets transmitted, 0 received, 100% packet loss'), code: 1 };
const FULL = { ...GOOD, size: 1472 };

/** The laptop's row when it saw this and nothing else. */
function rowOf(ways: Readonly<Record<number, WayAnswer>>, more: Partial<LaptopAnswers> = {}, inUse = true) {
  const seen = new Map(
    Object.entries(ways).map(([at, way]) => [Number(at), { ...way, done: true as const }]),
  );
  return laptopCells('laptop', plan, { ways: seen, names: new Map(), times: new Map(), ...more }, inUse)
    .cells;
}
const toward = (cells: readonly MatrixCell[], to: string): string[] =>
  cells
    .filter((cell) => cell.to === to)
    .map(
      ({ probe, status, seen, wanted }) =>
        `${probe} ${status}: ${seen}${wanted === undefined ? '' : ` (${wanted})`}`,
    );
const about = (cells: readonly MatrixCell[], probe: string): MatrixCell | undefined =>
  cells.find((cell) => cell.probe === probe);

describe('what the laptop tries', () => {
  it('is every machine once, what a run needs first', () => {
    expect(plan.targets.map(({ kind, name, address, port }) => [kind, name, address, port])).toEqual([
      ['machine', 'kvm-host', '10.20.0.5', 22],
      ['machine', 'deploy', '10.20.0.10', 22],
      ['machine', 'node-1', '10.20.0.11', 22],
      ['bmc', 'node-1', '10.20.1.11', 443],
      // Nothing logs in to node-2 by SSH.
      ['machine', 'node-2', '10.20.0.12', undefined],
      ['bmc', 'node-2', '10.20.1.12', 443],
    ]);
    expect(plan.targets.filter(({ needed }) => needed).map(({ name }) => name)).toEqual(['kvm-host']);
  });

  it('are BMCs as needed where discovery is told to go from the laptop, and an OpenManage Enterprise that is there', () => {
    const text = changed(
      'hosts:\n',
      'discovery: {via: laptop}\nparameters: {ome: {mode: existing, address: 10.20.0.9, port: 8443}}\nhosts:\n',
    );
    const { targets } = planLaptop(siteOf(text));
    expect(targets.slice(0, 3).map(({ kind, needed }) => [kind, needed])).toEqual([
      ['machine', true],
      ['bmc', true],
      ['bmc', true],
    ]);
    expect(targets.at(-1)).toMatchObject({ kind: 'ome', address: '10.20.0.9', port: 8443, needed: false });
  });

  it('are names that a managed name server must know; any answer of an existing one', () => {
    expect(plan.nameServers).toEqual([
      {
        server: '10.20.0.10',
        questions: [
          { name: 'deploy.plant7.acme.example', address: '10.20.0.10' },
          { name: 'node-1.plant7.acme.example', address: '10.20.0.11' },
          { name: 'node-2.plant7.acme.example', address: '10.20.0.12' },
        ],
      },
    ]);
    const existing = changed(
      '{mode: managed, upstream: [10.20.0.2]}',
      '{mode: existing, servers: [10.20.0.2]}',
    );
    expect(planLaptop(siteOf(existing)).nameServers).toEqual([
      { server: '10.20.0.2', questions: [{ name: 'deploy.plant7.acme.example' }] },
    ]);
    expect(plan.timeServers).toEqual(['10.20.0.3']);
  });

  it('asks no more of a packet than a laptop takes, and no more than the network does', () => {
    const sized = (mtu: number) =>
      planLaptop(siteOf(changed('gateway: 10.20.0.1,', `gateway: 10.20.0.1, mtu: ${mtu},`))).targets[0]?.mtu;
    expect([sized(9000), sized(1400)]).toEqual([1500, 1400]);
  });

  it('has a row of another name where a server has that of the laptop', () => {
    expect(laptopName(site)).toBe('laptop');
    expect(laptopName(siteOf(SITE.replace('name: node-2', 'name: laptop')))).toBe('this laptop');
  });
});

describe("the laptop's row", () => {
  it('has figures where all is well', () => {
    const cells = rowOf({ [KVM]: { connected: { ms: 0.7 }, echoes: GOOD, sizes: [FULL] } });
    expect(toward(cells, 'kvm-host')).toEqual([
      'reach ok: logged in',
      'latency ok: 0.40 ms',
      'loss ok: 0 %',
      'mtu ok: 1500 bytes',
      'ports ok: TCP 22 open',
    ]);
    expect(cells.every(({ from }) => from === 'laptop')).toBe(true);
  });

  it('warns of what the run needs, and never calls it failed: the connection in use holds', () => {
    const narrow = [
      { ...pinged('From 10.9.0.1 icmp_seq=1 Frag needed and DF set (mtu = 1400)'), size: 1472, code: 1 },
      { ...GOOD, size: 1372 },
    ];
    const lossy = pinged(`${echo('80.2')}\n20 packets transmitted, 1 received`);
    const cells = rowOf({ [KVM]: { connected: { error: 'ETIMEDOUT' }, echoes: lossy, sizes: narrow } });
    expect(toward(cells, 'kvm-host')).toEqual([
      'reach ok: logged in',
      'latency warn: 80 ms (50 ms at most)',
      'loss warn: 19 of 20 lost (none lost)',
      'mtu warn: packets of 1500 bytes do not pass; too big for the way, says 10.9.0.1, which takes 1400; 1400 bytes do (1500 bytes)',
      'ports warn: no answer on TCP port 22 (TCP 22 open)',
    ]);
    expect(cells.map(({ status }) => status)).not.toContain('failed');
  });

  it('tells of the KVM host that it does not answer where the run has lost it', () => {
    const cells = rowOf({ [KVM]: { connected: { error: 'ENETUNREACH' }, echoes: SILENT } }, {}, false);
    expect(toward(cells, 'kvm-host')).toEqual(['reach warn: the laptop has no way there']);
  });

  it('counts for nothing what no run needs from there, and says so in the cell', () => {
    const cells = rowOf({
      [VM]: { connected: { error: 'EHOSTUNREACH' }, echoes: SILENT },
      [NODE]: { connected: { error: 'ETIMEDOUT' }, echoes: SILENT },
      [BMC]: { connected: { error: 'ETIMEDOUT' } },
    });
    expect(toward(cells, 'deploy')).toEqual([
      'reach ok: logged in, through the KVM host',
      'ports not-tried: not needed from here: no way there',
    ]);
    expect(toward(cells, 'node-1')).toEqual([
      'reach not-tried: not needed from here: no answer on TCP port 22',
    ]);
    expect(about(cells, 'bmcs')).toEqual({
      ...{ from: 'laptop', probe: 'bmcs', at: 'node-1, 10.20.1.11:443', status: 'not-tried' },
      seen: 'not needed from here: no answer on TCP port 443',
    });
    const spot = cells.filter(({ to }) => to === 'node-1');
    expect(spotWords({ status: 'not-tried', cells: spot })).toBe('not needed');
    // Beside something else that was not tried, that is what counts.
    const other = { ...spot[0]!, seen: 'there was no time left' };
    expect(spotWords({ status: 'not-tried', cells: [...spot, other] })).toBe('not tried');
  });

  it('takes a refused connection for a sign of life, and the time of a connection where ping is not to be had', () => {
    const none = { ...pinged('ping: socktype: SOCK_RAW\nping: socket: Operation not permitted'), code: 2 };
    expect(toward(rowOf({ [NODE]: { connected: { ms: 1.26 }, echoes: none } }), 'node-1')).toEqual([
      'reach ok: answers',
      'latency ok: 1.26 ms by TCP',
      'loss not-tried: this user may not ping',
      'mtu not-tried: this user may not ping',
      'ports ok: TCP 22 open',
    ]);
    const refused = rowOf({ [NODE]: { connected: { error: 'ECONNREFUSED' }, echoes: SILENT } });
    expect(toward(refused, 'node-1')).toEqual([
      'reach ok: answers',
      'loss not-tried: no answer to ping',
      'mtu not-tried: no answer to ping',
      'ports not-tried: not needed from here: refused on TCP port 22',
    ]);
  });

  it('says of what it did not come to that there was no time', () => {
    const cells = rowOf({});
    expect(toward(cells, 'kvm-host')).toEqual(['reach ok: logged in']);
    expect(toward(cells, 'node-1')).toEqual(['reach not-tried: there was no time left']);
    for (const probe of ['bmcs', 'dns', 'ntp'])
      expect(about(cells, probe)).toMatchObject({ status: 'not-tried', seen: 'there was no time left' });
  });

  it('keeps within what a journal takes of one machine: what is not well first, the others counted', () => {
    const targets = Array.from({ length: 800 }, (_, at) => ({ ...plan.targets[BMC]!, needed: at === 799 }));
    const many = { ...plan, targets };
    const way = { connected: { ms: 1 }, done: true as const };
    const bad = { connected: { error: 'ETIMEDOUT' }, done: true as const };
    const ways = new Map(many.targets.map((_target, at) => [at, at === 799 ? bad : way]));
    const answers = { ways, names: new Map(), times: new Map() };
    const { cells, leftOut } = laptopCells('laptop', many, answers, true);
    expect(cells[0]?.status).toBe('warn');
    expect(JSON.stringify(cells).length).toBeLessThanOrEqual(48_000);
    // Every BMC, one name server and one time server.
    expect(cells.length + leftOut).toBe(802);
  });
});

describe('name and time servers', () => {
  const [server] = plan.nameServers;
  const dns = (answer: object) =>
    about(
      rowOf(
        {},
        { names: new Map([[server!.server, [{ name: 'deploy.x', wanted: '10.20.0.10', ...answer }]]]) },
      ),
      'dns',
    );
  const ntp = (answer: { synchronised: boolean; stratum: number; offset: number } | { error: string }) =>
    about(rowOf({}, { times: new Map([['10.20.0.3', answer]]) }), 'ntp');

  it('are well with right answers', () => {
    expect(dns({ addresses: ['10.20.0.10'] })).toMatchObject({ status: 'ok', seen: '1 question answered' });
    expect(ntp({ synchronised: true, stratum: 3, offset: -0.0021 })).toMatchObject({
      ...{ status: 'ok', seen: 'stratum 3, offset -0.002 s' },
    });
  });

  it('are worth a warning with a wrong address, or with a clock far from that of the laptop', () => {
    expect(dns({ addresses: ['192.0.2.1'] })).toMatchObject({
      ...{ status: 'warn', seen: 'deploy.x is 192.0.2.1', wanted: '10.20.0.10' },
    });
    expect(dns({ error: 'ENOTFOUND' })).toMatchObject({ status: 'warn', seen: 'deploy.x is not known' });
    expect(ntp({ synchronised: true, stratum: 3, offset: 3600 })).toMatchObject({
      ...{ status: 'warn', seen: "the laptop's clock is 3600.0 s behind", wanted: 'within 5 s' },
    });
  });

  it('may be out of reach for the laptop', () => {
    expect(dns({ error: 'ETIMEOUT' })?.seen).toBe('not needed from here: no answer on UDP port 53');
    expect(dns({ error: 'EREFUSED' })?.seen).toBe(
      'not needed from here: says EREFUSED to a question for deploy.x',
    );
    expect(ntp({ error: 'ETIMEDOUT' })?.seen).toBe('not needed from here: no answer on UDP port 123');
    expect(ntp({ synchronised: false, stratum: 16, offset: 0 })?.status).toBe('not-tried');
  });
});

describe('what ping prints', () => {
  it('is counted on every system and in every language, a doubled answer once', () => {
    const german = [
      'Ping wird ausgeführt für 10.20.0.5 mit 32 Bytes Daten:',
      'Antwort von 10.20.0.5: Bytes=32 Zeit<1ms TTL=64',
      'Antwort von 10.20.0.5: Bytes=32 Zeit=3ms TTL=64',
      'Antwort von 10.20.0.5: Bytes=32 Zeit=2ms TTL=64',
      '    Pakete: Gesendet = 4, Empfangen = 3, Verloren = 1',
    ].join('\r\n');
    expect(readEchoes(pinged(german), 20)).toEqual({ sent: 4, answered: 3, ms: 2 });
    const doubled = `${echo('0.40')}\n${echo('0.50')} (DUP!)\n20 packets transmitted, 1 received, +1 duplicates`;
    expect(readEchoes(pinged(doubled), 20)).toEqual({ sent: 20, answered: 1, ms: 0.4 });
    expect(readEchoes(SILENT, 5)).toEqual({ sent: 5, answered: 0 });
  });

  it('is asked for without root', () => {
    expect(echoesCommand('10.20.0.5', 20, 'linux').join(' ')).toBe('ping -n -c 20 -i 0.2 -W 1 10.20.0.5');
    expect(echoesCommand('10.20.0.5', 20, 'win32')).toContain('4');
    expect(echoesCommand('10.20.0.5', 20, 'darwin')).toContain('1000');
  });
});

it('the offset of a clock leaves the time of the way out', () => {
  const reply = Buffer.alloc(48);
  reply[0] = 0x24;
  reply[1] = 3;
  // Received and sent at 100.5 s, asked at 90 s and back at 91 s: the way took half a second each.
  for (const at of [32, 40]) {
    reply.writeUInt32BE(2208988800 + 100, at);
    reply.writeUInt32BE(2 ** 31, at + 4);
  }
  expect(readTime(reply, 90_000, 91_000)).toEqual({ synchronised: true, stratum: 3, offset: 10 });
  expect(readTime(Buffer.alloc(3), 0, 0)).toEqual({ error: 'EBADRESP' });
});
