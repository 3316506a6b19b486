import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discoverTwo, omeClient } from './ome-client.ts';
import { BIOS_PACKAGE, OTHER_PACKAGE, packageXml } from '../../main/lab/simulated-catalog.ts';
import { type OmeRig, startOmeRig } from './ome-rig.ts';
import { type TaskResults, runOmePlaybook } from './ome-playbook.ts';
import type { ModuleResult } from './playbooks-ansible.ts';

let rig: OmeRig;
let scratch: string;
let discovery: TaskResults;
let groups: TaskResults;
let firmware: TaskResults;
let settings: TaskResults;
let profiles: TaskResults;

const CHANGED = { changed: true };
const UNCHANGED = { changed: false };

beforeAll(async () => {
  rig = await startOmeRig({ pageSize: 3 });
  scratch = await mkdtemp(path.join(tmpdir(), 'bringup-ome-packages-'));
  const packages = { right: path.join(scratch, 'right.EXE'), other: path.join(scratch, 'other.EXE') };
  await writeFile(packages.right, `MZ\0not a program\0${packageXml(BIOS_PACKAGE)}\0`);
  await writeFile(packages.other, `MZ\0not a program\0${packageXml(OTHER_PACKAGE)}\0`);
  await discoverTwo(rig, omeClient(rig.ome));
  // Mostly the modules sleep; the five touch nothing of one another that they look at.
  [discovery, groups, firmware, settings, profiles] = await Promise.all([
    runOmePlaybook('ome-discovery', rig.ome, rig.variables),
    runOmePlaybook('ome-groups', rig.ome, rig.variables),
    runOmePlaybook('ome-firmware', rig.ome, { ...rig.variables, packages }),
    runOmePlaybook('ome-settings', rig.ome, rig.variables),
    runOmePlaybook('ome-profiles', rig.ome, rig.variables),
  ]);
}, 180_000);

afterAll(async () => {
  await rig.close();
  await rm(scratch, { recursive: true, force: true });
});

/** A task that was let fail says why, in the module's words or in those of OME. */
function failureOf(result: ModuleResult): string {
  expect(result.failed).toBe(true);
  return `${result.msg ?? ''} ${JSON.stringify(result['error_info'] ?? result['job_info'] ?? '')}`;
}

/** The values in a collection that a module returned under a name. */
function valuesOf(result: ModuleResult, name: string): readonly Record<string, unknown>[] {
  return (result[name] as { readonly value: readonly Record<string, unknown>[] }).value;
}

describe('ome_discovery', () => {
  it('discovers one server, and says of the one with the wrong password that it failed', () => {
    const result = discovery('discover both, one with a wrong password');
    expect(failureOf(result)).toContain('Some IPs are not discovered.');
    expect(result['discovery_status']).toMatchObject({ Completed: ['127.0.0.3'], Failed: ['127.0.0.4'] });
    expect(rig.bmcs[3].stats().failedLogins).toBe(1);
  });

  it('discovers the other by the right password and its own certificate, and is removed once', () => {
    expect(discovery('discover the other with the right password')).toMatchObject(CHANGED);
    expect(rig.ome.state().devices.map(({ tag }) => tag)).toEqual(
      expect.arrayContaining(['OME0003', 'OME0004']),
    );
    expect(discovery('remove the discovery')).toMatchObject(CHANGED);
    expect(discovery('remove the discovery again')).toMatchObject(UNCHANGED);
  });
});

describe('ome_device_info', () => {
  it('refuses a wrong password', () => {
    expect(groups('log in with a wrong password').msg).toContain('401');
  });

  it('lists devices, all or by a filter', () => {
    const all = valuesOf(groups('list devices'), 'device_info');
    expect(all.map((device) => device['DeviceServiceTag'])).toEqual(
      expect.arrayContaining(['OME0001', 'OME0002']),
    );
    expect(valuesOf(groups('list a device by its tag'), 'device_info')).toMatchObject([
      { DeviceServiceTag: 'OME0001', Model: 'PowerEdge R750', Type: 1000, Status: 1000 },
    ]);
  });

  it('reads inventories and health', () => {
    const { device_info: info } = groups('read an inventory') as { device_info?: unknown };
    expect(info).toMatchObject({
      device_service_tag: {
        OME0001: {
          InventoryType: 'deviceSoftware',
          InventoryInfo: expect.arrayContaining([
            expect.objectContaining({
              DeviceDescription: 'TPM',
              InstanceId: expect.stringContaining('TPM.Integrated.1-1'),
            }),
          ]),
        },
      },
    });
    expect(groups('read an inventory that is not there')).toMatchObject({ device_info: [] });
    expect(groups('read the health')).toMatchObject({
      device_info: { device_service_tag: { OME0002: { '@odata.count': 7 } } },
    });
  });
});

