import { describe, expect, it } from 'vitest';
import { NO_CAPTURES, sharedCapture, testMachine } from './bmc-machine.ts';

const SYSTEM = '/redfish/v1/Systems/System.Embedded.1';
const MANAGER = '/redfish/v1/Managers/iDRAC.Embedded.1';
const RESET = `${SYSTEM}/Actions/ComputerSystem.Reset`;
const SETTINGS = `${SYSTEM}/Bios/Settings`;
const ON_RESET = { '@Redfish.SettingsApplyTime': { ApplyTime: 'OnReset' } };

describe('power', () => {
  it('goes off at once by force, and only after a while gracefully', () => {
    const { ask, get, pass } = testMachine();
    expect(ask('POST', RESET, { ResetType: 'GracefulShutdown' }).status).toBe(204);
    expect(get(SYSTEM).PowerState).toBe('On');
    pass(10);
    expect(get(SYSTEM).PowerState).toBe('Off');
    ask('POST', RESET, { ResetType: 'On' });
    ask('POST', RESET, { ResetType: 'ForceOff' });
    expect(get(SYSTEM).PowerState).toBe('Off');
  });

  it('comes back by itself from a restart, with the time of its last reset', () => {
    const { ask, get, pass } = testMachine();
    ask('POST', RESET, { ResetType: 'GracefulRestart' });
    pass(11);
    expect(get(SYSTEM).PowerState).toBe('Off');
    pass(1);
    expect(get(SYSTEM)).toMatchObject({ PowerState: 'On', LastResetTime: '2026-11-21T12:00:12+00:00' });
  });

  it.each([
    [{}, 400, 'Base.1.12.ActionParameterMissing'],
    [{ ResetType: 'Explode' }, 400, 'Base.1.12.ActionParameterValueNotInList'],
    [{ ResetType: 'On' }, 409, 'Base.1.12.ResourceInUse'],
  ])('refuses %j', (body, status, id) => {
    const refused = testMachine().ask('POST', RESET, body);
    expect(refused.status).toBe(status);
    expect(refused.messages).toEqual([id]);
  });
});

describe('boot override', () => {
  it('is spent by the next boot when it is for once, and stays when it is continuous', () => {
    const { ask, get } = testMachine();
    const set = (enabled: string) =>
      ask('PATCH', SYSTEM, { Boot: { BootSourceOverrideEnabled: enabled, BootSourceOverrideTarget: 'Pxe' } });
    expect(set('Once').status).toBe(200);
    expect(get(SYSTEM).Boot).toMatchObject({
      BootSourceOverrideEnabled: 'Once',
      BootSourceOverrideTarget: 'Pxe',
    });
    ask('POST', RESET, { ResetType: 'ForceRestart' });
    expect(get(SYSTEM).Boot).toMatchObject({
      BootSourceOverrideEnabled: 'Disabled',
      BootSourceOverrideTarget: 'None',
    });
    set('Continuous');
    ask('POST', RESET, { ResetType: 'ForceRestart' });
    expect(get(SYSTEM).Boot).toMatchObject({
      BootSourceOverrideEnabled: 'Continuous',
      BootSourceOverrideTarget: 'Pxe',
    });
  });

  it('takes only what the system says it allows', () => {
    const refused = testMachine().ask('PATCH', SYSTEM, { Boot: { BootSourceOverrideTarget: 'Tape' } });
    expect(refused.messages).toEqual(['Base.1.12.PropertyValueNotInList']);
  });
});

