import { describe, expect, it } from 'vitest';
import { explainFailures, type FailureInput } from '../../src/failures/index.ts';
import { shippedCatalogue } from './failures-texts.ts';

const catalogue = shippedCatalogue();
const names = {
  run: 'r1',
  site: 'plant-7',
  at: '2026-11-21T02:00:00Z',
  version: '0.1.0',
  addresses: { 'deployment-vm': '10.20.0.10' },
};

/** A failure of a task on a host of stage rke2, as the runner reports it. */
function failure(host: string, task: string, message: string): FailureInput {
  const where = { stage: 'rke2', task, host, runs_on: 'deployment-vm' };
  return { what: `Task "${task}" failed on ${host}.`, where, message, evidence: [] };
}

describe('the failures of a stage', () => {
  it('with one cause on many hosts are one record that names the hosts', () => {
    const hosts = Array.from({ length: 20 }, (_, at) => `node-${at + 1}`);
    const records = explainFailures(
      hosts.map((host) => failure(host, 'Copy images', `write /var/lib/x-${host}: no space left on device`)),
      catalogue,
      names,
    );
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      why: { key: 'storage.disk_full' },
      where: { host: hosts.join(', ') },
    });
    expect(records[0]?.what).toBe(
      'Task "Copy images" failed on node-1. The same happened 19 times more: node-1, node-2, node-3, node-4, node-5, node-6 and 14 more.',
    );
    expect(records[0]?.request).toContain('19 times more');
  });

  it('are told under the one that brought them about', () => {
    const records = explainFailures(
      [
        failure('node-2', 'Install chrony', 'E: Unable to locate package chrony'),
        failure(
          'node-1',
          'Update lists',
          'W: Failed to fetch http://10.20.0.10/debian/InRelease  Could not connect to 10.20.0.10:80 (10.20.0.10). - connect (111: Connection refused)',
        ),
      ],
      catalogue,
      names,
    );
    expect(records.map(({ why }) => why.key)).toEqual(['repo.unreachable']);
    expect(records[0]?.why.chain).toEqual([
      'Task "Install chrony" failed on node-2. The package chrony is in none of the repositories.',
    ]);
  });

  it('that have nothing to do with each other stay apart, the unknown last', () => {
    const records = explainFailures(
      [
        failure('node-1', 'Check', 'Assertion failed'),
        failure('node-2', 'Check', 'Assertion failed'),
        failure('node-3', 'Ping', 'sudo: a password is required'),
      ],
      catalogue,
      names,
    );
    expect(records.map(({ why, where }) => [why.key, where.host])).toEqual([
      ['sudo.password_missing', 'node-3'],
      [null, 'node-1, node-2'],
    ]);
  });

  it('that checks found by themselves stay apart: a full disk takes no bridge away', () => {
    const records = explainFailures(
      ['PREFLIGHT_DISK', 'PREFLIGHT_BRIDGE'].map((code) => ({ ...failure('kvm-host', code, 'seen'), code })),
      catalogue,
      names,
    );
    expect(records.map(({ why }) => why.key)).toEqual(['storage.disk_full', 'libvirt.bridge_missing']);
  });

  it('of one output name the root, and what followed it as its chain', () => {
    const text = `Permissions 0644 for '/k' are too open.\nroot@10.20.0.7: Permission denied (publickey).`;
    const [record] = explainFailures([failure('node-1', 'Connect', text)], catalogue, names);
    expect(record?.why).toMatchObject({
      key: 'ssh.key_permissions',
      chain: ['The machine refuses the user name, the password or the key.'],
    });
  });

  it('carry addresses and ports into the request', () => {
    const text =
      '<urlopen error [Errno 113] No route to host> at https://10.20.0.40:8443/api/JobService/Jobs';
    const [record] = explainFailures([failure('ome', 'Ask OME', text)], catalogue, names);
    expect(record?.owner).toBe('customer-network');
    expect(record?.request).toContain(
      '10.20.0.40 cannot be reached from 10.20.0.10. Please open TCP port 8443',
    );
  });
});
