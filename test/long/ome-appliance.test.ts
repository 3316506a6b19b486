import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RemoteConnection } from '../../src/remote/index.ts';
import { apply, bringup, stageStatuses } from '../e2e/support/cli.ts';
import { changedSite, login, openLab } from '../e2e/support/lab.ts';
import { standInAppliance, STAND_IN_LOGIN } from '../e2e/support/stand-in-appliance.ts';

let home: string;
let kvmHost: RemoteConnection;
let site: string;
let store: readonly string[];

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'bringup-appliance-'));
  const [lab, image] = [await openLab(home), await standInAppliance()];
  kvmHost = await login('198.18.20.5', lab.credentials['lab/kvm-host']!);
  const passphrase = path.join(home, 'passphrase');
  await writeFile(passphrase, 'of-a-test-that-keeps-nothing');
  store = ['--credential-store', 'file', '--passphrase-file', passphrase];
  const { username, password } = STAND_IN_LOGIN;
  const set = ['credentials', 'set', 'stand-in', '--username', username, '--stdin'];
  expect((await bringup([...store, ...set], home, password)).code).toBe(0);
  // Another test may have left a deployment VM of another image.
  expect((await apply(['apply', lab.siteFile, '--destroy'], home)).code).toBe(0);
  const ome = { mode: 'deploy', address: '198.18.20.40', credential: 'stand-in', image };
  // It needs little of what the real one does.
  const small = { cpus: 1, memory_mib: 768, wait_minutes: 15 };
  site = await changedSite(lab, { 'parameters.ome': { ...ome, ...small } });
});

afterAll(async () => {
  await apply([...store, 'apply', site, '--destroy'], home);
  kvmHost?.close();
  await rm(home, { recursive: true, force: true });
});

describe('the appliance of OpenManage Enterprise, as a stand-in with the simulated API', () => {
  it('boots on the KVM host, gets its address by the DHCP of the site, and is taken over by its first certificate', async () => {
    const applied = await apply([...store, 'apply', site, '--until', 'ome'], home);
    expect(applied.failures).toEqual([]);
    expect(stageStatuses(applied)).toMatchObject({ 'ome-appliance': 'changed', ome: 'ok' });
    expect((await kvmHost.sudo('virsh domstate lab.ome')).stdout.trim()).toBe('running');
    const pin = (await kvmHost.sudo('cat /var/lib/bringup/sites/lab/ome/certificate')).stdout.trim();
    expect(JSON.stringify(applied.events)).toContain(`its certificate has the SHA-256 ${pin}`);
  });

  it('is left as it is by the next run, and goes with the site', async () => {
    const again = await apply([...store, 'apply', site, '--until', 'ome'], home);
    expect(stageStatuses(again)).toMatchObject({ 'ome-appliance': 'ok', ome: 'ok' });
    const destroyed = await apply([...store, 'apply', site, '--destroy'], home);
    expect(destroyed.code).toBe(0);
    const left = await kvmHost.sudo("sh -c 'virsh list --all --name; ls /var/lib/libvirt/images'");
    expect(left.stdout).not.toContain('lab.ome');
  });
});