describe('BIOS settings on an iDRAC', () => {
  it('wait for a boot, run as a job, and then hold', () => {
    const { ask, get, pass } = testMachine();
    const patched = ask('PATCH', SETTINGS, { Attributes: { SriovGlobalEnable: 'Enabled' }, ...ON_RESET });
    expect(patched.status).toBe(202);
    const id = patched.headers?.['Location']?.split('/').at(-1);
    const job = (): unknown => get(`${MANAGER}/Jobs/${id}`);
    expect(job()).toMatchObject({ JobState: 'Scheduled', JobType: 'BIOSConfiguration', PercentComplete: 0 });
    expect(get(SETTINGS).Attributes).toEqual({ SriovGlobalEnable: 'Enabled' });
    ask('POST', RESET, { ResetType: 'ForceRestart' });
    pass(15);
    expect(job()).toMatchObject({ JobState: 'Running', PercentComplete: 50 });
    expect(get(`${SYSTEM}/Bios`).Attributes.SriovGlobalEnable).toBe('Disabled');
    pass(15);
    expect(job()).toMatchObject({ JobState: 'Completed', PercentComplete: 100 });
    expect(get(`/redfish/v1/TaskService/Tasks/${id}`)).toMatchObject({
      TaskState: 'Completed',
      TaskStatus: 'OK',
    });
    expect(get(`/redfish/v1/JobService/Jobs/${id}`)).toMatchObject({ JobState: 'Completed' });
    expect(get(`${SYSTEM}/Bios`).Attributes.SriovGlobalEnable).toBe('Enabled');
    expect(get(SETTINGS).Attributes).toEqual({});
  });

  it('are staged without a job until one is made of them', () => {
    const { ask, get } = testMachine();
    expect(ask('PATCH', SETTINGS, { Attributes: { AssetTag: 'rack 3' } }).status).toBe(200);
    expect(get(`${MANAGER}/Jobs`).Members).toEqual([]);
    const made = ask('POST', `${MANAGER}/Jobs`, { TargetSettingsURI: SETTINGS });
    expect(made.headers?.['Location']).toMatch(/\/Managers\/iDRAC\.Embedded\.1\/Jobs\/JID_\d+$/);
    expect(ask('POST', `${MANAGER}/Jobs`, { TargetSettingsURI: SETTINGS }).messages).toEqual([
      'IDRAC.2.7.SYS011',
    ]);
  });

  it('are refused while a job holds them, and free again when the job is deleted', () => {
    const { ask, get } = testMachine();
    const { headers } = ask('PATCH', SETTINGS, { Attributes: { AssetTag: 'one' }, ...ON_RESET });
    const id = headers?.['Location']?.split('/').at(-1);
    expect(ask('PATCH', SETTINGS, { Attributes: { AssetTag: 'two' } }).messages).toEqual([
      'IDRAC.2.7.SYS011',
    ]);
    expect(ask('DELETE', `${MANAGER}/Jobs/${id}`).status).toBe(200);
    expect(get(SETTINGS).Attributes).toEqual({});
    expect(ask('PATCH', SETTINGS, { Attributes: { AssetTag: 'two' } }).status).toBe(200);
  });

  it.each([
    [{ NoSuchThing: 1 }, 'PropertyUnknown'],
    [{ SystemServiceTag: 'X' }, 'PropertyNotWritable'],
    [{ BootMode: 'Maybe' }, 'PropertyValueNotInList'],
    [{ BootMode: true }, 'PropertyValueTypeError'],
    [{ AcPwrRcvryUserDelay: 9999 }, 'PropertyValueOutOfRange'],
    [{ AcPwrRcvryUserDelay: '130' }, 'PropertyValueTypeError'],
  ])('must agree with the attribute registry: %j', (attributes, id) => {
    const { ask, get } = testMachine();
    const refused = ask('PATCH', SETTINGS, { Attributes: attributes });
    expect(refused.status).toBe(400);
    expect(refused.messages).toEqual([`Base.1.12.${id}`]);
    expect(get(SETTINGS).Attributes).toEqual({});
  });

  it('go back to the captured ones by ResetBios, with the log entry that says so', () => {
    const { machine, ask, get, pass } = testMachine();
    Object.assign(machine.state.bios, { SriovGlobalEnable: 'Enabled' });
    ask('POST', `${SYSTEM}/Bios/Actions/Bios.ResetBios`, {});
    ask('POST', RESET, { ResetType: 'ForceRestart' });
    pass(30);
    expect(get(`${SYSTEM}/Bios`).Attributes.SriovGlobalEnable).toBe('Disabled');
    const filter = encodeURIComponent("MessageId eq 'UEFI0157'");
    expect(get(`${MANAGER}/LogServices/Lclog/Entries?$filter=${filter}`).Members).toHaveLength(1);
  });
});

