import { describe, expect, it } from 'vitest';
import { compatMatrix } from '../../renderer/wizard/hardware/compat-matrix.ts';
import { setIn } from '../../renderer/wizard/hardware/parameter-count.ts';
import { formatOf } from '../../renderer/wizard/hardware/parameter-format.ts';
import { parametersOf } from '../../renderer/wizard/hardware/parameter-schema.ts';
import { preflightView } from '../../renderer/wizard/hardware/preflight-view.ts';
import { automaticEdits, overrideEdits, profileRows } from '../../renderer/wizard/hardware/profile-rows.ts';
import { placeOf } from '../../renderer/wizard/hardware/review.ts';
import { siteHosts } from '../../renderer/wizard/hardware/site-view.ts';
import type { CompatCheck } from '../../src/contract/profile.ts';
import { EMPTY_RUN, reduceRun } from '../../src/runs/state.ts';
import { failedRun, preflightFailedRun } from '../fixtures/journals/samples.ts';

const HOSTS = siteHosts({
  hosts: [
    { name: 'node-1', roles: ['rke2-server'] },
    { serial: 'nameless' },
    { name: 'node-2', profile: 'compute', profile_reason: 'x' },
    { name: 'node-3' },
  ],
});

describe('profiles', () => {
  const base = { reason: '', rules: [], near: [] };
  it('that need a decision come first; an override is a decision', () => {
    const { open, done } = profileRows(HOSTS, [
      { ...base, host: 'node-1', status: 'matched', profile: 'compute' },
      { ...base, host: 'node-2', status: 'matched', profile: 'compute', override: { mismatches: [] } },
      { ...base, host: 'node-3', status: 'ambiguous', tied: ['a', 'b'] },
    ]);
    expect(open.map(({ host, state }) => [host.name, state])).toEqual([['node-3', 'tie']]);
    expect(done.map(({ state }) => state)).toEqual(['matched', 'overridden']);
  });

  it('are overridden with a reason, and the reason goes when discovery chooses again', () => {
    expect(overrideEdits(2, 'gpu', 'cards come').map(({ path }) => path.join('.'))).toEqual([
      'hosts.2.profile',
      'hosts.2.profile_reason',
    ]);
    expect(automaticEdits(HOSTS[1]!).map(({ op }) => op)).toEqual(['set', 'remove']);
    expect(automaticEdits(HOSTS[0]!).map(({ op }) => op)).toEqual(['set']);
  });
});

describe('requirements', () => {
  const check = (field: string, more: Partial<CompatCheck> = {}): CompatCheck => ({
    ...{ application: 'rke2', status: 'pass', field, wanted: 'at least 2', seen: '4', ...more },
  });
  const host = (name: string, ...checks: CompatCheck[]) => ({
    ...{ host: name, status: 'pass' as const, reason: '', checks },
  });

  it('are columns once, what offends first, and a host without one has an empty cell', () => {
    const disks = check('disks', { status: 'warn' });
    const { needs, lines } = compatMatrix([
      host('node-1', check('cpu.cores')),
      host('node-2', disks, check('cpu.cores')),
    ]);
    expect(needs.map(({ field }) => field)).toEqual(['disks', 'cpu.cores']);
    expect(lines.map(({ cells }) => cells.map((cell) => cell?.field))).toEqual([
      [undefined, 'cpu.cores'],
      ['disks', 'cpu.cores'],
    ]);
  });

  it('on one value share a column that shows the worst; on different parts of the machine they do not', () => {
    const [two, four] = [check('cpu.cores'), check('cpu.cores', { wanted: 'at least 8', status: 'warn' })];
    const shared = compatMatrix([host('node-1', two, four)]);
    expect(shared.needs.map(({ wanted }) => wanted)).toEqual([['at least 2', 'at least 8']]);
    expect(shared.lines[0]?.cells.map((cell) => cell?.status)).toEqual(['warn']);
    const parts = [check('disks'), check('disks', { wanted: '2 of nvme', seen: '0' })];
    expect(compatMatrix([host('node-1', ...parts)]).needs).toHaveLength(2);
  });
});

