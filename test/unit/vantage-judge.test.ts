import { describe, expect, it } from 'vitest';
import type { PingOutput, Raw } from '../../src/vantage/actions.ts';
import { askBmc } from '../../src/vantage/ask-bmc.ts';
import { parseDestination } from '../../src/vantage/destination.ts';
import { judge } from '../../src/vantage/judge.ts';
import { judgePing, judgeSizes } from '../../src/vantage/judge-ping.ts';
import { dnsQuestion, readDnsAnswer } from '../../src/vantage/packets.ts';
import { pingCommand } from '../../src/vantage/ping-command.ts';
import { probesFor } from '../../src/vantage/plan.ts';
import { siteOf } from './site-example.ts';
import { POINTS } from './vantage-matrix.ts';

const site = siteOf();
const bytes = (text: string): string => Buffer.from(text, 'latin1').toString('base64');

/** How the service row of a destination is judged. */
function seen(to: string, raw: Raw, routed = true, question?: string): string {
  const destination = { ...parseDestination(to, site), ...(question === undefined ? {} : { question }) };
  const [service] = probesFor(POINTS['laptop']!, destination, site, []);
  const { status, text } = judge(service!, raw, destination, routed)!;
  return `${status}: ${text}`;
}

describe('a connection', () => {
  it.each([
    ['ECONNREFUSED', /^refused: /],
    ['ETIMEDOUT', /^timeout: no answer/],
    ['EHOSTUNREACH', /^unreachable: /],
    ['ENETUNREACH', /^unreachable: /],
    ['EACCES', /^prohibited: its own/],
    ['EPERM', /^prohibited: its own/],
    ['EAI_AGAIN', /^name: .*DNS server does not answer/],
    ['ENOTFOUND', /^name: /],
    ['ESOMETHING', /^unclear: it failed with ESOMETHING/],
  ])('that fails with %s', (error, expected) => {
    expect(seen('10.20.0.11:6443', { step: 'connect', error })).toMatch(expected);
  });

  it('without a route is the fault of the point, not of the way', () => {
    expect(seen('10.20.0.11:6443', { step: 'connect', error: 'ENETUNREACH' }, false)).toMatch(/^no-route/);
  });

  it('to SSH is good with a banner, and not with anything else', () => {
    expect(seen('10.20.0.11:22', { step: 'done', reply: bytes('SSH-2.0-OpenSSH_9.2p1\r\n') })).toBe(
      'ok: open, SSH-2.0-OpenSSH_9.2p1',
    );
    expect(seen('10.20.0.11:22', { step: 'done', reply: bytes('220 mail') })).toMatch(
      /^wrong-answer: .*no SSH server/,
    );
    expect(seen('10.20.0.11:22', { step: 'answer', error: 'ETIMEDOUT' })).toMatch(
      /^wrong-answer: .*says nothing/,
    );
    expect(seen('10.20.0.11:22', { step: 'done' })).toMatch(/^wrong-answer: .*hangs up/);
  });

  it('to a web server is good with any answer of its own', () => {
    expect(seen('http://10.20.0.4/', { step: 'done', reply: bytes('HTTP/1.1 404 Not Found') })).toBe(
      'ok: HTTP 404',
    );
    expect(seen('http://10.20.0.4/', { step: 'done', reply: bytes('HTTP/1.1 503 x') })).toMatch(
      /^wrong-answer: HTTP 503: a proxy/,
    );
    expect(seen('http://10.20.0.4/', { step: 'done', reply: bytes('SSH-2.0-x') })).toMatch(/^wrong-answer/);
    expect(seen('https://10.20.0.4/', { step: 'tls', error: 'WRONG_VERSION_NUMBER' })).toBe(
      'tls: connected, but no TLS: WRONG_VERSION_NUMBER',
    );
  });
});

