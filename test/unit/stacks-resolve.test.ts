import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DiscoverResult, HardwareFinding, HardwareSnapshot } from '../../src/contract/hardware.ts';
import {
  checkCompat,
  machinesOf,
  matchProfiles,
  parseRequirements,
  profileFindings,
} from '../../src/profiles/index.ts';
import { parseStack, resolvePlan } from '../../src/stacks/index.ts';
import { disksOf, shippedProfiles, snapshotOf } from './profiles-example.ts';
import { changed, SITE, siteOf } from './site-example.ts';

const RKE2 = readFileSync(new URL('../../playbooks/stacks/dell-rke2/stack.yaml', import.meta.url), 'utf8');
const STACK = parseStack(RKE2, 'stack.yaml');
const PROFILES = shippedProfiles();
const AUTO = changed('    profile: gpu-dense\n', '');

function discovered(
  snapshots: Readonly<Record<string, Partial<HardwareSnapshot>>>,
  findings: readonly HardwareFinding[] = [],
): DiscoverResult {
  return {
    at: '2026-11-21T12:00:00Z',
    findings,
    machines: Object.entries(snapshots).map(([host, changes]) => ({
      host,
      bmc: `https://${host}`,
      ok: true,
      snapshot: snapshotOf(changes),
    })),
  };
}

/** The plan as the application service puts it together. */
function plan(discover?: DiscoverResult, text = AUTO, stack = RKE2) {
  const site = siteOf(text);
  const machines = machinesOf(site.hosts, discover);
  const match = matchProfiles(machines, PROFILES);
  const compat = checkCompat(machines, parseRequirements(stack, 'stack.yaml').requirements);
  const findings = profileFindings(match, machines, PROFILES);
  return resolvePlan(parseStack(stack, 'stack.yaml'), site, {
    match,
    compat,
    findings,
    ...(discover === undefined ? {} : { discover }),
  });
}

const BOTH = { 'node-1': {}, 'node-2': {} };

describe('a plan', () => {
  it('says for each host which profile, why, and that the stack can run on it', () => {
    const { hosts, blockers, ready, hardware_at: at } = plan(discovered(BOTH));
    expect(hosts.map(({ name, match, profile, compat }) => `${name} ${match} ${profile} ${compat}`)).toEqual([
      'node-1 matched compute pass',
      'node-2 matched compute pass',
    ]);
    expect(hosts[0]?.why).toMatch(/^All 3 rules of compute are met, and it goes before control-plane/);
    expect([blockers, ready, at]).toEqual([[], true, '2026-11-21T12:00:00Z']);
  });

  it('says of each stage what it changes and what it can destroy', () => {
    const { stages, totals } = plan(discovered(BOTH));
    expect(
      stages.map(
        ({ id, changes, destructive }) =>
          `${id}: ${changes.length} changes${destructive === undefined ? '' : ', destructive'}`,
      ),
    ).toEqual([
      'kvm-host-preflight: 0 changes',
      'upload: 1 changes',
      'deployment-vm: 3 changes, destructive',
      'network-services: 3 changes',
      'network-tests: 1 changes',
      'health: 1 changes',
    ]);
    expect(totals).toMatchObject({
      hosts: 2,
      stages: 6,
      destructive_stages: 1,
      expect_seconds: 450,
      expect_seconds_in_turn: 450,
    });
  });

  it('counts stages that need not wait for each other side by side', () => {
    const stack = parseStack(
      `stack: wide
version: 1
stages:
  - {id: base, title: Base, runs_on: kvm-host, playbook: a.yml, expect_seconds: 100}
  - {id: left, title: Left, runs_on: deployment-vm, playbook: a.yml, after: [base], expect_seconds: 50}
  - {id: right, title: Right, runs_on: deployment-vm, playbook: a.yml, after: [base], expect_seconds: 80}
  - {id: unmeasured, title: Unmeasured, runs_on: deployment-vm, playbook: a.yml, after: [base]}
  - {id: end, title: End, runs_on: deployment-vm, playbook: a.yml, after: [left, right, unmeasured], expect_seconds: 10}
`,
      'stack.yaml',
    );
    expect(resolvePlan(stack, siteOf()).totals).toMatchObject({
      expect_seconds: 220,
      expect_seconds_in_turn: 270,
      without_expectation: ['unmeasured'],
      longest_chain: ['kvm-host-preflight', 'upload', 'base', 'right', 'end'],
    });
  });

  it('keeps skipped stages with what the site file says instead', () => {
    const stack = parseStack(
      'stack: x\nversion: 1\nstages: [{id: a, title: A, runs_on: kvm-host, playbook: a.yml}, {id: log, title: Logs, runs_on: deployment-vm, playbook: l.yml, when: {services.ntp.mode: managed}}]',
      'stack.yaml',
    );
    expect(resolvePlan(stack, siteOf()).skipped).toEqual([
      { id: 'log', title: 'Logs', reason: 'services.ntp.mode is existing, not managed' },
    ]);
  });
});