describe('BIOS settings on an iLO', () => {
  it('need no job: they apply at the next boot', ({ skip }) => {
    const { ask, get } = testMachine({
      capture: sharedCapture('hpe-dl385-gen10plus-v2') ?? skip(NO_CAPTURES),
    });
    const settings = '/redfish/v1/systems/1/bios/settings/';
    const patched = ask('PATCH', settings, { Attributes: { WorkloadProfile: 'LowLatency' } });
    expect(patched.messages).toEqual(['iLO.2.14.SystemResetRequired']);
    expect(get(settings).Attributes.WorkloadProfile).toBe('LowLatency');
    const before = get('/redfish/v1/Systems/1/Bios').Attributes.WorkloadProfile;
    expect(before).not.toBe('LowLatency');
    ask('POST', '/redfish/v1/Systems/1/Actions/ComputerSystem.Reset', { ResetType: 'ForceRestart' });
    expect(get('/redfish/v1/Systems/1/Bios').Attributes.WorkloadProfile).toBe('LowLatency');
  });
});

describe('job queue', () => {
  it('is emptied whole, but a running job only by force', () => {
    const { ask, get } = testMachine();
    const clear = (JobID: string) =>
      ask('POST', `${MANAGER}/Oem/Dell/DellJobService/Actions/DellJobService.DeleteJobQueue`, { JobID });
    ask('PATCH', SETTINGS, { Attributes: { AssetTag: 'x' }, ...ON_RESET });
    ask('POST', RESET, { ResetType: 'ForceRestart' });
    const [member] = get(`${MANAGER}/Jobs?$expand=*($levels=1)`).Members;
    expect(member.JobState).toBe('Running');
    expect(ask('DELETE', String(member['@odata.id'])).status).toBe(409);
    clear('JID_CLEARALL');
    expect(get(`${MANAGER}/Jobs`).Members).toHaveLength(1);
    clear('JID_CLEARALL_FORCE');
    expect(get(`${MANAGER}/Jobs`)).toMatchObject({ Members: [], 'Members@odata.count': 0 });
  });

  it('keeps a job running for ever, or lets it fail, by fault', () => {
    const { machine, ask, get, pass } = testMachine();
    machine.faults = [{ kind: 'job-stuck' }];
    ask('PATCH', SETTINGS, { Attributes: { AssetTag: 'x' }, ...ON_RESET });
    ask('POST', RESET, { ResetType: 'ForceRestart' });
    pass(86_400);
    const job = (): unknown => get(`${MANAGER}/Jobs?$expand=.`).Members[0];
    expect(job()).toMatchObject({ JobState: 'Running', PercentComplete: 99 });
    machine.faults = [{ kind: 'job-fails' }];
    expect(job()).toMatchObject({ JobState: 'Failed' });
    expect(get(`${SYSTEM}/Bios`).Attributes.AssetTag).toBe('');
  });
});

describe('virtual media', () => {
  const slot = `${SYSTEM}/VirtualMedia/1`;
  const insert = `${slot}/Actions/VirtualMedia.InsertMedia`;
  const eject = `${slot}/Actions/VirtualMedia.EjectMedia`;
  const image = 'http://10.0.0.1/debian.iso';

  it('is inserted once and ejected once', () => {
    const { ask, get } = testMachine();
    expect(ask('POST', insert, { Image: image }).status).toBe(204);
    expect(get(slot)).toMatchObject({
      Inserted: true,
      Image: image,
      ImageName: 'debian.iso',
      ConnectedVia: 'URI',
    });
    expect(ask('POST', insert, { Image: image }).messages).toEqual(['IDRAC.2.7.VRM0012']);
    expect(ask('POST', eject, {}).status).toBe(204);
    expect(get(slot)).toMatchObject({ Inserted: false, Image: null, ConnectedVia: 'NotConnected' });
    expect(ask('POST', eject, {}).status).toBe(400);
  });

  it('sticks by fault: refused, or a success that changes nothing', () => {
    const { machine, ask, get } = testMachine();
    ask('POST', insert, { Image: image });
    machine.faults = [{ kind: 'media-stuck', how: 'refused' }];
    expect(ask('POST', eject, {}).status).toBe(500);
    machine.faults = [{ kind: 'media-stuck', how: 'ignored' }];
    expect(ask('POST', eject, {}).status).toBe(204);
    expect(get(slot).Inserted).toBe(true);
  });
});