describe('ome_groups and ome_device_group', () => {
  it('make and remove a group once, and say so before', () => {
    expect(groups('would make a group')).toMatchObject(CHANGED);
    expect(groups('make a group')).toMatchObject({ changed: true, group_status: { Name: 'rke2-servers' } });
    expect(groups('make a group again')).toMatchObject(UNCHANGED);
    expect(groups('remove the group')).toMatchObject(CHANGED);
    expect(groups('remove the group again')).toMatchObject(UNCHANGED);
  });

  it('refuse a parent that is not there, and to remove what every OME has', () => {
    expect(failureOf(groups('make a group below one that is not there'))).toContain('does not exist');
    expect(failureOf(groups('remove a group that every OME has'))).toContain('valid static device group');
  });

  it('put devices in and take them out, each once', () => {
    expect(groups('would add devices')).toMatchObject(CHANGED);
    expect(groups('add devices')).toMatchObject(CHANGED);
    expect(groups('add devices again')).toMatchObject(UNCHANGED);
    expect(groups('take a device out')).toMatchObject(CHANGED);
    expect(groups('take a device out again')).toMatchObject(UNCHANGED);
    expect(failureOf(groups('add a device that is not there'))).toContain('NOBODY1');
  });
});

describe('ome_job_info', () => {
  it('lists jobs over pages, by type, and refuses an unknown one', () => {
    const jobs = valuesOf(groups('list jobs'), 'job_info');
    expect(jobs.length).toBeGreaterThan(0);
    expect(new Set(jobs.map(({ Id }) => Id)).size).toBe(jobs.length);
    expect(failureOf(groups('read a job that is not there'))).toContain('404');
  });
});

describe('ome_firmware_catalog and ome_firmware_baseline', () => {
  it('read a catalog once, and say so before', () => {
    expect(firmware('would read a catalog')).toMatchObject(CHANGED);
    expect(firmware('read a catalog')).toMatchObject({
      changed: true,
      catalog_status: { Status: 'Completed', ManifestVersion: '26.11.01' },
    });
    expect(firmware('read a catalog again')).toMatchObject(UNCHANGED);
  });

  it('fail on a catalog that is not there, and make no baseline of it', () => {
    const missing = firmware('read a catalog that is not there');
    expect(failureOf(missing)).toContain('Failed');
    expect(missing).toMatchObject({ catalog_status: { Status: 'Failed' } });
    expect(failureOf(firmware('make a baseline of a catalog that could not be read'))).toContain(
      'Failed status',
    );
  });

  it('make a baseline once, and remove both in order', () => {
    expect(firmware('would make a baseline')).toMatchObject(CHANGED);
    expect(firmware('make a baseline')).toMatchObject({ changed: true, baseline_status: { Name: 'rack-1' } });
    expect(firmware('make a baseline again')).toMatchObject(UNCHANGED);
    expect(failureOf(firmware('remove a catalog that a baseline uses'))).toContain('with baseline');
    expect(firmware('remove the baseline')).toMatchObject(CHANGED);
    expect(firmware('remove the baseline again')).toMatchObject(UNCHANGED);
    expect(firmware('remove the catalogs')).toMatchObject(CHANGED);
    expect(firmware('remove the catalogs again')).toMatchObject(UNCHANGED);
  });
});

describe('ome_firmware and ome_firmware_baseline_compliance_info', () => {
  const actionsOf = (report: unknown): Record<string, string | undefined> => {
    const { ComponentComplianceReports: parts } = report as {
      readonly ComponentComplianceReports: readonly Record<string, string>[];
    };
    return Object.fromEntries(parts.map((part) => [part['Name'] ?? '', part['UpdateAction']]));
  };

  it('find BIOS and controller too old on both servers, and nothing known of the rest', () => {
    const reports = firmware('compliance before')['baseline_compliance_info'] as readonly unknown[];
    expect(reports).toHaveLength(2);
    for (const report of reports)
      expect(actionsOf(report)).toMatchObject({
        BIOS: 'UPGRADE',
        'Integrated Dell Remote Access Controller': 'UPGRADE',
        TPM: 'UNKNOWN',
      });
    expect(firmware('compliance of a device in no baseline')).toMatchObject({
      changed: false,
      msg: expect.stringContaining('not associated with a baseline'),
    });
  });

  it('update the one server that was named, once; its BMC has the new versions', () => {
    expect(firmware('would update')).toMatchObject({ msg: 'Changes found to be applied.' });
    expect(firmware('update')).toMatchObject(CHANGED);
    expect(firmware('wait for the update')).toMatchObject({ job_info: { LastRunStatus: { Id: 2060 } } });
    expect(firmware('update again')).toMatchObject(UNCHANGED);
    expect(Object.values(rig.bmcs[0].state().firmware).sort()).toEqual(['1.9.2', '6.10.30.00']);
    const [baseline] = firmware('compliance after')['baseline_compliance_info'] as readonly {
      readonly DeviceComplianceReports: readonly unknown[];
    }[];
    expect(actionsOf(baseline?.DeviceComplianceReports[0])).toMatchObject({ BIOS: 'EQUAL' });
  });

  it('refuse a package for another model, and install the right one', () => {
    expect(failureOf(firmware('update by a package for another model'))).toContain('not applicable');
    expect(firmware('update by a package')).toMatchObject(CHANGED);
    expect(firmware('wait for the package')).toMatchObject({ job_info: { LastRunStatus: { Id: 2060 } } });
    expect(Object.values(rig.bmcs[1].state().firmware)).toEqual(['1.9.2']);
  });
});

