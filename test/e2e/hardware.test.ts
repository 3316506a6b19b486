import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DiscoverResult } from '../../src/contract/hardware.ts';
import type { PlanDocument } from '../../src/contract/plan.ts';
import type { CompatResult, MatchResult } from '../../src/contract/profile.ts';
import { bringup } from './support/cli.ts';
import { changedSite, openLab, type Lab } from './support/lab.ts';

let home: string;
let lab: Lab;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'bringup-home-'));
  lab = await openLab(home);
});

afterEach(async () => {
  await setFaults('node-2', []);
});

afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

/** Switches faults of a simulated BMC on; the simulator follows the file. */
async function setFaults(node: string, faults: readonly object[]): Promise<void> {
  await writeFile(
    path.join(path.dirname(lab.siteFile), 'bmc', `${node}.faults.json`),
    JSON.stringify(faults),
  );
}

async function json<T>(code: number, ...args: readonly string[]): Promise<T> {
  const done = await bringup([...args, '--json'], home);
  expect(done.code, done.stdout.slice(0, 2000) + done.stderr).toBe(code);
  return JSON.parse(done.stdout) as T;
}

describe('the hardware of the lab', () => {
  it('is read through the KVM host, whole and with nothing to complain about', async () => {
    const { machines, findings } = await json<DiscoverResult>(0, 'discover', lab.siteFile);
    expect(machines.map(({ host, snapshot }) => [host, snapshot?.serial])).toEqual([
      ['node-1', 'LAB0001'],
      ['node-2', 'LAB0002'],
    ]);
    expect(machines.flatMap(({ snapshot }) => snapshot?.gaps ?? [])).toEqual([]);
    expect(findings).toEqual([]);
  });

  it('says once that the KVM host is a stranger, and goes on when its key is accepted', async () => {
    const site = await changedSite(lab, { 'kvm_host.host_key': null });
    const other = path.join(home, 'a-new-laptop');
    const refused = await bringup(['discover', site], other);
    expect(refused.code).toBe(3);
    const fingerprint = /SHA256:[A-Za-z0-9+/]{43}/.exec(refused.stderr.replaceAll(/\s+/g, ' '))?.[0] ?? '';
    const accepted = await bringup(['discover', site, '--accept-host-key', fingerprint], other);
    expect(accepted.code, accepted.stderr).toBe(0);
  });

  it('gives every host one profile and fits what the stack needs', async () => {
    const match = await json<MatchResult>(0, 'match', lab.siteFile);
    expect(match.hosts.map(({ host, status, profile }) => [host, status, profile])).toEqual([
      ['node-1', 'matched', 'compute'],
      ['node-2', 'matched', 'compute'],
    ]);
    const compat = await json<CompatResult>(0, 'compat', lab.siteFile);
    expect(compat.hosts.map(({ status }) => status)).toEqual(['pass', 'pass']);
  });

  it('lets the plan say go', async () => {
    const plan = await json<PlanDocument>(0, 'plan', lab.siteFile);
    expect(plan).toMatchObject({ ready: true, blockers: [], totals: { hosts: 2 } });
    const text = await bringup(['plan', lab.siteFile], home);
    expect(text.stdout).toContain('Nothing stands in the way');
  });

  it('one BMC that answers 503 keeps its own reason and spoils nothing', async () => {
    await setFaults('node-2', [{ kind: 'unavailable' }]);
    const { machines } = await json<DiscoverResult>(1, 'discover', lab.siteFile);
    expect(machines.map(({ host, ok }) => [host, ok])).toEqual([
      ['node-1', true],
      ['node-2', false],
    ]);
    expect(machines[1]?.error?.code).toMatch(/^REDFISH_/);
  });

  it('cables that are swapped in the site file are told by name', async () => {
    const swapped = await changedSite(lab, {
      'hosts.0.interfaces.0.switch_port': 'lab:node-2-nic1',
      'hosts.1.interfaces.0.switch_port': 'lab:node-1-nic1',
    });
    const { findings } = await json<DiscoverResult>(1, 'discover', swapped);
    expect(findings.map(({ code }) => code)).toContain('cable.swapped');
    expect(findings.map(({ message }) => message).join()).toMatch(/node-1 nic1 and node-2 nic1 are swapped/);
  });

  it('a certificate that is not the one of the site file is not believed', async () => {
    const other = await changedSite(lab, { 'hosts.0.bmc.certificate': 'ab'.repeat(32) });
    const { machines } = await json<DiscoverResult>(1, 'discover', other);
    expect(machines[0]?.error?.code).toBe('REDFISH_CERTIFICATE_CHANGED');
    expect(machines[1]?.ok).toBe(true);
  });
});
