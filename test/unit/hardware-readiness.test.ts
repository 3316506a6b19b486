import { describe, expect, it } from 'vitest';
import type { BmcJob, HardwareSnapshot } from '../../src/contract/hardware.ts';
import { checkReadiness } from '../../src/hardware/readiness/index.ts';
import { machine } from './hardware-machine.ts';

const NOW = new Date('2026-01-10T08:00:00Z');
const MANAGER = '/redfish/v1/Managers/iDRAC.Embedded.1';
const check = (changes: Partial<HardwareSnapshot>) => checkReadiness(machine(changes), { now: NOW });
const bmc = (changes: Partial<HardwareSnapshot['bmc']>) => check({ bmc: { ...machine().bmc, ...changes } });
const slot = (id: string, inserted: boolean) => ({
  id,
  uri: `${MANAGER}/VirtualMedia/${id}`,
  inserted,
  image: 'http://10.20.0.10/old.iso',
  media_types: ['CD'],
});
const job = (id: string, changes: Partial<BmcJob>): BmcJob => ({
  id,
  uri: `${MANAGER}/Oem/Dell/Jobs/${id}`,
  name: 'Configure: BIOS.Setup.1-1',
  state: 'completed',
  ...changes,
});

describe('a machine that is ready', () => {
  it('gives no findings', () => {
    expect(check({})).toEqual([]);
  });

  it('carries the host on every finding when there is one', () => {
    expect(checkReadiness(machine({ power_state: 'Off' }), { now: NOW, host: 'node-1' })).toMatchObject([
      { severity: 'note', code: 'hw.power_off', host: 'node-1' },
    ]);
  });

  it('tells errors first, then warnings, then notes', () => {
    const findings = checkReadiness(
      machine({
        power_state: 'Off',
        virtual_media: [slot('CD', true)],
        disks: [{ id: 'd1', name: 'd1', kind: 'ssd', size_gb: 480, health: 'Critical' }],
      }),
      { now: NOW },
    );
    expect(findings.map((finding) => finding.severity)).toEqual(['error', 'warning', 'note']);
  });
});

describe('virtual media', () => {
  it('that still holds an image is ejected by one request', () => {
    expect(check({ virtual_media: [slot('CD', true), slot('RemovableDisk', false)] })).toEqual([
      {
        severity: 'warning',
        code: 'bmc.media_stale',
        message: 'Virtual media CD still holds http://10.20.0.10/old.iso; a run could not insert its own.',
        seen: 'http://10.20.0.10/old.iso',
        wanted: 'empty',
        repair: {
          title: 'Eject virtual media CD.',
          request: {
            method: 'POST',
            uri: `${MANAGER}/VirtualMedia/CD/Actions/VirtualMedia.EjectMedia`,
            body: {},
          },
        },
      },
    ]);
  });

  it('of a Lenovo EXT slot is emptied by a PATCH, and one of the remote console by nobody but its owner', () => {
    const repairs = check({ virtual_media: [slot('EXT1', true), slot('RDOC1', true)] }).map(
      ({ repair }) => repair?.request,
    );
    expect(repairs).toEqual([
      { method: 'PATCH', uri: `${MANAGER}/VirtualMedia/EXT1`, body: { Image: null } },
      undefined,
    ]);
  });
});