describe('ome_template and ome_template_info', () => {
  it('make a template of a server, change it by display names, import it, each once', () => {
    expect(settings('would make a template')).toMatchObject(CHANGED);
    expect(settings('make a template')).toMatchObject(CHANGED);
    expect(settings('make a template again')).toMatchObject(UNCHANGED);
    expect(settings('would change the template')).toMatchObject(CHANGED);
    expect(settings('change the template')).toMatchObject(CHANGED);
    expect(settings('change the template again')).toMatchObject(UNCHANGED);
    expect(settings('export the template')['Content']).toContain(
      '<Attribute Name="ProcCStates">Disabled</Attribute>',
    );
    expect(settings('import a template for compliance')).toMatchObject(CHANGED);
    expect(settings('import a template for compliance again')).toMatchObject(UNCHANGED);
    expect(failureOf(settings('import what is no template'))).toContain('Content');
    expect(settings('delete the template')).toMatchObject(CHANGED);
    expect(settings('delete the template again')).toMatchObject(UNCHANGED);
  });

  it('deploy it once, so that the BIOS of the other server is as it says', () => {
    expect(settings('would deploy')).toMatchObject(CHANGED);
    expect(settings('deploy')).toMatchObject(CHANGED);
    expect(settings('wait for the deployment')).toMatchObject({ job_info: { LastRunStatus: { Id: 2060 } } });
    expect(settings('deploy again')).toMatchObject(UNCHANGED);
    expect(rig.bmcs[1].state().bios).toMatchObject({ AcPwrRcvryUserDelay: 240 });
    expect(failureOf(settings('deploy to a device that is not there'))).toContain('4711');
  });
});

describe('ome_configuration_compliance_baseline', () => {
  it('holds servers against a template and narrows to one, each once', () => {
    expect(settings('make a compliance baseline of both')).toMatchObject({
      changed: true,
      compliance_status: { ConfigComplianceSummary: { NumberOfCritical: 2 } },
    });
    expect(settings('make a compliance baseline of both again')).toMatchObject(UNCHANGED);
    expect(settings('change the compliance baseline to one')).toMatchObject(CHANGED);
    expect(settings('change the compliance baseline to one again')).toMatchObject(UNCHANGED);
    expect(settings('remove the compliance baseline')).toMatchObject(CHANGED);
    expect(settings('remove the compliance baseline again')).toMatchObject(UNCHANGED);
  });

  it('sets right what differs, once', () => {
    expect(settings('remediate')).toMatchObject(CHANGED);
    expect(settings('remediate again')).toMatchObject(UNCHANGED);
    expect(rig.bmcs[1].state().bios).toMatchObject({ ProcCStates: 'Disabled' });
  });
});

describe('ome_profile', () => {
  it('makes and changes profiles', () => {
    expect(profiles('would make profiles')).toMatchObject(CHANGED);
    expect(profiles('make profiles')['profile_ids']).toHaveLength(2);
    expect(profiles('change a profile')).toMatchObject(CHANGED);
    expect(profiles('change a profile again')).toMatchObject(UNCHANGED);
  });

  it('assigns one to a free server, not to one that has another; takes it away and deletes it, each once', () => {
    expect(failureOf(profiles('assign a profile to a device that has one'))).toContain(
      'invalid for the given profile',
    );
    expect(profiles('assign a profile')).toMatchObject({ changed: true, job_id: expect.any(Number) });
    expect(profiles('assign a profile again')).toMatchObject(UNCHANGED);
    expect(rig.bmcs[0].state().bios).toMatchObject({ ProcTurboMode: 'Disabled' });
    expect(failureOf(profiles('delete an assigned profile'))).toContain('unassigned state');
    expect(profiles('unassign the profile')).toMatchObject(CHANGED);
    expect(profiles('unassign the profile again')).toMatchObject(UNCHANGED);
    expect(profiles('delete profiles')).toMatchObject(CHANGED);
    expect(profiles('delete a profile that is gone')).toMatchObject(UNCHANGED);
  });
});

it('left no session open, at OME or at a BMC', () => {
  expect(rig.ome.stats()).toMatchObject({ openSessions: 0, failedLogins: 1 });
  for (const bmc of rig.bmcs) expect(bmc.stats()).toMatchObject({ openSessions: 0 });
});
