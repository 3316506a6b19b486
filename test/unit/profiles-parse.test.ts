import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  askedOf,
  loadProfiles,
  parseProfile,
  parseRequirements,
  profileVars,
} from '../../src/profiles/index.ts';
import { spoiled } from './yaml-noise.ts';

const HEAD = 'name: big\nversion: 1\ntitle: Big\n';
const GOOD = readFileSync(new URL('../../playbooks/profiles/storage-dense.yaml', import.meta.url), 'utf8');

/** Problems of a profile as `line:column code path message -> hint`. */
function problemsOf(text: string): string[] {
  return parseProfile(text, 'big.yaml').problems.map(
    ({ line, column, code, path, message, hint }) =>
      `${line}:${column} ${code} ${path} ${message}${hint === undefined ? '' : ` -> ${hint}`}`,
  );
}

const withUpdates = (updates: string): string =>
  `${HEAD}match: [{field: cpu.count, at_least: 1}]\nfirmware_updates: ${updates}\n`;
const problemOfRule = (rule: string): string[] => problemsOf(`${HEAD}match:\n  - ${rule}\n`);

describe('a profile that is wrong', () => {
  it.each<[string, string]>([
    [
      '{field: memory.total_gb, at_least: 8}',
      '5:13 PROFILE_UNKNOWN_FIELD $.match[0].field A hardware snapshot has no field "memory.total_gb". -> Did you mean memory.total_gib?',
    ],
    [
      '{field: cpu.cores, atleast: 8}',
      '5:24 PROFILE_UNKNOWN_FIELD $.match[0].atleast There is no field "atleast" here. -> Did you mean at_least?',
    ],
    [
      '{field: disks.size_gb, at_least: 8}',
      '5:13 PROFILE_UNKNOWN_FIELD $.match[0].field A hardware snapshot has no field "disks.size_gb". -> disks is a list: write field: disks and where: {size_gb: ...}.',
    ],
    [
      '{field: disks, where: {knd: ssd}}',
      '5:28 PROFILE_UNKNOWN_FIELD $.match[0].where.knd The items of disks have no field "knd". -> Did you mean kind?',
    ],
    [
      '{field: cpu.cores, like: "8*"}',
      '5:24 PROFILE_BAD_OPERATOR $.match[0].like cpu.cores is a number and has no operator like. -> It has is, one_of, at_least, at_most, between, not, exists.',
    ],
    [
      '{field: cpu.cores, is: many}',
      '5:28 PROFILE_WRONG_TYPE $.match[0].is cpu.cores is a number, so it cannot be "many".',
    ],
    [
      '{field: cpu.cores}',
      '5:5 PROFILE_BAD_RULE $.match[0] The rule about cpu.cores does not say what is wanted. -> Add one of is, one_of, at_least, at_most, between, not, exists.',
    ],
    [
      '{field: cpu.cores, between: [8, 4]}',
      '5:33 PROFILE_BAD_VALUE $.match[0].between between wants the smaller number first: [4, 8].',
    ],
    [
      '{field: cpu.cores, count: 2}',
      '5:24 PROFILE_BAD_OPERATOR $.match[0].count cpu.cores is a number, and count is only for lists such as disks.',
    ],
    [
      '{field: disks, at_least: 4}',
      '5:20 PROFILE_BAD_OPERATOR $.match[0].at_least disks is a list, and at_least cannot ask about a list. -> Write where: {...} with at_least, count: {...}, or sum with at_least.',
    ],
    [
      '{field: disks, sum: kind, at_least: 4}',
      '5:25 PROFILE_BAD_OPERATOR $.match[0].sum kind is no number and cannot be added up.',
    ],
    [
      '{field: bios.version, version_at_least: newest}',
      '5:45 PROFILE_BAD_VALUE $.match[0].version_at_least "newest" is no version. -> Write it as the maker does: 1.8.2, A42 v2.60, AFE118K-3.10.',
    ],
    [
      '{field: bios.version, version_at_least: 3.10}',
      '5:45 PROFILE_WRONG_TYPE $.match[0].version_at_least The field version_at_least must be text; it is 3.1. -> Put it in quotes, as YAML reads 3.10 as the number 3.1.',
    ],
    ['{at_least: 4}', '5:5 PROFILE_BAD_RULE $.match[0] A rule needs a field, or a group: all, any or none.'],
    [
      '{any: [{field: cpu.count, is: 1}], field: cpu.cores, is: 4}',
      '5:5 PROFILE_BAD_RULE $.match[0] A group of rules (any) stands alone; field belongs into a rule of its own.',
    ],
    [
      '{any: [{field: cpu.cuont, is: 1}]}',
      '5:20 PROFILE_UNKNOWN_FIELD $.match[0].any[0].field A hardware snapshot has no field "cpu.cuont". -> Did you mean cpu.count?',
    ],
  ])('%s', (rule, problem) => {
    expect(problemOfRule(rule)).toEqual([problem]);
  });

  it.each<[string, string, string]>([
    [
      'lacks its rules',
      HEAD,
      '1:1 PROFILE_MISSING_FIELD $ The file needs the field match. -> match: Rules, all of which a machine must meet.',
    ],
    ['is empty', '', '1:1 PROFILE_EMPTY $ The file is empty. -> Write a profile, or remove the file.'],
    ['is a list', '- a\n', '1:1 PROFILE_WRONG_TYPE $ The file must be an object with fields; it is a list.'],
    [
      'gives a field twice',
      `${HEAD}title: Bigger\n`,
      '4:1 YAML_DUPLICATE_KEY $ This is not valid YAML: Map keys must be unique.',
    ],
    [
      'has a bad name',
      'name: Big One\nversion: 1\ntitle: x\nmatch: [{field: cpu.count, is: 1}]\n',
      '1:7 PROFILE_BAD_VALUE $.name The field name has the value "Big One", which is not in the form it must have. -> Use lower-case letters, digits and dashes.',
    ],
    [
      'has a wrong RAID',
      `${HEAD}match: [{field: cpu.count, is: 1}]\nstorage: [{name: system, disks: {kind: ssd}, raid: raid7}]\n`,
      '5:52 PROFILE_BAD_VALUE $.storage[0].raid The field raid must be one of none, raid0, raid1, raid5, raid6, raid10, not "raid7". -> Did you mean raid0?',
    ],
    [
      'has a wrong disk field',
      `${HEAD}match: [{field: cpu.count, is: 1}]\nstorage: [{name: system, disks: {sort: ssd}}]\n`,
      '5:34 PROFILE_UNKNOWN_FIELD $.storage[0].disks.sort The items of disks have no field "sort".',
    ],
    [
      'has a catalogue outside of the repository',
      withUpdates('{catalog: ../Catalog.xml}'),
      '5:29 PROFILE_BAD_VALUE $.firmware_updates.catalog "../Catalog.xml" is no place of a firmware catalogue. -> Write its path in the repository of the site (firmware/r750/Catalog.xml.gz), or an address',
    ],
    [
      'has a catalogue with a password in its address',
      withUpdates('{catalog: "https://me:secret@10.20.0.10/Catalog.xml"}'),
      '5:29 PROFILE_BAD_VALUE $.firmware_updates.catalog',
    ],
    [
      'has no component to update',
      withUpdates('{components: []}'),
      '5:32 PROFILE_BAD_VALUE $.firmware_updates.components',
    ],
  ])('%s', (_, text, problem) => {
    expect(problemsOf(text)[0]).toContain(problem);
  });

  it('has its catalogue and its components where playbooks read them, and not in its hash', () => {
    const read = (text: string) => parseProfile(text, 'big.yaml').profile!;
    const updates = read(withUpdates('{catalog: firmware/r750/Catalog.xml.gz, components: ["BIOS*"]}'));
    const plain = read(`${HEAD}match: [{field: cpu.count, at_least: 1}]\n`);
    expect(profileVars(updates)).toMatchObject({
      bringup_profile_settings: {
        firmware_updates: { catalog: 'firmware/r750/Catalog.xml.gz', components: ['BIOS*'] },
      },
    });
    expect(profileVars(plain)['bringup_profile_settings']).not.toHaveProperty('firmware_updates');
    expect(askedOf(updates)).toEqual(askedOf(plain));
  });

  it('shows all its problems at once, in their order', () => {
    expect(
      problemsOf(`${HEAD}match:\n  - {field: a, is: 1}\n  - {field: cpu.cores, like: x}\n`).map(
        (one) => one.split(' ')[0],
      ),
    ).toEqual(['5:13', '6:24']);
  });
});