describe('jobs', () => {
  it('that wait are deleted, those that run are waited for, those that are done are nobody’s business', () => {
    const findings = check({
      jobs: [
        job('JID_1', { state: 'scheduled' }),
        job('JID_2', { state: 'running', percent: 40 }),
        job('JID_3', {}),
      ],
    });
    expect(findings).toMatchObject([
      {
        code: 'bmc.job_pending',
        message:
          'Job JID_1 (Configure: BIOS.Setup.1-1) waits in the queue and would run at the next restart.',
        repair: { request: { method: 'DELETE', uri: `${MANAGER}/Oem/Dell/Jobs/JID_1` } },
      },
      {
        code: 'bmc.job_pending',
        message:
          'Job JID_2 (Configure: BIOS.Setup.1-1) is running (40 %); the BMC refuses changes until it is done.',
        repair: { title: 'Wait until job JID_2 is done.' },
      },
    ]);
    expect(findings[1]?.repair).not.toHaveProperty('request');
  });

  it('that failed count for a week, with their reason', () => {
    const findings = check({
      jobs: [
        job('JID_1', { state: 'failed', message: 'Unable to apply.', created: '2026-01-08T08:00:00Z' }),
        job('JID_2', { state: 'failed', created: '2025-11-01T08:00:00Z' }),
      ],
    });
    expect(findings).toMatchObject([
      { code: 'bmc.job_failed', message: 'Job JID_1 (Configure: BIOS.Setup.1-1) failed: Unable to apply.' },
    ]);
    expect(findings).toHaveLength(1);
  });

  it('that nearly fill the queue are cleared by one request', () => {
    const jobs = Array.from({ length: 240 }, (_, index) => job(`JID_${index}`, {}));
    expect(check({ jobs })).toMatchObject([
      {
        code: 'bmc.job_queue_full',
        repair: {
          request: {
            method: 'POST',
            uri: `${MANAGER}/Oem/Dell/DellJobService/Actions/DellJobService.DeleteJobQueue`,
            body: { JobID: 'JID_CLEARALL' },
          },
        },
      },
    ]);
  });
});

describe('the BMC', () => {
  it('may be a minute off; more is a warning, more than five an error, mended by setting the clock', () => {
    const off = (seconds: number) =>
      check({ bmc: { ...machine().bmc, clock_offset_seconds: seconds }, virtual_media: [slot('CD', false)] });
    expect(off(60)).toEqual([]);
    expect(off(-61)).toMatchObject([
      { severity: 'warning', code: 'bmc.clock_off', message: 'The clock of the BMC is 61 seconds behind.' },
    ]);
    expect(off(7200)).toMatchObject([
      {
        severity: 'error',
        message: 'The clock of the BMC is 2 hours ahead.',
        repair: {
          request: { method: 'PATCH', uri: MANAGER, body: { DateTime: '2026-01-10T08:00:00+00:00' } },
        },
      },
    ]);
  });

  it('of HPE cannot be told the time that way', () => {
    const [finding] = check({
      bmc: { ...machine().bmc, product: 'iLO 6', licenses: [], clock_offset_seconds: 900 },
      virtual_media: [{ ...slot('2', false), uri: '/redfish/v1/Managers/1/VirtualMedia/2' }],
    });
    expect(finding).toMatchObject({ code: 'bmc.clock_off' });
    expect(finding?.repair).not.toHaveProperty('request');
  });

  it('needs a licence for virtual media, each maker its own; none is asked for where the BMC lists none', () => {
    const licensed = (product: string, name: string, state = 'active') =>
      bmc({ product, licenses: [{ name, state }] }).map((finding) => finding.code);
    expect(licensed('iDRAC 9', 'iDRAC9 16G Enterprise License')).toEqual([]);
    expect(licensed('iDRAC 9', 'iDRAC9 16G Express License')).toEqual(['bmc.license_missing']);
    expect(licensed('iLO 5', 'iLO Advanced')).toEqual([]);
    expect(licensed('iLO 5', 'iLO Standard')).toEqual(['bmc.license_missing']);
    expect(licensed('iLO 5', 'iLO Advanced', 'expired')).toEqual(['bmc.license_missing']);
    expect(licensed('XCC 2', 'Lenovo XClarity Controller 2 Platinum Upgrade')).toEqual([]);
    const { licenses: _none, ...unlisted } = machine().bmc;
    expect(check({ bmc: unlisted })).toEqual([]);
  });

  it('runs out of sessions', () => {
    expect(bmc({ sessions: { open: 5, limit: 8 } })).toEqual([]);
    expect(bmc({ sessions: { open: 6, limit: 8 } })).toMatchObject([
      { severity: 'warning', code: 'bmc.sessions_full' },
    ]);
    expect(bmc({ sessions: { open: 8, limit: 8 } })).toMatchObject([
      { severity: 'error', code: 'bmc.sessions_full' },
    ]);
    expect(bmc({ sessions: { open: 16 } })).toMatchObject([{ severity: 'note', code: 'bmc.sessions_full' }]);
  });

  it('has a certificate that is judged by our clock', () => {
    const certificate = (valid_from: string, valid_to: string) =>
      bmc({ certificate: { sha256: 'ab', subject: 'CN=idrac', valid_from, valid_to } }).map(
        ({ code, severity }) => [code, severity],
      );
    expect(certificate('2020-01-01T00:00:00Z', '2030-01-01T00:00:00Z')).toEqual([]);
    expect(certificate('2020-01-01T00:00:00Z', '2026-01-09T00:00:00Z')).toEqual([
      ['bmc.certificate_expired', 'error'],
    ]);
    expect(certificate('2026-02-01T00:00:00Z', '2030-01-01T00:00:00Z')).toEqual([
      ['bmc.certificate_not_yet_valid', 'error'],
    ]);
    expect(certificate('2020-01-01T00:00:00Z', '2026-01-20T00:00:00Z')).toEqual([
      ['bmc.certificate_expires_soon', 'warning'],
    ]);
  });

  it('holds BIOS settings back until the next restart', () => {
    expect(
      check({ bios: { attributes: { BootMode: 'Bios' }, pending: { BootMode: 'Uefi' } } }),
    ).toMatchObject([
      { code: 'bmc.bios_pending', message: 'A BIOS setting waits for the next restart: BootMode = Uefi.' },
    ]);
  });

  it('says what it did not tell', () => {
    const gap = (what: string) => ({ what, uri: `/redfish/v1/${what}`, reason: 'It is not there (404).' });
    expect(check({ gaps: [gap('memory'), gap('memory'), gap('disks')] })).toMatchObject([
      {
        severity: 'note',
        code: 'bmc.partly_read',
        message: 'The BMC did not tell everything; incomplete: memory and disks.',
      },
    ]);
  });
});

