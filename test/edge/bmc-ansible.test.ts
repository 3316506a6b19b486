import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BmcSimulator, type SimulatedBmc, createBmcSimulator } from '../../main/lab/bmc/index.ts';
import { callModule } from './playbooks-ansible.ts';

let simulator: BmcSimulator;
let bmc: SimulatedBmc;
let scratch: string;
let caPath: string;

beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'bringup-bmc-test-'));
  simulator = await createBmcSimulator({
    machines: [{ tls: 'own', identity: { serial: 'ANS0001' }, timings: { graceful: 0, restart: 0, job: 0 } }],
  });
  bmc = simulator.machines[0]!;
  caPath = path.join(scratch, 'ca.pem');
  await writeFile(caPath, bmc.certificate!.pem);
});

afterAll(async () => {
  await simulator.close();
  await rm(scratch, { recursive: true, force: true });
});

/** A module of dellemc.openmanage that speaks to an iDRAC, over https with the simulator's certificate verified. */
function idrac(module: string, parameters: Record<string, unknown>) {
  const { hostname, port } = new URL(bmc.url);
  return callModule(`dellemc.openmanage.${module}`, {
    idrac_ip: hostname,
    idrac_port: Number(port),
    idrac_user: bmc.login.username,
    idrac_password: bmc.login.password,
    ca_path: caPath,
    ...parameters,
  });
}

/** A Redfish module of dellemc.openmanage, verified as well. */
function openmanage(module: string, parameters: Record<string, unknown>) {
  return callModule(`dellemc.openmanage.${module}`, {
    baseuri: new URL(bmc.url).host,
    username: bmc.login.username,
    password: bmc.login.password,
    ca_path: caPath,
    ...parameters,
  });
}

/** A Redfish module of community.general, which never verifies. */
function general(module: string, parameters: Record<string, unknown>) {
  return callModule(`community.general.${module}`, {
    baseuri: new URL(bmc.url).host,
    username: bmc.login.username,
    password: bmc.login.password,
    ...parameters,
  });
}