describe('a datagram', () => {
  const answer = (code: number, answers: number): string => {
    const reply = Buffer.from(dnsQuestion('a.example'), 'base64');
    reply[2] = 0x81;
    reply[3] = 0x80 | code;
    reply[7] = answers;
    return reply.toString('base64');
  };

  it('to a DNS server is good with any answer, and with a name only with an address', () => {
    expect(seen('10.20.0.2/dns', { step: 'done', reply: answer(3, 0) })).toBe('ok: the DNS server answers');
    expect(seen('10.20.0.2/dns', { step: 'done', reply: answer(0, 1) }, true, 'a.example')).toMatch(
      /^ok: .*knows a\.example/,
    );
    expect(seen('10.20.0.2/dns', { step: 'done', reply: answer(3, 0) }, true, 'a.example')).toMatch(
      /^wrong-answer: .*NXDOMAIN/,
    );
    expect(seen('10.20.0.2/dns', { step: 'done', reply: answer(2, 0) })).toMatch(/^wrong-answer: .*SERVFAIL/);
    expect(seen('10.20.0.2/dns', { step: 'done', reply: bytes('nonsense') })).toMatch(/^wrong-answer/);
    expect(seen('10.20.0.2/dns', { step: 'answer', error: 'ETIMEDOUT' })).toBe('timeout: no answer');
    expect(readDnsAnswer(Buffer.from(dnsQuestion('a.example'), 'base64'))).toBeNull();
  });

  it('to a time server is good when that server has the time', () => {
    const reply = (first: number, stratum: number): string =>
      Buffer.from([first, stratum, ...new Array<number>(46).fill(0)]).toString('base64');
    expect(seen('10.20.0.3/ntp', { step: 'done', reply: reply(0x24, 2) })).toMatch(/^ok: .*stratum 2/);
    expect(seen('10.20.0.3/ntp', { step: 'done', reply: reply(0xe4, 0) })).toMatch(
      /^wrong-answer: .*does not know the time/,
    );
  });

  it('to any other service proves nothing by silence', () => {
    expect(seen('10.20.0.3:514/udp', { step: 'answer', error: 'ETIMEDOUT' })).toMatch(/^unclear/);
    expect(seen('10.20.0.3:514/udp', { step: 'connect', error: 'ECONNREFUSED' })).toMatch(/^refused/);
  });
});

const ping = (output: string, code = 1, size = 0): PingOutput => ({ size, code, output });
const LINUX_OK =
  '64 bytes from 10.20.0.11: icmp_seq=1 ttl=64 time=0.412 ms\n1 packets transmitted, 1 received, 0% packet loss';

describe('what ping programs say', () => {
  it.each([
    ['an echo', LINUX_OK, 'ok'],
    ['an echo on Windows', 'Reply from 10.20.0.11: bytes=32 time<1ms TTL=64', 'ok'],
    ['silence', '2 packets transmitted, 0 received, 100% packet loss, time 301ms', 'timeout'],
    ['silence on Windows', 'Request timed out.\r\n Lost = 2 (100% loss)', 'timeout'],
    [
      'nobody with that address',
      'From 10.20.0.5 icmp_seq=1 Destination Host Unreachable\n100% packet loss',
      'unreachable',
    ],
    [
      'a router without a way',
      'From 10.20.0.1 icmp_seq=1 Destination Net Unreachable\n100% packet loss',
      'unreachable',
    ],
    [
      'a router, on Windows, which calls it a success',
      'Reply from 10.20.0.1: Destination host unreachable.',
      'unreachable',
    ],
    ['a firewall', 'From 10.20.0.1 icmp_seq=1 Packet filtered\n100% packet loss', 'unreachable'],
    ['no route', 'ping: connect: Network is unreachable', 'unreachable'],
    ['its own firewall', 'ping: sendmsg: Operation not permitted\n100% packet loss', 'prohibited'],
    ['a user who may not', 'ping: socktype: SOCK_RAW\nping: socket: Operation not permitted', 'not-asked'],
    ['a name', 'ping: nowhere.example: Name or service not known', 'name'],
    [
      'an expired TTL, which is no echo',
      'From 10.20.0.1 icmp_seq=1 Time to live exceeded\n100% packet loss',
      'timeout',
    ],
    ['something new', 'ping: what is this', 'not-asked'],
  ])('%s', (_title, output, status) => expect(judgePing(ping(output)).status).toBe(status));

  it('who said it', () => {
    const said = judgePing(ping('From 10.20.0.1 icmp_seq=1 Packet filtered\n100% packet loss'));
    expect(said.text).toBe('a firewall turns it away, says 10.20.0.1');
  });

  it('without a ping program, it is not asked', () => {
    expect(judgePing(ping('', 127))).toEqual({ status: 'not-asked', text: 'there is no ping program' });
  });
});

