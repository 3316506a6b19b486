import { describe, expect, it } from 'vitest';
import type { DiscoveredMachine, HardwareSnapshot } from '../../src/contract/hardware.ts';
import { assignHosts, type PlannedHost } from '../../src/hardware/index.ts';
import { dropDuplicates } from '../../src/hardware/discover/duplicates.ts';

type Facts = Partial<Pick<HardwareSnapshot, 'serial' | 'sku' | 'uuid' | 'manufacturer' | 'model'>> & {
  macs?: string[];
};

function machine(last: number, { macs = [], ...facts }: Facts = {}): DiscoveredMachine {
  const nics = macs.map((mac, index) => ({
    id: `${index}`,
    name: `${index}`,
    mac,
    link: 'up',
    health: 'OK',
  }));
  const snapshot = { schema: 1, nics, ...facts } as unknown as HardwareSnapshot;
  return { bmc: `https://10.20.1.${last}`, ok: true, snapshot };
}

function failed(last: number, code: string, message: string): DiscoveredMachine {
  return {
    bmc: `https://10.20.1.${last}`,
    ok: false,
    error: { code, message, hint: 'Do this.', exit: 3, evidence: [] },
  };
}

const host = (name: string, serial?: string, last?: number, mac?: string): PlannedHost => ({
  name,
  ...(serial === undefined ? {} : { serial }),
  ...(last === undefined ? {} : { bmc: { address: `10.20.1.${last}` } }),
  ...(mac === undefined ? {} : { interfaces: [{ mac }] }),
});
const names = (machines: readonly DiscoveredMachine[]): (string | undefined)[] =>
  machines.map((one) => one.host);
const said = (found: ReturnType<typeof assignHosts>): string[] =>
  found.findings.map(({ severity, code, message }) => `${severity} ${code}: ${message}`);

