import { describe, expect, it } from 'vitest';
import type { FailureRecord } from '../../src/contract/failure.ts';
import { destinationText, parseDestination } from '../../src/vantage/destination.ts';
import { destinationOf } from '../../src/vantage/from-failure.ts';
import { planPoints } from '../../src/vantage/points.ts';
import { siteOf } from './site-example.ts';
import { THREE_NETWORKS } from './vantage-matrix.ts';

const site = siteOf();
const read = (text: string): string => destinationText(parseDestination(text, site));

describe('what can be probed', () => {
  it.each([
    ['10.20.0.11:22', '10.20.0.11:22/ssh'],
    ['10.20.0.11:22/tcp', '10.20.0.11:22/tcp'],
    ['10.20.0.11:443', '10.20.0.11:443/https'],
    ['10.20.0.11:6443', '10.20.0.11:6443/tcp'],
    ['10.20.0.2:53', '10.20.0.2:53/dns'],
    ['10.20.0.2/dns', '10.20.0.2:53/dns'],
    ['10.20.0.3/ntp', '10.20.0.3:123/ntp'],
    ['10.20.0.11:514/udp', '10.20.0.11:514/udp'],
    ['10.20.0.11', '10.20.0.11/icmp'],
    ['10.20.0.11/icmp', '10.20.0.11/icmp'],
    ['node-1:22', '10.20.0.11:22/ssh'],
    ['kvm-host:22', '10.20.0.5:22/ssh'],
    ['deploy:22', '10.20.0.10:22/ssh'],
    ['node-1/bmc', '10.20.1.11:443/https'],
    ['http://10.20.0.4:8080/repo/', '10.20.0.4:8080/http'],
    ['https://mirror.acme.example/debian', 'mirror.acme.example:443/https'],
    ['mirror.acme.example:80', 'mirror.acme.example:80/http'],
  ])('%s', (text, full) => expect(read(text)).toBe(full));

  it.each([
    '',
    '-c:22',
    '10.20.0.11:0',
    '10.20.0.11:70000',
    '10.20.0.11/udp',
    '10.20.0.11:22/smtp',
    'a b:22',
    'node-9/bmc',
    'http://',
  ])('not %j, which gets an error that shows what can', (text) => {
    expect(() => read(text)).toThrowError(expect.objectContaining({ code: 'PROBE_DESTINATION', exit: 2 }));
  });

  it('keeps a full name, since whether it resolves is part of the question', () => {
    const found = parseDestination('node-1.plant7.acme.example:22', site);
    expect(found).toMatchObject({
      host: 'node-1.plant7.acme.example',
      machine: { id: 'node-1' },
      network: 'mgmt',
    });
  });
});

function failure(
  why: Partial<FailureRecord['why']>,
  where: Partial<FailureRecord['where']> = {},
): FailureRecord {
  return {
    reference: 'F-0001',
    what: 'It failed.',
    where: { stage: 'preflight', runs_on: 'laptop', ...where },
    why: { key: null, summary: '', chain: [], evidence: [], ...why },
    owner: null,
    fixes: [],
    request: '',
  };
}
const evidence = (text: string) => [{ source: 'stderr', text }];

