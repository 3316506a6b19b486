import { describe, expect, it } from 'vitest';
import { cableRows, isOff, likelyMac, takeSeen } from '../../renderer/wizard/hardware/cables.ts';
import {
  discoveryRows,
  newCertificates,
  shownHostKey,
} from '../../renderer/wizard/hardware/discovery-rows.ts';
import { siteHosts } from '../../renderer/wizard/hardware/site-view.ts';
import { BringupError } from '../../src/contract/errors.ts';
import type { DiscoveredMachine, DiscoverResult } from '../../src/contract/hardware.ts';
import { machine, port } from './hardware-machine.ts';

const HOSTS = siteHosts({
  hosts: [
    {
      name: 'node-1',
      serial: 'ABC1234',
      roles: ['rke2-server'],
      bmc: { address: '10.20.1.11', credential: 'idrac' },
      interfaces: [
        { name: 'nic1', mac: '02:00:5E:00:00:11', switch_port: 'leaf1:Ethernet1' },
        { name: 'nic2', mac: '02:00:5e:00:00:12', switch_port: 'leaf2:Ethernet1' },
      ],
    },
    { serial: 'nameless' },
    { name: 'node-2', bmc: { address: '10.20.1.12', port: 8443 }, profile: 'compute', profile_reason: 'x' },
    { name: 'node-3' },
  ],
});

function found(machines: readonly DiscoveredMachine[], more: Partial<DiscoverResult> = {}): DiscoverResult {
  return { at: '2026-11-21T02:00:00Z', machines, findings: [], ...more };
}

describe('the hosts of a site file', () => {
  it('keep their place in the file, also behind one that has no name yet', () => {
    expect(HOSTS.map(({ name, index, bmc, profile }) => [name, index, bmc, profile])).toEqual([
      ['node-1', 0, 'https://10.20.1.11', 'auto'],
      ['node-2', 2, 'https://10.20.1.12:8443', 'compute'],
      ['node-3', 3, undefined, 'auto'],
    ]);
  });

  it('are none in a document that is no site file', () => {
    expect(siteHosts(null)).toEqual([]);
    expect(siteHosts({ hosts: 'none' })).toEqual([]);
  });
});

describe('expected against found', () => {
  const snapshot = machine();
  const stranger = { bmc: 'https://10.20.1.40', ok: true, snapshot: machine({ serial: 'ZZZ9999' }) };
  const result = found([{ host: 'node-1', bmc: 'https://10.20.1.11', ok: true, snapshot }, stranger], {
    findings: [
      { severity: 'error', code: 'host.missing', host: 'node-2', message: 'node-2 was not found.' },
      { severity: 'warning', code: 'host.stranger', message: 'A machine with serial ZZZ9999 was found.' },
      { severity: 'warning', code: 'bmc.clock_off', message: 'Said of nobody.' },
      { severity: 'error', code: 'cable.swapped', host: 'node-1', message: 'Wrong cables are told too.' },
      { severity: 'note', code: 'cable.unknown', host: 'node-1', message: 'Left to the cabling step.' },
    ],
  });

  it('names who is missing and who is a stranger, and loses no finding', () => {
    const { expected, strangers, others } = discoveryRows(HOSTS, { result, progress: undefined });
    expect(expected.map(({ id, state, findings }) => [id, state, findings.length])).toEqual([
      ['node-1', 'found', 1],
      ['node-2', 'missing', 1],
      ['node-3', 'missing', 0],
    ]);
    expect(strangers).toMatchObject([
      { id: 'https://10.20.1.40', state: 'found', findings: [{ code: 'host.stranger' }] },
    ]);
    expect(others.map(({ code }) => code)).toEqual(['bmc.clock_off']);
  });

  it('says of nobody that he is missing before the first discovery', () => {
    const { expected } = discoveryRows(HOSTS, { result: undefined, progress: undefined });
    expect(expected.map(({ state }) => state)).toEqual(['unknown', 'unknown', 'unknown']);
  });

  it('shows live who is done, and leaves the others as they were when only some are asked again', () => {
    const ended = [{ bmc: 'https://10.20.1.12:8443', host: 'node-2', text: 'Dell R660', ok: true }];
    const progress = { running: true, done: 1, total: 2, ended };
    const states = (only?: readonly string[]) =>
      discoveryRows(HOSTS, { result, progress, only }).expected.map(({ state, said }) => [state, said]);
    expect(states()).toEqual([
      ['reading', undefined],
      ['found', 'Dell R660'],
      ['unknown', undefined],
    ]);
    expect(states(['node-2'])).toEqual([
      ['found', undefined],
      ['found', 'Dell R660'],
      ['missing', undefined],
    ]);
  });

  it('takes the fingerprints to compare out of the errors of first contact', () => {
    const sha256 = 'ab'.repeat(32);
    const message = `First contact with BMC of node-1: no CA signed it: SHA-256 ${sha256}, subject CN=idrac, valid 2026-01-02T03:04:05.000Z to 2030-01-02T03:04:05.000Z.`;
    const error = { code: 'REDFISH_CERTIFICATE_UNKNOWN', message, exit: 3, evidence: [] };
    const other = { ...error, code: 'REDFISH_CERTIFICATE_CHANGED' };
    const machines = [error, other].map((one) => ({ bmc: 'https://10.20.1.11', ok: false, error: one }));
    expect(newCertificates(found(machines))).toEqual([
      { bmc: 'https://10.20.1.11', sha256, about: 'subject CN=idrac, valid 2026-01-02 to 2030-01-02' },
    ]);
    const key = `SHA256:${'k'.repeat(43)}`;
    const first = (code: string) => new BringupError({ code, message: `it shows ${key}, which` });
    expect(shownHostKey(first('SSH_HOST_KEY_UNKNOWN'))).toBe(key);
    expect(shownHostKey(first('SSH_HOST_KEY_CHANGED')), 'a changed key is never offered').toBeUndefined();
  });
});