describe('which machine is which host', () => {
  it('goes by serial number or service tag, whatever its case, and has nothing to say when all agrees', () => {
    const found = assignHosts(
      [host('node-1', 'abc1234', 11), host('node-2', 'S51A41C032', 12)],
      [machine(11, { serial: 'CNFCP00123', sku: 'ABC1234' }), machine(12, { serial: 'S51A41C032' })],
    );
    expect(names(found.machines)).toEqual(['node-1', 'node-2']);
    expect(found.findings).toEqual([]);
  });

  it('goes by MAC address and then by the listed address where no serial is planned', () => {
    const found = assignHosts(
      [host('node-1', undefined, undefined, '02:00:5E:00:00:11'), host('node-2', undefined, 12)],
      [machine(12, { serial: 'B' }), machine(30, { serial: 'A', macs: ['02:00:5e:00:00:11'] })],
    );
    expect(names(found.machines)).toEqual(['node-2', 'node-1']);
    expect(found.findings).toEqual([]);
  });

  it('knows a BMC by its port, too', () => {
    const planned = [8001, 8002].map((port) => ({
      name: `node-${port}`,
      bmc: { address: '127.0.0.1', port },
    }));
    const machines = [8002, 8001].map((port) => ({ ...machine(1), bmc: `https://127.0.0.1:${port}` }));
    expect(names(assignHosts(planned, machines).machines)).toEqual(['node-8002', 'node-8001']);
  });

  it('says that two BMCs are swapped, from both sides', () => {
    const found = assignHosts(
      [host('node-1', 'AAA1111', 11), host('node-3', 'CCC3333', 13)],
      [
        machine(11, { serial: 'CCC3333', manufacturer: 'Dell Inc.', model: 'PowerEdge R750' }),
        machine(13, { serial: 'AAA1111' }),
      ],
    );
    expect(names(found.machines)).toEqual(['node-3', 'node-1']);
    expect(said(found)).toEqual([
      'error host.swapped: The BMC listed for node-1 (10.20.1.11) is the machine with serial CCC3333 (Dell Inc. PowerEdge R750, BMC 10.20.1.11), planned for node-3; node-1 answers at 10.20.1.13.',
      'error host.swapped: The BMC listed for node-3 (10.20.1.13) is the machine with serial AAA1111 (BMC 10.20.1.13), planned for node-1; node-3 answers at 10.20.1.11.',
    ]);
  });

  it('says that a machine is another one, or only mistyped', () => {
    const found = assignHosts(
      [host('node-1', 'ABC1234', 11), host('node-2', 'XYZ9876', 12)],
      [machine(11, { serial: 'ABC1243' }), machine(12, { serial: 'QQQ0001' })],
    );
    expect(names(found.machines)).toEqual(['node-1', 'node-2']);
    expect(said(found)).toEqual([
      'error host.serial_differs: node-1 should have serial ABC1234, but the machine that answers at the address of its BMC has ABC1243, which differs by one slip of the pen.',
      'error host.serial_differs: node-2 should have serial XYZ9876, but the machine with serial QQQ0001 (BMC 10.20.1.12) answers at the address of its BMC.',
    ]);
  });

  it('names missing machines by name and strangers by serial, errors first', () => {
    const found = assignHosts(
      [host('node-10', 'J'), host('node-2', 'B', 12), host('node-3', 'C', 13), host('node-4', 'D', 14)],
      [
        machine(50, { serial: 'STRANGER1', model: 'X12' }),
        failed(
          12,
          'REDFISH_TIMEOUT',
          'BMC of node-2 (https://10.20.1.12) does not answer: the connection timed out.',
        ),
        failed(13, 'REDFISH_LOGIN_REFUSED', 'BMC of node-3 (https://10.20.1.13) does not let admin in.'),
        machine(14, { serial: 'J' }),
      ],
    );
    expect(names(found.machines)).toEqual([undefined, 'node-2', 'node-3', 'node-10']);
    expect(said(found)).toEqual([
      'error host.missing: node-2 was not found: BMC of node-2 (https://10.20.1.12) does not answer: the connection timed out.',
      'error host.unread: node-3 could not be read: BMC of node-3 (https://10.20.1.13) does not let admin in.',
      'error host.missing: node-4 (serial D) was not found; the BMC listed for it, 10.20.1.14, belongs to node-10.',
      'warning host.stranger: A machine with serial STRANGER1 (X12, BMC 10.20.1.50) was found, which the site file does not name.',
    ]);
    expect(found.findings.every(({ repair }) => (repair?.title ?? '') !== '')).toBe(true);
  });

  it('says that a machine answers at another address than the listed one, which is no stranger then', () => {
    const found = assignHosts(
      [host('node-1', 'A', 11)],
      [failed(11, 'REDFISH_REFUSED', 'Refused.'), machine(30, { serial: 'A' })],
    );
    expect(names(found.machines)).toEqual([undefined, 'node-1']);
    expect(said(found)).toEqual([
      'warning host.moved: node-1 answers at 10.20.1.30, not at the address listed for its BMC, 10.20.1.11.',
    ]);
  });

  it('does not take what makers leave in empty fields for a serial', () => {
    const found = assignHosts(
      [host('node-1', 'To be filled by O.E.M.', 11), host('node-2', '0123456789', 12)],
      [machine(12, { serial: 'To Be Filled By O.E.M.' }), machine(11, { serial: '0123456789' })],
    );
    expect(names(found.machines)).toEqual(['node-2', 'node-1']);
  });

  it('says when two BMCs claim one serial', () => {
    const found = assignHosts(
      [host('node-1', 'A', 11)],
      [machine(30, { serial: 'A' }), machine(11, { serial: 'A' })],
    );
    expect(names(found.machines)).toEqual(['node-1', 'node-1']);
    expect(said(found)).toEqual([
      'error host.duplicate: Two BMCs say that they are node-1: 10.20.1.11 and 10.20.1.30 both tell the serial of the machine with serial A (BMC 10.20.1.30).',
    ]);
  });

  it('cannot find a host of which nothing is known, and says so mildly', () => {
    expect(said(assignHosts([host('node-1')], []))).toEqual(['warning host.missing: node-1 was not found.']);
  });
});

describe('machines with two addresses', () => {
  const uuid = '11111111-2222-3333-4444-555555555555';

  it('leaves out the second, by serial and UUID', () => {
    const kept = dropDuplicates(
      [machine(11, { serial: 'A', uuid })],
      [machine(30, { serial: 'A', uuid }), machine(31, { serial: 'B', uuid })],
    );
    expect(kept.map(({ bmc }) => bmc)).toEqual(['https://10.20.1.11', 'https://10.20.1.31']);
  });

  it('goes by UUID and ports where there is no serial, and never by empty values', () => {
    const macs = ['02:00:5e:00:00:11'];
    const zero = '00000000-0000-0000-0000-000000000000';
    const serial = 'Default string';
    expect(dropDuplicates([], [machine(1, { uuid, macs }), machine(2, { uuid, macs })])).toHaveLength(1);
    expect(
      dropDuplicates([], [machine(1, { uuid: zero, serial }), machine(2, { uuid: zero, serial })]),
    ).toHaveLength(2);
  });

  it('keeps both when both are listed: that is a finding, not a duplicate', () => {
    expect(dropDuplicates([machine(1, { serial: 'A' }), machine(2, { serial: 'A' })], [])).toHaveLength(2);
  });
});