describe('where a failure wanted to go', () => {
  it.each<readonly [string, FailureRecord, string]>([
    [
      'an address and port in the words of Bringup',
      failure({
        key: 'ssh.timeout',
        summary: 'KVM host (10.20.0.5:22) does not answer: the connection timed out.',
      }),
      '10.20.0.5:22/ssh',
    ],
    [
      'an address in the words of ssh',
      failure({
        key: 'ssh.no_route',
        evidence: evidence('ssh: connect to host 10.20.0.11 port 2222: No route to host'),
      }),
      '10.20.0.11:2222/ssh',
    ],
    [
      'the host of the task',
      failure({ key: 'ssh.timeout' }, { host: 'node-2', runs_on: 'deployment-vm' }),
      '10.20.0.12:22/ssh',
    ],
    [
      'the first of many hosts',
      failure({ key: 'ssh.timeout' }, { host: 'node-2, node-1' }),
      '10.20.0.12:22/ssh',
    ],
    [
      'the machine that the stage runs on',
      failure({ key: 'stage.contact_lost' }, { runs_on: 'deployment-vm' }),
      '10.20.0.10:22/ssh',
    ],
    ['the KVM host, for what the laptop does', failure({ key: 'ssh.dns' }), '10.20.0.5:22/ssh'],
    ['the BMC of the host', failure({ key: 'redfish.timeout' }, { host: 'node-1' }), '10.20.1.11:443/https'],
    [
      'a BMC named by its URL',
      failure({ key: 'redfish.refused', summary: 'BMC of node-1 (https://10.20.1.11) refuses.' }),
      '10.20.1.11:443/https',
    ],
    ['the time server of the site', failure({ key: 'ntp.unsynchronised' }), '10.20.0.3:123/ntp'],
    [
      'the DNS server above the deployment VM',
      failure({ key: 'dns.server_unreachable' }),
      '10.20.0.2:53/dns',
    ],
    [
      'the one that was named, of several',
      failure({
        key: 'dns.server_unreachable',
        evidence: evidence(';; communications error to 10.20.0.10#53: timed out'),
      }),
      '10.20.0.10:53/dns',
    ],
    [
      'a URL',
      failure({
        key: 'repo.unreachable',
        evidence: evidence("Could not connect to http://10.20.0.4:3142/debian ('timed out')"),
      }),
      '10.20.0.4:3142/http',
    ],
  ])('%s', (_title, record, text) => {
    expect(destinationText(destinationOf(record, site)!)).toBe(text);
  });

  it('asks the DNS server for the very name that did not resolve', () => {
    const record = failure({
      key: 'dns.unresolved',
      evidence: evidence('curl: (6) Could not resolve host: mirror.acme.example'),
    });
    expect(destinationOf(record, site)).toMatchObject({ host: '10.20.0.2', question: 'mirror.acme.example' });
  });

  it('is unknown for failures that are about something else', () => {
    expect(destinationOf(failure({ key: 'ssh.auth_failed' }), site)).toBeUndefined();
    expect(
      destinationOf(failure({ key: 'http.not_found', evidence: evidence('http://10.20.0.4/x') }), site),
    ).toBeUndefined();
    expect(destinationOf(failure({ key: null }, { host: 'node-1' }), site)).toBeUndefined();
  });

  it('takes the word of Ansible that a host is unreachable, also where the cause is not known', () => {
    const record = failure({ key: null }, { host: 'node-1', runs_on: 'deployment-vm' });
    expect(destinationText(destinationOf(record, site, true)!)).toBe('10.20.0.11:22/ssh');
  });
});

describe('who is asked', () => {
  const wide = siteOf(THREE_NETWORKS);
  const asked = (to: string): string[] => planPoints(wide, parseDestination(to, wide)).map(({ id }) => id);

  it('the destination itself, a neighbour and a machine of each other network, and the BMC', () => {
    expect(asked('node-2:22')).toEqual([
      'laptop',
      'kvm-host',
      'deployment-vm',
      'node-2',
      'node-1',
      'bmc of node-2',
    ]);
  });

  it('no BMC about itself', () => {
    expect(asked('node-2/bmc')).not.toContain('bmc of node-2');
  });

  it('marks the machine that the probes lead to', () => {
    const points = planPoints(wide, parseDestination('kvm-host:22', wide));
    expect(points.filter(({ itself }) => itself === true).map(({ id }) => id)).toEqual(['kvm-host']);
  });

  it('only those that the site file gives a login for', () => {
    expect(planPoints(site, parseDestination('node-2:22', site)).map(({ id }) => id)).not.toContain('node-2');
  });
});
