import { describe, expect, it } from 'vitest';
import type { HardwareSnapshot } from '../../src/contract/hardware.ts';
import { disksOf, profileOf, snapshotOf } from './profiles-example.ts';

type Changes = Partial<HardwareSnapshot>;

/** `yes`, `no` or `unseen`, what is wanted and what is seen, for one rule held against a machine. */
function hold(rule: string, changes: Changes = {}): readonly [truth: string, wanted: string, seen: string] {
  const [compiled] = profileOf('one-rule', `[${rule}]`).rules;
  const subject = { snapshot: snapshotOf(changes) };
  return [compiled!.test(subject), compiled!.wanted, compiled!.see(subject)];
}

const hardDisks: Changes = { disks: disksOf([2, 'ssd', 480], [4, 'hdd', 8000]) };
const gap = (what: string): Changes => ({
  gaps: [{ what, uri: '/redfish/v1/x', reason: 'It answered 503.' }],
});

describe('a rule on one value', () => {
  it.each<[string, Changes, string, string, string]>([
    ['{field: cpu.cores, at_least: 24}', {}, 'yes', 'at least 24', '32'],
    ['{field: memory.total_gib, at_most: 128}', {}, 'no', 'at most 128 GiB', '256 GiB'],
    ['{field: cpu.count, between: [1, 2]}', {}, 'yes', 'between 1 and 2', '2'],
    ['{field: manufacturer, is: dell inc.}', {}, 'yes', 'dell inc.', 'Dell Inc.'],
    ['{field: manufacturer, not: HPE}', {}, 'yes', 'not HPE', 'Dell Inc.'],
    ['{field: model, like: "PowerEdge R?50*"}', {}, 'yes', 'like PowerEdge R?50*', 'PowerEdge R650'],
    ['{field: model, not: {like: "*R650"}}', {}, 'no', 'not like *R650', 'PowerEdge R650'],
    [
      '{field: model, one_of: [PowerEdge R750, PowerEdge R650]}',
      {},
      'yes',
      'PowerEdge R750 or PowerEdge R650',
      'PowerEdge R650',
    ],
    ['{field: bios.version, version_at_least: 1.10.0}', {}, 'no', 'version 1.10.0 or later', '1.8.2'],
    ['{field: bios.attributes.BootMode, is: uefi}', {}, 'yes', 'uefi', 'Uefi'],
    ['{field: cpu.architecture, is: amd64}', {}, 'yes', 'x86_64', 'x86_64'],
    ['{field: cpu.model, like: "*gold*"}', {}, 'yes', 'like *gold*', 'Xeon Gold 6326'],
  ])('%s', (rule, changes, ...expected) => {
    expect(hold(rule, changes)).toEqual(expected);
  });

  it.each<[string, string]>([
    ['{field: cpu.flags, has: [avx2]}', 'not seen: the BMC does not tell cpu.flags'],
    ['{field: sku, not: ABC}', 'not seen: the BMC does not tell sku'],
    ['{field: boot.secure_boot, is: false}', 'not seen: the BMC does not tell boot.secure_boot'],
    [
      '{field: bios.attributes.ProcVirtualization, is: Enabled}',
      'not seen: the BMC does not tell bios.attributes.ProcVirtualization',
    ],
    ['{field: os.name, is: debian}', 'not seen: the BMC does not tell os.name'],
  ])('%s is never met by what the BMC does not tell', (rule, seen) => {
    const [truth, , words] = hold(rule);
    expect([truth, words]).toEqual(['unseen', seen]);
  });

  it('takes zero processors and no memory for a BMC that does not tell', () => {
    const silent: Changes = { memory: { total_gib: 0, dimms: [] } };
    expect(hold('{field: memory.total_gib, at_most: 128}', silent)[0]).toBe('unseen');
  });

  it('may ask whether the BMC tells it at all', () => {
    expect(hold('{field: cpu.flags, exists: false}')[0]).toBe('yes');
    expect(hold('{field: cpu.model, exists: true}')[0]).toBe('yes');
  });

  it('does not compare firmware of two families', () => {
    const hpe: Changes = { bios: { version: 'A42 v2.60 (08/11/2022)', attributes: {}, pending: {} } };
    expect(hold('{field: bios.version, version_at_least: U30 v2.00}', hpe)).toEqual([
      'unseen',
      'version U30 v2.00 or later',
      'A42 v2.60 (08/11/2022), which cannot be compared',
    ]);
    expect(hold('{field: bios.version, version_at_least: A42 v2.60}', hpe)[0]).toBe('yes');
  });
});

