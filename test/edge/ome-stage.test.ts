import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeCertificate } from '../../main/lab/bmc/index.ts';
import { startOmeStageRig, type OmeStageRig } from './ome-stage-rig.ts';

// Whole playbooks, which take their time on a machine that has other work.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

const GROUP = 'bringup plant-7 compute';
const WRONG = 'not-the-password-of-the-last';
const DISCOVERY = '/api/DiscoveryConfigService/DiscoveryConfigGroups';

let rig: OmeStageRig;
beforeAll(async () => {
  rig = await startOmeStageRig();
});
afterAll(() => rig?.close());

describe('the stage ome', () => {
  it('takes over what is there, changes nothing and leaves no session', async () => {
    const done = await rig.play('ome.yml');
    expect(done, done.output).toMatchObject({ code: 0, changed: [], failed: {} });
    expect(rig.ome.stats()).toMatchObject({ failedLogins: 0, openSessions: 0 });
    expect(done.output).not.toContain(rig.ome.login.password);
  });

  it('tries a wrong password once and never again', async () => {
    const done = await rig.play('ome.yml', { ome: 'not-the-password-of-ome' });
    expect(done.causes).toEqual({ deploy: 'ome.login_refused' });
    expect(rig.ome.stats().failedLogins).toBe(1);
  });

  it('reaches an appliance by its pin alone where its certificate is for another name', async () => {
    const other = await startOmeStageRig({ tls: await makeCertificate(['factory.example']) });
    try {
      const done = await other.play('ome.yml');
      expect(done, done.output).toMatchObject({ code: 0, changed: [], failed: {} });
    } finally {
      await other.close();
    }
  });
});

describe('the stage ome-discovery', () => {
  it('changes nothing in check mode', async () => {
    const checked = await rig.play('ome-discovery.yml', {}, '--check', '--skip-tags=acceptance');
    expect(checked, checked.output).toMatchObject({ code: 0, failed: {} });
    expect(rig.ome.state()).toMatchObject({ devices: [], discoveries: [] });
  });

  it('fails with its cause where OME goes away halfway', async () => {
    rig.ome.setFaults([{ kind: 'unavailable', path: DISCOVERY, after: 1 }]);
    const broken = await rig.play('ome-discovery.yml');
    expect(broken.causes).toEqual({ deploy: 'ome.unavailable' });
    rig.ome.setFaults([]);
  });

  it('goes on then; a BMC that is off and one that refuses fail alone, each tried once', async () => {
    const [, , off, last] = rig.bmcs;
    await off.setFaults([{ kind: 'reset' }]);
    // Away for one look at the job, which goes on there.
    rig.ome.setFaults([{ kind: 'away', path: '/api/JobService/Jobs(', times: 1 }]);
    const done = await rig.play('ome-discovery.yml', { lastBmc: WRONG });
    expect(done.causes, done.output).toEqual({ 'node-3': 'ome.bmc_silent', 'node-4': 'ome.bmc_refused' });
    expect(last.stats().failedLogins).toBe(1);
    const { devices } = await rig.record();
    expect(devices).toMatchObject({
      'node-1': { service_tag: 'OME0001', group: GROUP },
      'node-2': { service_tag: 'OME0002', group: GROUP },
    });
    expect(Object.keys(devices)).toHaveLength(2);
    expect(done.output).not.toContain(WRONG);
  });

  it('finds the others once they are mended', async () => {
    await rig.bmcs[2].setFaults([]);
    const done = await rig.play('ome-discovery.yml');
    expect(done, done.output).toMatchObject({ code: 0, failed: {} });
    const { devices, groups } = rig.ome.state();
    const group = groups.find(({ name }) => name === GROUP);
    expect(group?.devices).toEqual(expect.arrayContaining(devices.map(({ id }) => id)));
    expect(devices).toHaveLength(4);
  });

  it('changes nothing the second time, and its acceptance test stands alone', async () => {
    const again = await rig.play('ome-discovery.yml');
    expect(again, again.output).toMatchObject({ code: 0, changed: [], failed: {} });
    rig.ome.state().groups.forEach((group, index, all) => {
      if (group.name === GROUP) (all as unknown[])[index] = { ...group, devices: group.devices.slice(1) };
    });
    const verified = await rig.play('ome-discovery.yml', {}, '--tags=acceptance');
    expect(verified).toMatchObject({ changed: [], causes: { 'node-1': 'ome.device_missing' } });
    expect(rig.ome.stats().openSessions).toBe(0);
  });
});