describe('the real Ansible modules against a simulated iDRAC', () => {
  it('idrac_bios sets attributes with a reset and waits for the job; again, nothing changes', async () => {
    const parameters = {
      attributes: { SriovGlobalEnable: 'Enabled', AcPwrRcvryUserDelay: 150 },
      reset_type: 'force_restart',
    };
    const first = await idrac('idrac_bios', parameters);
    expect(first).toMatchObject({
      changed: true,
      status_msg: 'Successfully applied the BIOS attributes update.',
    });
    expect(bmc.state().bios).toMatchObject({ SriovGlobalEnable: 'Enabled', AcPwrRcvryUserDelay: 150 });
    expect(bmc.state().jobs.map(({ phase }) => phase)).toEqual(['completed']);
    const second = await idrac('idrac_bios', parameters);
    expect(second).toMatchObject({ changed: false, status_msg: 'No changes found to be applied.' });
  });

  it('idrac_bios refuses what the registry does not know', async () => {
    const refused = await idrac('idrac_bios', { attributes: { BootMode: 'Sideways', Nonsense: 'x' } });
    expect(refused).toMatchObject({ failed: true });
    expect(Object.keys(refused['invalid_attributes'] as object).sort()).toEqual(['BootMode', 'Nonsense']);
  });

  it('idrac_bios schedules for the next reset and clears it again', async () => {
    const staged = await idrac('idrac_bios', { attributes: { AssetTag: 'pending' }, apply_time: 'OnReset' });
    expect(staged).toMatchObject({ changed: true });
    expect(bmc.state().biosPending).toEqual({ AssetTag: 'pending' });
    expect(await idrac('idrac_bios', { clear_pending: true })).toMatchObject({ changed: true });
    expect(bmc.state().biosPending).toEqual({});
    expect(await idrac('idrac_bios', { clear_pending: true })).toMatchObject({ changed: false });
  });

  it('idrac_virtual_media inserts and ejects, each once', async () => {
    const insert = { virtual_media: [{ index: 1, insert: true, image: 'http://192.0.2.9/debian.iso' }] };
    const eject = { virtual_media: [{ index: 1, insert: false }] };
    const media = () => Object.values(bmc.state().media).map(({ image }) => image);
    expect(await idrac('idrac_virtual_media', insert)).toMatchObject({ changed: true });
    expect(media()).toEqual(['http://192.0.2.9/debian.iso']);
    expect(await idrac('idrac_virtual_media', insert)).toMatchObject({ changed: false });
    expect(await idrac('idrac_virtual_media', eject)).toMatchObject({ changed: true });
    expect(media()).toEqual([]);
    expect(await idrac('idrac_virtual_media', eject)).toMatchObject({ changed: false });
  });

  it('idrac_boot overrides the next boot and sees it set', async () => {
    const parameters = {
      boot_source_override_enabled: 'once',
      boot_source_override_target: 'pxe',
      reset_type: 'none',
    };
    const first = await idrac('idrac_boot', { ...parameters, job_wait: false });
    expect(first.failed ?? false, first.msg).toBe(false);
    expect(bmc.state().boot).toMatchObject({ enabled: 'Once', target: 'Pxe' });
    const second = await idrac('idrac_boot', { ...parameters, job_wait: false });
    expect(second).toMatchObject({ changed: false, msg: 'No changes found to be applied.' });
  });

  it('redfish_powerstate turns the machine off and on, each once', async () => {
    const off = { reset_type: 'ForceOff' };
    expect(await openmanage('redfish_powerstate', off)).toMatchObject({ changed: true });
    expect(bmc.state().power).toBe('Off');
    expect(await openmanage('redfish_powerstate', off)).toMatchObject({ changed: false });
    expect(await openmanage('redfish_powerstate', { reset_type: 'On' })).toMatchObject({ changed: true });
    expect(bmc.state().power).toBe('On');
  });

  it('redfish_firmware pushes an image and the version changes; again, it never looks and pushes once more', async ({
    skip,
  }) => {
    const hasLibrary = spawnSync('/usr/bin/python3', ['-c', 'import urllib3']).status === 0;
    skip(!hasLibrary, 'redfish_firmware needs python3-urllib3, which is not installed');
    const image = path.join(scratch, 'BIOS_7H3K0_1.9.2.EXE');
    await writeFile(image, 'not an image');
    const push = async () => {
      const pushed = await openmanage('redfish_firmware', { image_uri: image });
      expect(pushed.failed ?? false, pushed.msg).toBe(false);
      expect(pushed).toMatchObject({ changed: true });
      const { id } = pushed['task'] as { readonly id: string };
      return () => bmc.state().jobs.find((job) => job.id === id);
    };
    const first = await push();
    expect(first()).toMatchObject({ name: 'Firmware Update: BIOS', phase: 'scheduled' });
    const early = await push();
    expect(early()).toMatchObject({ phase: 'failed', message: 'A job for this device is already present.' });
    expect(bmc.state().firmware).toEqual({});
    await openmanage('redfish_powerstate', { reset_type: 'ForceRestart' });
    expect(first()).toMatchObject({ phase: 'completed' });
    expect(Object.values(bmc.state().firmware)).toEqual(['1.9.2']);
    const repeated = await push();
    expect(repeated()).toMatchObject({ phase: 'scheduled' });
    expect(Object.keys(bmc.state().uploads)).toEqual([
      '/redfish/v1/UpdateService/FirmwareInventory/Available-159-1.9.2',
    ]);
  });

  it('redfish_info reads every inventory', async () => {
    const commands = {
      Systems: [
        ...['GetSystemInventory', 'GetCpuInventory', 'GetMemoryInventory', 'GetNicInventory'],
        ...['GetStorageControllerInventory', 'GetDiskInventory', 'GetVolumeInventory', 'GetBiosAttributes'],
        ...['GetBootOrder', 'GetBootOverride', 'GetVirtualMedia', 'GetHealthReport'],
      ],
      Chassis: [
        'GetFanInventory',
        'GetPsuInventory',
        'GetChassisPower',
        'GetChassisThermals',
        'GetChassisInventory',
      ],
      Accounts: ['ListUsers'],
      Sessions: ['GetSessions'],
      Update: ['GetFirmwareInventory', 'GetFirmwareUpdateCapabilities', 'GetSoftwareInventory'],
      Manager: [
        'GetManagerNicInventory',
        'GetVirtualMedia',
        'GetNetworkProtocols',
        'GetManagerInventory',
        'GetLogs',
      ],
    };
    for (const [category, command] of Object.entries(commands)) {
      const {
        failed,
        msg,
        redfish_facts: facts,
      } = await general('redfish_info', { category: [category], command });
      expect(failed ?? false, `${category}: ${msg}`).toBe(false);
      const results = Object.entries(facts as Record<string, { ret: boolean }>);
      expect(
        results.filter(([, result]) => !result.ret),
        category,
      ).toEqual([]);
      expect(
        results.map(([name]) => name),
        category,
      ).toHaveLength(command.length);
    }
  });

  it('redfish_command boots once from the network and ejects media; redfish_config sets a BIOS attribute once', async () => {
    const boot = { category: 'Systems', command: 'SetOneTimeBoot', bootdevice: 'BiosSetup' };
    expect(await general('redfish_command', boot)).toMatchObject({ changed: true });
    expect(await general('redfish_command', boot)).toMatchObject({ changed: false });
    const power = { category: 'Systems', command: 'PowerForceRestart' };
    expect(await general('redfish_command', power)).toMatchObject({ changed: true });
    expect(bmc.state().boot).toMatchObject({ enabled: 'Disabled', target: 'None' });
    const bios = {
      category: 'Systems',
      command: 'SetBiosAttributes',
      bios_attributes: { ProcCStates: 'Disabled' },
    };
    expect(await general('redfish_config', bios)).toMatchObject({ changed: true });
    expect(bmc.state().biosPending).toEqual({ ProcCStates: 'Disabled' });
  });

  it('leaves no session behind and never failed to log in', () => {
    expect(bmc.stats()).toMatchObject({ openSessions: 0, failedLogins: 0 });
  });
});
