import { describe, expect, it } from 'vitest';
import { createCapture } from '../../main/lab/bmc/capture.ts';
import { parseFaults } from '../../main/lab/bmc/faults.ts';
import { NO_CAPTURES, sharedCapture, testMachine } from './bmc-machine.ts';

const identity = {
  name: 'node-7',
  serial: 'PLANT07',
  uuid: '11111111-2222-4333-8444-555555555555',
  macs: ['02:aa:00:00:00:01', '02:aa:00:00:00:02'],
  bmcMac: '02:bb:00:00:00:01',
  bmcAddress: '10.20.1.17',
};

/** A tiny capture whose identity stands in ids, in other spellings and inside longer texts. */
const tiny = () =>
  createCapture({
    '/redfish/v1': {
      '@odata.id': '/redfish/v1',
      RedfishVersion: '1.6.0',
      Systems: { '@odata.id': '/redfish/v1/Systems' },
    },
    '/redfish/v1/Systems': {
      '@odata.id': '/redfish/v1/Systems',
      Members: [{ '@odata.id': '/redfish/v1/Systems/SER1234' }],
    },
    '/redfish/v1/Systems/SER1234': {
      '@odata.id': '/redfish/v1/Systems/SER1234',
      SerialNumber: 'SER1234',
      EthernetInterfaces: { '@odata.id': '/redfish/v1/Systems/SER1234/Nics' },
      Note: 'SER1234-A and SER12345',
    },
    '/redfish/v1/Systems/SER1234/Nics': {
      '@odata.id': '/redfish/v1/Systems/SER1234/Nics',
      Members: [{ '@odata.id': '/redfish/v1/Systems/SER1234/Nics/02005E0A0B0C' }],
    },
    '/redfish/v1/Systems/SER1234/Nics/02005E0A0B0C': {
      '@odata.id': '/redfish/v1/Systems/SER1234/Nics/02005E0A0B0C',
      MACAddress: '02:00:5E:0A:0B:0C',
      UefiDevicePath: 'PciRoot(0x2)/MAC(02005E0A0B0C,0x1)',
    },
  });

describe('identity', () => {
  it('is put in place wherever the captured one stood: ids, spellings, longer texts, never longer words', () => {
    const { get, ask } = testMachine({ capture: tiny(), identity });
    const system = '/redfish/v1/Systems/PLANT07';
    expect(get('/redfish/v1/Systems').Members).toEqual([{ '@odata.id': system }]);
    expect(get(system)).toMatchObject({
      '@odata.id': system,
      SerialNumber: 'PLANT07',
      Note: 'PLANT07-A and SER12345',
    });
    expect(get(`${system}/Nics/02AA00000001`)).toMatchObject({
      MACAddress: '02:AA:00:00:00:01',
      UefiDevicePath: 'PciRoot(0x2)/MAC(02AA00000001,0x1)',
    });
    expect(ask('GET', '/redfish/v1/Systems/SER1234').status).toBe(404);
  });

  it('is told by the built-in tree in every place', () => {
    const { get } = testMachine({ identity: { ...identity, switchPorts: ['leaf1:Ethernet7', undefined] } });
    const system = get('/redfish/v1/Systems/System.Embedded.1');
    expect(system).toMatchObject({
      SerialNumber: 'PLANT07',
      SKU: 'PLANT07',
      UUID: identity.uuid,
      HostName: 'node-7',
    });
    expect(get('/redfish/v1/Chassis/System.Embedded.1').SKU).toBe('PLANT07');
    const chassis = '/redfish/v1/Chassis/System.Embedded.1/NetworkAdapters/NIC.Integrated.1';
    expect(get(`${chassis}/NetworkPorts/NIC.Integrated.1-2`).AssociatedNetworkAddresses).toEqual([
      '02:aa:00:00:00:02',
    ]);
    const manager = get('/redfish/v1/Managers/iDRAC.Embedded.1/EthernetInterfaces/NIC.1');
    expect(manager).toMatchObject({
      MACAddress: '02:bb:00:00:00:01',
      IPv4Addresses: [{ Address: '10.20.1.17' }],
    });
    const connections = get(
      '/redfish/v1/Systems/System.Embedded.1/NetworkPorts/Oem/Dell/DellSwitchConnections',
    ).Members;
    expect(connections[0]).toMatchObject({
      SwitchConnectionID: 'leaf1',
      SwitchPortConnectionID: 'Ethernet7',
    });
    expect(connections[1]).toMatchObject({ SwitchConnectionID: 'No Link' });
  });

  it.for(['dell-poweredge-r750', 'hpe-dl385-gen10plus-v2'] as const)(
    'leaves nothing of the captured machine in %s, and differs between two machines',
    (name, { skip }) => {
      const capture = sharedCapture(name) ?? skip(NO_CAPTURES);
      const first = testMachine({ capture, number: 1 }).machine;
      const second = testMachine({ capture, number: 2 }).machine;
      const own = capture.tokens.filter(({ kind }) => kind !== 'address').map(({ text }) => text);
      expect(own.length).toBeGreaterThan(100);
      for (const key of capture.keys()) {
        if (/schemastore|registr|jsonschemas|privilege/i.test(key)) continue;
        const words = new Set(first.textAt(key)?.match(/[0-9A-Za-z]+(?:[:-][0-9A-Za-z]+)*/g));
        expect(
          own.filter((text) => words.has(text)),
          key,
        ).toEqual([]);
      }
      const serial = (machine: typeof first) => machine.at(capture.outline.systems[0]?.uri)?.['SerialNumber'];
      expect([serial(first), serial(second)]).toEqual(['SIM0001', 'SIM0002']);
      const macs = (machine: typeof first) =>
        capture.outline.ports.map((uri) => machine.at(uri)?.['MACAddress']).filter(Boolean);
      expect(new Set([...macs(first), ...macs(second)]).size).toBe(macs(first).length * 2);
    },
  );
});

describe('URIs of an iLO', () => {
  it('are the same in any case', ({ skip }) => {
    const { get } = testMachine({ capture: sharedCapture('hpe-dl385-gen10plus-v2') ?? skip(NO_CAPTURES) });
    expect(get('/redfish/v1/SYSTEMS/1').Model).toBe('ProLiant DL385 Gen10 Plus v2');
    expect(get('/redfish/v1/Systems/1/BIOS/').Attributes).toEqual(
      get('/redfish/v1/systems/1/bios').Attributes,
    );
  });
});

describe('faults', () => {
  it.each([
    [{}, 'JSON list'],
    [[{ kind: 'gremlins' }], '"gremlins" is no fault'],
    [[{ kind: 'latency' }], 'ms of the fault latency must be a number'],
    [[{ kind: 'media-stuck', how: 'somehow' }], 'how of the fault media-stuck must be refused or ignored'],
  ])('from outside are checked: %j', (value, words) => {
    expect(() => parseFaults(value)).toThrow(words);
  });
});