describe('parts', () => {
  const supply = { id: 'PSU.Slot.1', name: 'PS1', present: true, health: 'OK' } as const;

  it('a power supply without input, and a machine that runs on its last one', () => {
    expect(
      check({
        power_supplies: [supply, { ...supply, id: 'PSU.Slot.2', health: 'Critical', input_volts: 0 }],
      }),
    ).toMatchObject([
      {
        severity: 'error',
        code: 'hw.power_supply_failed',
        message:
          'Power supply PSU.Slot.2 is Critical and has no input voltage; the machine runs without its reserve.',
      },
    ]);
    expect(
      check({ power_supplies: [supply, { ...supply, id: 'PSU.Slot.2', present: false }] }),
    ).toMatchObject([{ severity: 'warning', code: 'hw.power_supply_missing' }]);
    expect(check({ power_supplies: [supply] })).toEqual([]);
  });

  it('disks and memory that failed are named with what to order', () => {
    const findings = check({
      health_problems: ['disk d1: Critical', 'memory A1: Warning', 'processor CPU.1: Warning'],
      disks: [
        {
          id: 'd1',
          name: 'd1',
          kind: 'ssd',
          size_gb: 480,
          serial: 'S1',
          location: 'Bay 1',
          health: 'OK',
          failure_predicted: true,
        },
      ],
      memory: { total_gib: 32, dimms: [{ slot: 'A1', size_gib: 32, health: 'Warning' }] },
    });
    expect(findings.map(({ code, message, repair }) => [code, message, repair?.title])).toEqual([
      ['hw.disk_failed', 'Disk d1 (Bay 1) announces its failure.', 'Replace disk d1, serial number S1.'],
      [
        'hw.memory_failed',
        'Memory module A1 (32 GiB) is Warning.',
        'Reseat memory module A1; replace it if that does not help.',
      ],
      [
        'hw.health_warning',
        'The BMC reports processor CPU.1: Warning.',
        "Read the BMC's event log for the reason and have the part replaced.",
      ],
    ]);
  });

  it('Secure Boot is a note', () => {
    expect(check({ boot: { ...machine().boot, secure_boot: true } })).toMatchObject([
      { severity: 'note', code: 'hw.secure_boot_on' },
    ]);
  });
});
