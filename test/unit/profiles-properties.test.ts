import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HardwareSnapshot } from '../../src/contract/hardware.ts';
import { matchProfiles, type Machine, type Profile } from '../../src/profiles/index.ts';
import { disksOf, machineOf, profileOf } from './profiles-example.ts';

const rule = fc.oneof(
  fc.nat(64).map((cores) => `{field: cpu.cores, at_least: ${cores}}`),
  fc.nat(512).map((size) => `{field: memory.total_gib, at_most: ${size}}`),
  fc.constantFrom('Dell*', 'HPE', '*').map((maker) => `{field: manufacturer, like: "${maker}"}`),
  fc.nat(6).map((count) => `{field: disks, where: {kind: ssd}, count: {at_least: ${count}}}`),
  fc.nat(9000).map((size) => `{field: disks, sum: size_gb, at_least: ${size}}`),
  fc.constantFrom('{field: cpu.flags, has: [avx2]}', '{none: [{field: accelerators, count: {at_least: 1}}]}'),
);
const profile = fc
  .tuple(fc.array(rule, { minLength: 1, maxLength: 4 }), fc.integer({ min: -1, max: 1 }))
  .map(([rules, priority]) => ({ match: `[${rules.join(', ')}]`, more: `priority: ${priority}` }));
const profiles = fc
  .array(profile, { minLength: 1, maxLength: 6 })
  .map((written) => written.map(({ match, more }, index) => profileOf(`p${index}`, match, more)));

const snapshot = fc
  .record({
    cores: fc.nat(64),
    gib: fc.nat(512),
    manufacturer: fc.constantFrom('Dell Inc.', 'HPE', undefined),
    ssds: fc.nat(6),
    unknown: fc.nat(2),
    gpus: fc.nat(1),
    gap: fc.constantFrom('storage', 'processors', undefined),
  })
  .map(({ cores, gib, manufacturer, ssds, unknown, gpus, gap }): Partial<HardwareSnapshot> => ({
    ...(manufacturer === undefined ? {} : { manufacturer }),
    cpu: { count: 1, cores, threads: cores, processors: [] },
    memory: { total_gib: gib, dimms: [] },
    disks: disksOf([ssds, 'ssd', 960], [unknown, 'unknown', 960]),
    accelerators: Array.from({ length: gpus }, () => ({
      id: 'g',
      kind: 'gpu' as const,
      health: 'OK' as const,
    })),
    gaps: gap === undefined ? [] : [{ what: gap, uri: '/x', reason: 'It did not answer.' }],
  }));

const matchOne = (machine: Machine, among: readonly Profile[]) => matchProfiles([machine], among).hosts[0]!;

describe('matching any machine with any profiles', () => {
  it('does not depend on the order of the profiles', () => {
    fc.assert(
      fc.property(snapshot, profiles, (changes, among) => {
        const machine = machineOf(changes);
        expect(matchOne(machine, among.toReversed())).toEqual(matchOne(machine, among));
      }),
    );
  });

  it('keeps its winner when a profile is added that does not fit', () => {
    fc.assert(
      fc.property(snapshot, profiles, (changes, among) => {
        const machine = machineOf(changes);
        const before = matchOne(machine, among);
        const after = matchOne(machine, [...among, profileOf('foreign', '[{field: serial, is: OTHER}]')]);
        expect([after.status, after.profile, after.tied]).toEqual([
          before.status,
          before.profile,
          before.tied,
        ]);
      }),
    );
  });

  it('keeps its winner when a profile that did not win is taken away', () => {
    fc.assert(
      fc.property(snapshot, profiles, (changes, among) => {
        const machine = machineOf(changes);
        const { profile: won, near } = matchOne(machine, among);
        fc.pre(won !== undefined);
        const fewer = among.filter(({ name }) => !near.some((one) => one.profile === name));
        expect(matchOne(machine, fewer).profile).toBe(won);
      }),
    );
  });

  it('explains what it decided: a winner meets every rule, a near miss lacks exactly those it names', () => {
    fc.assert(
      fc.property(snapshot, profiles, (changes, among) => {
        const machine = machineOf(changes);
        const { status, rules, near } = matchOne(machine, among);
        expect(rules.every((one) => one.matched)).toBe(true);
        expect(rules.length > 0).toBe(status !== 'none');
        for (const { profile: name, lacks, matched, total } of near) {
          expect(matched + lacks.length).toBe(total);
          expect(lacks.every((one) => !one.matched && one.seen !== '' && one.wanted !== '')).toBe(true);
          const again = matchOne({ ...machine, profile: name }, among);
          expect(again.override?.mismatches).toEqual(lacks);
        }
      }),
    );
  });

  it('never meets a rule by a field that was taken out of the snapshot', () => {
    fc.assert(
      fc.property(snapshot, (changes) => {
        const silent = machineOf({ ...changes, cpu: { count: 0, cores: 0, threads: 0, processors: [] } });
        const about = profileOf('about', '[{field: cpu.cores, at_most: 1000}]');
        expect(matchOne(silent, [about]).status).toBe('none');
        expect(matchOne(silent, [profileOf('not', '[{field: cpu.cores, not: 7}]')]).status).toBe('none');
      }),
    );
  });
});