describe('a rule on a list', () => {
  it.each<[string, Changes, string, string, string]>([
    [
      '{field: disks, where: {kind: hdd, size_gb: {at_least: 4000}}, count: {at_least: 4}}',
      hardDisks,
      'yes',
      'at least 4 disks with kind hdd and size at least 4000 GB',
      '4 of 6 fit: 2 x ssd 480 GB, 4 x hdd 8000 GB',
    ],
    [
      '{field: disks, where: {kind: nvme}}',
      hardDisks,
      'no',
      'at least 1 disk with kind nvme',
      '0 of 6 fit: 2 x ssd 480 GB, 4 x hdd 8000 GB',
    ],
    [
      '{field: disks, where: {kind: hdd}, sum: size_gb, at_least: 30000}',
      hardDisks,
      'yes',
      'disks with kind hdd, together size at least 30000 GB',
      '32000 GB in 4 of 6: 2 x ssd 480 GB, 4 x hdd 8000 GB',
    ],
    ['{field: accelerators, count: 0}', {}, 'yes', 'no accelerators', 'no accelerators'],
    ['{field: disks, count: 2}', {}, 'yes', '2 disks', '2 x ssd 480 GB'],
    [
      '{field: disks, where: {health: {not: OK}}, count: 0}',
      {},
      'yes',
      'no disks with health not OK',
      '0 of 2 fit: 2 x ssd 480 GB',
    ],
  ])('%s', (rule, changes, ...expected) => {
    expect(hold(rule, changes)).toEqual(expected);
  });

  const someUnknown: Changes = { disks: disksOf([2, 'ssd', 480], [2, 'unknown', 480]) };

  it('is not decided by parts of which the BMC does not tell enough', () => {
    expect(hold('{field: disks, where: {kind: ssd}, count: {at_least: 2}}', someUnknown)[0]).toBe('yes');
    expect(hold('{field: disks, where: {kind: ssd}, count: {at_least: 5}}', someUnknown)[0]).toBe('no');
    expect(hold('{field: disks, where: {kind: hdd}, count: 0}', someUnknown)[0]).toBe('unseen');
    // Two or four would do, but it may be three.
    expect(hold('{field: disks, where: {kind: ssd}, count: {not: 3}}', someUnknown)[0]).toBe('unseen');
    expect(hold('{field: disks, where: {kind: ssd}, count: {at_least: 3}}', someUnknown)).toEqual([
      'unseen',
      'at least 3 disks with kind ssd',
      '2 of 4 fit, 2 more may (kind not told): 2 x ssd 480 GB, 2 x 480 GB',
    ]);
  });

  it('is not decided by what discovery could not read', () => {
    expect(hold('{field: accelerators, count: 0}', gap('PCIe cards'))).toEqual([
      'unseen',
      'no accelerators',
      'not seen: no accelerators; not all was seen: It answered 503.',
    ]);
    expect(hold('{field: disks, count: {at_least: 2}}', gap('storage'))[0]).toBe('yes');
    expect(hold('{field: disks, count: 2}', gap('storage'))[0]).toBe('unseen');
    expect(hold('{field: disks, count: 2}', gap('sessions'))[0]).toBe('yes');
  });
});

describe('a group', () => {
  const none = '{none: [{field: manufacturer, is: HPE}, {field: accelerators, count: {at_least: 1}}]}';

  it('any is met by one of its rules and says them all', () => {
    expect(hold('{any: [{field: cpu.count, is: 1}, {field: cpu.cores, at_least: 32}]}')).toEqual([
      'yes',
      'cpu.count 1 or cpu.cores at least 32',
      'cpu.count 2; cpu.cores 32',
    ]);
  });

  it('any is open while the rule that could meet it is not seen', () => {
    expect(hold('{any: [{field: cpu.count, is: 1}, {field: cpu.flags, has: [avx2]}]}')[0]).toBe('unseen');
  });

  it('none is met when nothing in it holds, and open when something in it is not seen', () => {
    expect(hold(none)[0]).toBe('yes');
    expect(hold(none, { manufacturer: 'HPE' })[0]).toBe('no');
    expect(hold(none, gap('PCIe cards'))[0]).toBe('unseen');
  });

  it('all stands for its rules together', () => {
    expect(hold('{all: [{field: cpu.count, is: 2}, {field: cpu.cores, is: 32}]}')[0]).toBe('yes');
    expect(hold('{all: [{field: cpu.count, is: 2}, {field: cpu.cores, is: 31}]}')[0]).toBe('no');
  });
});
