import { expect, test } from 'vitest';
import { editText, siteDocument } from '../../src/site/index.ts';
import { readCell } from '../../renderer/wizard/hosts/cell.ts';
import { bulkSet, moveBlock, removeHosts } from '../../renderer/wizard/hosts/bulk.ts';
import { COLUMNS } from '../../renderer/wizard/hosts/columns.ts';
import { pasteEdits, planPaste } from '../../renderer/wizard/hosts/plan-paste.ts';
import { readTable, writeTable } from '../../renderer/wizard/hosts/read-table.ts';
import { LIST, TEXT } from '../../renderer/wizard/model/field.ts';
import { valueAt } from '../../renderer/wizard/model/paths.ts';
import type { SiteModel } from '../../renderer/wizard/types.ts';
import { SITE } from './site-example.ts';

const documentOf = (text: string) => siteDocument(text) as SiteModel['document'];
const idsOf = (pasted: string) => readTable(pasted).columns.map((column) => column?.id ?? null);

/** The text after all rows that can be taken are taken. */
function taken(text: string, pasted: string): string {
  const table = readTable(pasted);
  return editText(text, pasteEdits(documentOf(text), table, planPaste(documentOf(text), table)));
}

test.each([
  ['tabs', 'Name\tService Tag\tiDRAC IP\tMAC address\nnode-3\tX\t10.20.1.13\t02:00:5E:00:00:31'],
  ['commas', 'host name,serial_number,bmc_address,nic1_mac\nnode-3,X,10.20.1.13,0200.5e00.0031'],
  [
    'semicolons and quotes',
    '"Server";"S/N";"iLO IP";"NIC 1 MAC"\r\n"node-3";"X";"10.20.1.13";"02-00-5e-00-00-31"',
  ],
])('columns are known by their headings, with %s', (_, pasted) => {
  expect(idsOf(pasted)).toEqual(['name', 'serial', 'bmc_address', 'nic1_mac']);
  expect(documentOf(taken(SITE, pasted))?.['hosts']).toContainEqual({
    ...{ name: 'node-3', serial: 'X', bmc: { address: '10.20.1.13' } },
    interfaces: [{ name: 'nic1', mac: '02:00:5E:00:00:31' }],
  });
});

test('without a heading the columns have their usual order, and the first row is a host', () => {
  const table = readTable('node-3\tABC1236\trke2-agent\t10.20.1.13');
  expect(table.header).toBeNull();
  expect(planPaste(documentOf(SITE), table)).toMatchObject([{ what: 'add', name: 'node-3' }]);
});

test('a column of passwords is never taken, whatever it is called', () => {
  const table = readTable('name,bmc password,Passphrase\nnode-3,calvin,opensesame');
  expect(table.secrets).toEqual(['bmc password', 'Passphrase']);
  expect(taken(SITE, 'name,bmc password\nnode-3,calvin')).not.toContain('calvin');
});

test('each row says what it will do and what is wrong with it', () => {
  const table = readTable(
    [
      'name,serial,bmc address,mac',
      'node-1,ABC1234,10.20.1.11,02:00:5E:00:00:11',
      'node-2,OTHER,,',
      ',ABC1234,10.20.1.99,',
      'Node_9,,10.20.1.300,zz',
      'node-5,,,',
      'node-5,,,',
    ].join('\n'),
  );
  const rows = planPaste(documentOf(SITE), table);
  expect(rows.map(({ what }) => what)).toEqual(['same', 'change', 'wrong', 'wrong', 'add', 'wrong']);
  expect(rows[2]?.wrong).toEqual(['node-1 stands twice in the table']);
  expect(rows[3]?.wrong).toEqual([
    'Name must be lower-case letters, digits and dashes',
    'BMC address must be an IPv4 address',
    'nic1 mac must be a MAC address of 12 hexadecimal digits',
  ]);
});

test('a known host keeps its comment and what the table does not say', () => {
  const commented = SITE.replace('serial: ABC1235', 'serial: ABC1235 # on the label');
  const text = taken(commented, 'name,serial,nic2 mac\nnode-2,NEW,02:00:5E:00:00:22');
  expect(text).toContain('serial: NEW # on the label');
  expect(text).toContain('profile: gpu-dense');
  expect(valueAt(documentOf(text), ['hosts', 1, 'interfaces', 1])).toEqual({
    name: 'nic2',
    mac: '02:00:5E:00:00:22',
  });
});

test('what is written out as CSV reads back as the same hosts', () => {
  const document = documentOf(SITE);
  const csv = writeTable(({ path, kind }) =>
    [0, 1].map((host) => (kind === 'list' ? LIST : TEXT).show(valueAt(document, ['hosts', host, ...path]))),
  );
  expect(planPaste(document, readTable(csv)).map(({ what }) => what)).toEqual(['same', 'same']);
  const without = editText(SITE, [{ op: 'set', path: ['hosts'], value: [] }]);
  expect(documentOf(taken(without, csv))?.['hosts']).toEqual(document?.['hosts']);
});

test('cells of any spelling become values of the site file', () => {
  expect(readCell(' 0200.5E00.0011 ', 'mac')).toEqual({ value: '02:00:5E:00:00:11' });
  expect(readCell('rke2-server; rke2-agent', 'list')).toEqual({ value: ['rke2-server', 'rke2-agent'] });
  expect(readCell('Node-1\u00a0', 'label')).toEqual({ value: 'node-1' });
  expect(readCell('10.20.0.256', 'address').wrong).toBeDefined();
  expect(readCell('', 'address')).toEqual({ value: undefined });
});

test('many hosts are set, moved and removed together', () => {
  const credential = COLUMNS.find(({ id }) => id === 'bmc_credential');
  if (credential === undefined) throw new Error('there is no such column');
  const set = editText(SITE, bulkSet(documentOf(SITE), [0, 1], credential, 'ilo'));
  expect(set.match(/credential: ilo/g)).toHaveLength(2);
  const names = (text: string) => (documentOf(text)?.['hosts'] as { name: string }[]).map(({ name }) => name);
  const four = taken(SITE, 'name\nnode-3\nnode-4');
  const moved = moveBlock([1, 2], -1, 4);
  expect(names(editText(four, moved === null ? [] : [moved.edit]))).toEqual([
    'node-2',
    'node-3',
    'node-1',
    'node-4',
  ]);
  expect(moved?.selected).toEqual([0, 1]);
  expect(moveBlock([0, 2], 1, 4)).toBeNull();
  expect(moveBlock([3], 1, 4)).toBeNull();
  expect(names(editText(four, removeHosts([0, 2], 4)))).toEqual(['node-2', 'node-4']);
  expect(names(editText(four, removeHosts([0, 1, 2, 3], 4)))).toEqual([]);
});