describe('a plan is stopped', () => {
  const blockers = (...input: Parameters<typeof plan>) =>
    plan(...input).blockers.map(
      ({ code, host, message, remedy }) => `${code} ${host ?? 'site'}: ${message} -> ${remedy}`,
    );

  it('by a host that no profile fits, or that the stack cannot run on', () => {
    expect(blockers(discovered({ ...BOTH, 'node-2': { memory: { total_gib: 2, dimms: [] } } }))).toEqual([
      'compat.fail node-2: dell-rke2 cannot run on node-2: it wants memory.total_gib at least 4 GiB; seen: 2 GiB. RKE2 needs 4 GB of memory. -> Give node-2 other roles, or put in what is missing and discover it again.',
      'profile.none node-2: No profile fits; the nearest is compute, which wants memory.total_gib at least 192 GiB (seen: 2 GiB). -> Name the profile of node-2 in the site file, with its profile_reason, or write one that fits.',
    ]);
  });

  it('by a profile that does not exist', () => {
    expect(blockers(discovered(BOTH), SITE)).toEqual([
      'profile.unknown node-2: The site file names the profile gpu-dense, which does not exist; known are gpu, storage-dense, compute, edge-small, control-plane, generic. -> Correct the profile of node-2 in the site file.',
    ]);
  });

  it('by an error of the discovery, with its repair', () => {
    const missing: HardwareFinding = {
      severity: 'error',
      code: 'host.missing',
      host: 'node-2',
      message: 'node-2 (serial ABC1235) was not found.',
      repair: { title: 'Check its BMC cable' },
    };
    const stranger: HardwareFinding = {
      severity: 'warning',
      code: 'host.stranger',
      message: 'A machine XYZ is not planned.',
    };
    const found = plan(discovered({ 'node-1': {} }, [missing, stranger]));
    expect(found.blockers).toMatchObject([
      { code: 'host.missing', host: 'node-2', remedy: 'Check its BMC cable.' },
    ]);
    expect(found.findings).toEqual([stranger]);
    expect(found.hosts[1]).toMatchObject({ match: 'unknown', compat: 'unknown' });
  });

  it('by a tie that only the match tells, without its findings', () => {
    const match = {
      hosts: [
        {
          host: 'node-1',
          status: 'ambiguous' as const,
          reason: 'a and b fit equally well.',
          rules: [],
          near: [],
          tied: ['a', 'b'],
        },
      ],
    };
    const [blocker] = resolvePlan(STACK, siteOf(AUTO), { match }).blockers;
    expect(blocker).toMatchObject({
      code: 'profile.ambiguous',
      host: 'node-1',
      message: 'a and b fit equally well.',
    });
  });
});

describe('a plan without hardware', () => {
  it('says that nothing is known, and stops nothing for that', () => {
    const { hosts, ready } = resolvePlan(STACK, siteOf(AUTO));
    expect(ready).toBe(true);
    expect(hosts.map(({ match, compat, why }) => [match, compat, why])).toEqual([
      ['unknown', 'unknown', 'Its hardware was not discovered yet.'],
      ['unknown', 'unknown', 'Its hardware was not discovered yet.'],
    ]);
    expect(plan().hosts.map(({ match }) => match)).toEqual(['unknown', 'unknown']);
  });

  it('keeps what is only a warning of a host out of the blockers', () => {
    const slow = plan(discovered({ ...BOTH, 'node-1': { disks: disksOf([2, 'hdd', 600]) } }));
    expect(slow.hosts[0]).toMatchObject({
      compat: 'warn',
      compat_checks: [{ field: 'disks', status: 'warn' }],
    });
    expect(slow.ready).toBe(true);
  });
});