describe('a form made from a schema', () => {
  const registry = {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string' }, memory_gib: { type: 'number' } },
  };
  const parameters = parametersOf({
    required: ['size'],
    properties: {
      size: { type: 'integer', title: 'Size', minimum: 1, maximum: 9, default: 3 },
      mode: { enum: ['fast', 'safe'], default: 'safe' },
      on: { type: 'boolean', default: true },
      path: { type: 'string', minLength: 1, examples: ['images/a'], refers_to: 'network' },
      cluster: {
        type: 'object',
        title: 'Cluster',
        description: 'Left out, none is made.',
        properties: {
          names: { type: 'array', items: { type: 'string' } },
          mirrors: { type: 'array', items: registry },
        },
      },
      free: { type: ['object', 'null'] },
      values: { type: 'object' },
      many: { type: 'array', items: { type: 'object' } },
    },
  });
  const [size, , , path, cluster] = parameters;
  const inside = cluster?.kind === 'group' ? cluster.entries : [];

  it('has an entry for each kind, in the order of the schema', () => {
    expect(parameters.map(({ path: at, kind }) => [at.join('.'), kind])).toEqual([
      ['parameters.size', 'integer'],
      ['parameters.mode', 'choice'],
      ['parameters.on', 'boolean'],
      ['parameters.path', 'text'],
      ['parameters.cluster', 'group'],
      ['parameters.free', 'json'],
      ['parameters.values', 'json'],
      ['parameters.many', 'json'],
    ]);
    expect(size).toMatchObject({ title: 'Size', from: '1', to: '9', byDefault: '3', required: true });
    expect(inside.map(({ path: at, kind }) => [at.join('.'), kind])).toEqual([
      ['parameters.cluster.names', 'texts'],
      ['parameters.cluster.mirrors', 'list'],
    ]);
    expect(cluster).toMatchObject({ title: 'Cluster', description: 'Left out, none is made.' });
  });

  it('says what a text may be like, which is not how long it may be', () => {
    expect(path).toMatchObject({ title: 'Path', example: 'images/a', names: 'networks' });
    expect(path).not.toHaveProperty('from');
  });

  it('has the fields of each object in a list at its own place', () => {
    const [, mirrors] = inside;
    if (mirrors?.kind !== 'list') throw new Error('no list');
    expect(parametersOf(mirrors.items, [...mirrors.path, 1])).toMatchObject([
      { path: ['parameters', 'cluster', 'mirrors', 1, 'name'], kind: 'text', required: true },
      { path: ['parameters', 'cluster', 'mirrors', 1, 'memory_gib'], title: 'Memory GiB', required: false },
    ]);
  });

  it('counts what is set, a list as one', () => {
    expect(setIn(null, parameters)).toBe(0);
    const cluster = { names: ['a'], mirrors: [{ name: 'a' }, { name: 'b' }] };
    expect(setIn({ parameters: { size: 4, cluster } }, parameters)).toBe(3);
  });

  it.each([
    ['integer', '12', 12],
    ['integer', 'twelve', 'twelve'],
    ['number', '0.5', 0.5],
    ['boolean', 'true', true],
    ['texts', 'a, b', ['a', 'b']],
    ['json', '{"a": 1}', { a: 1 }],
    ['json', '{a', '{a'],
    ['text', '  ', undefined],
  ] as const)('reads %s %j, and keeps what does not fit for the check', (kind, typed, value) => {
    expect(formatOf(kind).read(typed)).toEqual(value);
  });
});

describe('a preflight run alone', () => {
  it('shows its checks, those that failed first, and no obstacle beside them', () => {
    const view = preflightView(reduceRun(EMPTY_RUN, preflightFailedRun));
    expect(view).toMatchObject({ running: false });
    expect(view?.failed).toBeGreaterThan(0);
    expect(view?.checks[0]?.status).toBe('failed');
    expect(view?.obstacle).toBeUndefined();
    expect(preflightView(EMPTY_RUN)).toBeUndefined();
  });

  it('offers the host key only where that is what it stopped at', () => {
    const key = `SHA256:${'k'.repeat(43)}`;
    const [started] = failedRun;
    const [stage = ''] = reduceRun(EMPTY_RUN, failedRun).stages.keys();
    const record = (why: string) => ({
      ...{ reference: 'F-1', what: 'x', owner: null, fixes: [], request: `it shows ${key}` },
      where: { stage, runs_on: 'laptop' },
      why: { key: why, summary: '', chain: [], evidence: [] },
    });
    const end = (why: string) =>
      preflightView(
        reduceRun(EMPTY_RUN, [
          started!,
          {
            ...{ seq: 2, at: started!.at, run: started!.run, kind: 'failure', stage },
            record: record(why),
          },
        ]),
      );
    expect(end('ssh.host_key_unknown')?.hostKey).toBe(key);
    expect(end('ssh.host_key_changed')?.hostKey).toBeUndefined();
  });
});

it.each([
  ['profile.ambiguous', { step: 'profiles', focus: '$.hosts[2]' }],
  ['cable.swapped', { step: 'cabling', focus: '$.hosts[2]' }],
  ['compat.fail', { step: 'compatibility' }],
  ['credential.missing', { step: 'credentials' }],
  ['host.missing', { step: 'discovery' }],
])('%s is mended in its step', (code, place) => {
  expect(placeOf({ code, host: 'node-2', message: '', remedy: '' }, HOSTS)).toEqual(place);
});