describe('packets of full size', () => {
  const full = (output: string, code = 1): PingOutput => ({ size: 1472, code, output });
  const small = (size: number, good: boolean): PingOutput => ({
    size,
    code: good ? 0 : 1,
    output: good ? LINUX_OK : '100% packet loss',
  });

  it('that pass', () =>
    expect(judgeSizes([full(LINUX_OK, 0)])).toEqual({ status: 'ok', text: 'packets of 1500 bytes pass' }));

  it('that a router refuses with its own size', () => {
    const told = full('From 10.20.0.1 icmp_seq=1 Frag needed and DF set (mtu = 1400)\n100% packet loss');
    const { status, text } = judgeSizes([told, small(1422, false), small(1372, true)]);
    expect(status).toBe('too-big');
    expect(text).toBe(
      'packets of 1500 bytes do not pass; too big for the way, says 10.20.0.1, which takes 1400; 1400 bytes do',
    );
  });

  it('that vanish while small ones pass', () => {
    const { status, text } = judgeSizes([full('100% packet loss'), small(1372, true), small(1252, true)]);
    expect(`${status}: ${text}`).toBe(
      'too-big: packets of 1500 bytes do not pass and vanish without a word; 1400 bytes do',
    );
  });

  it('prove nothing where no packet passes', () => {
    expect(judgeSizes([full('100% packet loss'), small(1372, false)]).status).toBe('unclear');
  });

  it('are asked for in the words of each system', () => {
    expect(pingCommand('10.0.0.1', 1472, 3, 'linux').join(' ')).toContain('-M do -s 1472');
    expect(pingCommand('10.0.0.1', 1472, 3, 'darwin').join(' ')).toContain('-D -s 1472');
    expect(pingCommand('10.0.0.1', 1472, 3, 'win32').join(' ')).toContain('-f -l 1472');
  });
});

describe('what a BMC tells', () => {
  const MAC = '02:00:5e:00:00:11';
  const reader = (power: unknown, link: unknown, mac = MAC) => {
    const tree: Record<string, Record<string, unknown>> = {
      '/redfish/v1/': { Systems: { '@odata.id': '/s' }, Managers: { '@odata.id': '/m' } },
    };
    const members: Record<string, readonly Record<string, unknown>[]> = {
      '/s': [{ PowerState: power, EthernetInterfaces: { '@odata.id': '/s/e' } }],
      '/m': [{ EthernetInterfaces: { '@odata.id': '/m/e' } }],
      '/s/e': [{ Id: 'NIC.1', MACAddress: mac.toUpperCase(), LinkStatus: link }],
      '/m/e': [{ LinkStatus: 'LinkUp', IPv4Addresses: [{ Address: '10.20.1.11' }] }],
    };
    return {
      get: async (uri: string) => tree[uri] ?? {},
      members: async (uri: string) => members[uri] ?? [],
    };
  };
  const told = async (...words: Parameters<typeof reader>): Promise<string[]> =>
    (await askBmc(reader(...words), 'node-1', MAC)).map(({ check, status }) => `${check} ${status}`);

  it('power, the link of the very port, and its own interface', async () => {
    expect(await told('On', 'LinkUp')).toEqual(['power ok', 'link ok', 'bmc ok']);
    expect(await told('Off', 'NoLink')).toEqual(['power down', 'link down', 'bmc ok']);
  });

  it('and leaves open what it does not tell', async () => {
    expect(await told('PoweringOn', null)).toEqual(['power unclear', 'link unclear', 'bmc ok']);
    expect(await told('On', 'LinkDown', '02:00:5e:00:00:99')).toEqual(['power ok', 'link unclear', 'bmc ok']);
  });
});
