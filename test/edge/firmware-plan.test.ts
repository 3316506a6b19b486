import { expect, it } from 'vitest';
import { callModule } from './playbooks-ansible.ts';

const NODES = ['node-1', 'node-2'] as const;

it('plans nothing for a server that the run goes on without', async () => {
  const hosts = [true, false].map((takes_part, index) => ({
    name: NODES[index],
    serials: [`OME000${index + 1}`],
    takes_part,
  }));
  const devices = { value: [1, 2].map((Id) => ({ Id, DeviceServiceTag: `OME000${Id}`, PowerState: 17 })) };
  const part = { Name: 'BIOS', SourceName: 'b', CurrentVersion: '1', Version: '2', UpdateAction: 'UPGRADE' };
  const reports = [1, 2].map((DeviceId) => ({ DeviceId, ComponentComplianceReports: [part] }));
  const sets = [{ profile: 'compute', baseline: 'b', components: [], hosts: ['node-1', 'node-2'] }];
  const { waves, updates } = await callModule('bringup_fw_plan', { hosts, devices, sets, reports });
  expect(waves).toMatchObject([{ baseline: 'b', hosts: [{ name: 'node-1', restart: true, power: 'On' }] }]);
  expect(Object.keys(updates as object)).toEqual(['node-1', 'node-2']);
});