describe('cables', () => {
  const lldp = (name: string, number = 1) => ({ switch: name, port: `Eth1/${number}` });
  const rowsOf = (...nics: ReturnType<typeof port>[]) =>
    cableRows(HOSTS, found([{ host: 'node-1', bmc: 'b', ok: true, snapshot: machine({ nics }) }]));

  it('are as planned where MAC and neighbour agree, whatever the switch calls its ports', () => {
    const rows = rowsOf(
      port('a', { mac: '02:00:5e:00:00:11', lldp: { switch: 'LEAF1', port: 'Eth1' }, speed_mbps: 25000 }),
      port('b', { mac: '02:00:5e:00:00:12', link: 'down' }),
    );
    expect(rows.map(({ state, speed }) => [state, speed])).toEqual([
      ['right', 25000],
      ['no-link', undefined],
    ]);
    expect(rows.filter(isOff)).toHaveLength(1);
  });

  it('in another port can be accepted as they are', () => {
    const [row] = rowsOf(port('a', { mac: '02:00:5e:00:00:11', lldp: lldp('leaf2', 7) }));
    expect(row).toMatchObject({ state: 'swapped', seen: 'leaf2:Eth1/7', accept: 'leaf2:Eth1/7' });
    expect(takeSeen(row!, 'switch_port', row!.accept!)).toMatchObject({
      ...{ op: 'set', path: ['hosts', 0, 'interfaces', 0, 'switch_port'], value: 'leaf2:Eth1/7' },
    });
  });

  it('with a MAC that the machine does not have offer the port that is meant, and only when one is likely', () => {
    const free = (id: string, mac: string, more = {}) => port(id, { mac, ...more });
    const there = { lldp: { switch: 'leaf1', port: 'Ethernet1' } };
    const [known] = rowsOf(free('a', '02:00:5e:00:00:aa', there), free('b', '02:00:5e:00:00:bb'));
    expect(known).toMatchObject({ state: 'wrong-mac' });
    expect(likelyMac(known!)?.mac).toBe('02:00:5e:00:00:aa');
    const [open] = rowsOf(free('a', '02:00:5e:00:00:aa'), free('b', '02:00:5e:00:00:bb'));
    expect(likelyMac(open!)).toBeUndefined();
    expect(open?.free.map(({ mac }) => mac)).toEqual(['02:00:5e:00:00:aa', '02:00:5e:00:00:bb']);
  });

  it('of a machine that was not read are not judged', () => {
    const rows = cableRows(HOSTS, found([]));
    expect(rows.map(({ state }) => state)).toEqual(['not-found', 'not-found']);
  });
});