describe('firmware', () => {
  const update = '/redfish/v1/UpdateService/Actions/UpdateService.SimpleUpdate';
  const bios = '/redfish/v1/UpdateService/FirmwareInventory/Installed-159-1.8.2__BIOS.Setup.1-1';

  it('of the BIOS changes with the next boot, and with it what the system says', () => {
    const { ask, get, pass } = testMachine();
    const started = ask('POST', update, {
      ImageURI: 'http://10.0.0.1/BIOS_7H3K0_LN64_1.9.2.BIN',
      TransferProtocol: 'HTTP',
    });
    expect(started.status).toBe(202);
    pass(60);
    expect(get(started.headers?.['Location'] ?? '').TaskState).toBe('Pending');
    ask('POST', RESET, { ResetType: 'ForceRestart' });
    pass(30);
    expect(get(bios).Version).toBe('1.9.2');
    expect(get(SYSTEM).BiosVersion).toBe('1.9.2');
  });

  it('of the BMC needs no boot; an image that fits nothing fails its job', () => {
    const { ask, get, pass } = testMachine();
    ask('POST', update, { ImageURI: 'http://10.0.0.1/iDRAC-with-Lifecycle-Controller_7.10.30.00.EXE' });
    const wrong = ask('POST', update, { ImageURI: 'http://10.0.0.1/holiday-pictures-1.2.zip' });
    pass(30);
    expect(get(MANAGER).FirmwareVersion).toBe('7.10.30.00');
    expect(get(wrong.headers?.['Location'] ?? '')).toMatchObject({
      TaskState: 'Exception',
      TaskStatus: 'Critical',
    });
  });
});

describe('a pushed image', () => {
  it('waits at its own URI and is installed from there', () => {
    const { ask, get, pass } = testMachine();
    const inventory = '/redfish/v1/UpdateService/FirmwareInventory';
    const upload = 'Content-Disposition: form-data; name="file"; filename="PERC_H755_52.26.0.EXE"';
    const pushed = ask('POST', inventory, upload, { 'content-type': 'multipart/form-data; boundary=x' });
    expect(pushed.status).toBe(201);
    ask('POST', '/redfish/v1/UpdateService/Actions/UpdateService.SimpleUpdate', {
      ImageURI: pushed.headers?.['Location'],
    });
    const raid = (): unknown => get(`${inventory}/Installed-104298-52.16.1-4405__RAID.SL.3-1`).Version;
    expect(raid()).toBe('52.16.1-4405');
    pass(30);
    expect(raid()).toBe('52.26.0');
  });
});

describe('clock', () => {
  it('is right, can be put wrong by fault, and is mended by setting it, offset and all', () => {
    const { machine, ask, get, pass } = testMachine();
    expect(get(MANAGER).DateTime).toBe('2026-11-21T12:00:00+00:00');
    machine.faults = [{ kind: 'clock', seconds: -3600 }];
    expect(get(MANAGER).DateTime).toBe('2026-11-21T11:00:00+00:00');
    expect(
      ask('PATCH', MANAGER, { DateTime: '2026-11-21T13:00:00+01:00', DateTimeLocalOffset: '+01:00' }).status,
    ).toBe(200);
    pass(5);
    expect(get(MANAGER)).toMatchObject({
      DateTime: '2026-11-21T13:00:05+01:00',
      DateTimeLocalOffset: '+01:00',
    });
  });
});