describe('the examples of docs/profiles.md', () => {
  const text = readFileSync(new URL('../../docs/profiles.md', import.meta.url), 'utf8');
  const [profile = '', , requires = ''] = [...text.matchAll(/```yaml\n([^]*?)```/g)].map(
    ([, block]) => block,
  );

  it('are a profile and requirements in which nothing is wrong', () => {
    expect(problemsOf(profile)).toEqual([]);
    const { requirements, problems } = parseRequirements(`stack: example\n${requires}`, 'stack.yaml');
    expect([problems, requirements.map((one) => one.application)]).toEqual([[], ['example', 'inference']]);
  });
});

describe('profiles of several files', () => {
  const rules = 'match: [{field: cpu.count, is: 1}]\n';

  it('leave out the wrong ones and keep the others', () => {
    const { profiles, problems } = loadProfiles([
      { file: 'a.yaml', text: `${HEAD}${rules}` },
      { file: 'b.yaml', text: 'name: [' },
    ]);
    expect(profiles.map((profile) => profile.name)).toEqual(['big']);
    expect(problems.map((problem) => problem.file)).toContain('b.yaml');
  });

  it('let the site replace a shipped one, with a warning', () => {
    const { profiles, problems } = loadProfiles([
      { file: 'shipped/big.yaml', text: `${HEAD}${rules}` },
      { file: 'profiles/big.yaml', text: `${HEAD.replace('Big', 'Ours')}${rules}` },
    ]);
    expect(profiles.map((profile) => profile.title)).toEqual(['Ours']);
    expect(problems).toMatchObject([
      { severity: 'warning', code: 'PROFILE_REPLACED', file: 'profiles/big.yaml' },
    ]);
  });
});

describe('any text', () => {
  it('made from a good profile by a few edits gives a profile or problems with their place', () => {
    fc.assert(
      fc.property(spoiled(GOOD, ['field: ', 'any: ']), (text) => {
        const { profile, problems } = parseProfile(text, 'x.yaml');
        expect(profile === undefined).toBe(problems.some((problem) => problem.severity === 'error'));
        for (const { line, column, message } of problems) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(text.split('\n').length);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(message).toMatch(/^\S.*\.$/s);
        }
        expect(() => parseRequirements(text, 'x.yaml')).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, string]>([
    ['brackets', '['.repeat(100_000)],
    ['dashes', '- '.repeat(50_000)],
    [
      'a billion laughs',
      [
        'a0: &a0 [x]',
        ...Array.from({ length: 20 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join()}]`),
      ].join('\n'),
    ],
    ['bytes', 'x'.repeat(1_000_000)],
    ['nothing but noise', '\0\u0001'],
  ])('that is a bomb of %s is refused', (_, text) => {
    expect(parseProfile(text, 'x.yaml').problems.length).toBeGreaterThan(0);
  });
});
