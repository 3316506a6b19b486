import { describe, expect, it } from 'vitest';
import { parseRoute, runLink, siteLink } from '../../renderer/hooks/use-route.ts';
import { findActions, type Action } from '../../renderer/state/actions.ts';
import { canGoOn, groupSites } from '../../renderer/state/home.ts';
import { siteLine } from '../../renderer/state/site-row.ts';
import type { KnownSite, RunSummary } from '../../src/contract/api.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

const run = (changes: Partial<RunSummary> = {}): RunSummary => ({
  run: `r-${changes.started ?? ''}${changes.opened ?? ''}`,
  site: 'plant-7',
  stack: 'demo',
  status: 'ok',
  started: '2026-11-21T10:00:00Z',
  finished: '2026-11-21T11:00:00Z',
  stages_done: 4,
  stages_total: 4,
  ...changes,
});

const file = (changes: Partial<KnownSite> = {}): KnownSite => ({
  file: '/srv/plant-7/site.yaml',
  at: '2026-11-21T09:00:00Z',
  site: 'plant-7',
  errors: 0,
  ...changes,
});

const shape = (runs: readonly RunSummary[], known: readonly KnownSite[] = []) =>
  groupSites(runs, known).map(({ kind, sites }) => [kind, sites.map(({ id }) => id)]);

describe('sites of Home', () => {
  it('join a run with the site file it began with, and else by the name of the site', () => {
    expect(shape([run({ site_file: '/srv/plant-7/site.yaml' })], [file({ site: 'renamed' })])).toEqual([
      ['finished', ['plant-7']],
    ]);
    expect(shape([run()], [file()])).toEqual([['finished', ['plant-7']]]);
    expect(shape([run({ site_file: '/srv/a.yaml' })], [file()])).toEqual([
      ['needs-you', ['/srv/plant-7/site.yaml']],
      ['finished', ['plant-7']],
    ]);
  });

  it('keep a run of another machine apart from the site of the same name on this one', () => {
    const groups = groupSites([run(), run({ opened: 'plant-7.bringup', status: 'failed' })], [file()]);
    expect(groups.map(({ kind, sites }) => [kind, sites.length])).toEqual([
      ['finished', 1],
      ['opened', 1],
    ]);
    expect(groups[1]?.sites[0]?.known).toBeUndefined();
  });

  it('are in the order in which they were last worked on', () => {
    const runs = [run({ site: 'a', status: 'failed', started: '2026-11-20T00:00:00Z' })];
    const known = [file({ file: '/b.yaml', site: 'b', at: '2026-11-21T00:00:00Z' })];
    expect(shape(runs, known)).toEqual([['needs-you', ['/b.yaml', 'a']]]);
  });
});

it('a run that was to end early names its last stage as the engineer reads it', () => {
  const [group] = groupSites(
    [run({ until: 'upload', until_title: 'Send the files', left: 2, status: 'ok' })],
    [file()],
  );
  const [site] = group?.sites ?? [];
  expect(site && siteLine(site, NOW).note).toContain('Send the files');
});

describe('the next thing to do', () => {
  const next = (entry: RunSummary | KnownSite): unknown => {
    const isRun = 'run' in entry;
    const [group] = groupSites(
      isRun ? [entry] : [],
      !isRun ? [entry] : entry.opened === undefined ? [file()] : [],
    );
    const [site] = group?.sites ?? [];
    if (site === undefined) throw new Error('no site');
    const { word, next: text, action } = siteLine(site, NOW);
    return [group?.kind, word, text, action.label];
  };

  it.each([
    [run(), ['finished', 'ok', 'Nothing, the site is up', 'Open']],
    [
      run({ until: 'preflight', status: 'ok' }),
      ['needs-you', 'ok', 'Start the run of the whole site', 'Go on preparing'],
    ],
    [
      run({ status: 'running', interrupted: 'killed' }),
      ['needs-you', 'left without an end', 'Resume it; what is done stays done', 'Resume'],
    ],
    [
      run({ status: 'failed', opened: 'a.bringup' }),
      ['opened', 'failed', 'Nothing, it is a run of another machine', 'Open'],
    ],
    [file(), ['needs-you', 'preparing', 'Check the steps and start the run', 'Go on preparing']],
    [
      file({ errors: 2, first_error: 'Line 4: There is no network mgnt.' }),
      ['needs-you', 'invalid', 'Line 4: There is no network mgnt.', 'Mend site file'],
    ],
    [
      file({ gone: true }),
      ['needs-you', 'file missing', 'Open the site file where it is now', 'Remove from list'],
    ],
  ])('of %o', (entry, wanted) => {
    expect(next(entry)).toEqual(wanted);
  });

  it('can be resuming for what came to no good end here, and for nothing else', () => {
    const can = [run(), run({ status: 'failed' }), run({ status: 'cancelled' })].map(canGoOn);
    expect(can).toEqual([false, true, true]);
    expect(canGoOn(run({ status: 'failed', opened: 'a.bringup' }))).toBe(false);
    expect(canGoOn(run({ status: 'running' }))).toBe(false);
  });
});

describe('addresses', () => {
  it('lead back to what they were made from', () => {
    expect(parseRoute(runLink('a/b %'))).toEqual({ page: 'run', run: 'a/b %' });
    const name = 'C:\\sites\\plant #7/site.yaml';
    expect(parseRoute(siteLink(name, 'hosts'))).toEqual({ page: 'site', file: name, step: 'hosts' });
  });

  it.each(['', '#/', '#/runs/', '#/runs/%', '#/nothing/x', '#/sites/a/b/c'])(
    'that say nothing lead Home: %s',
    (hash) => {
      expect(parseRoute(hash)).toEqual({ page: 'home' });
    },
  );
});

describe('finding an action', () => {
  const titles = ['Open site file', 'New site', 'Mend site file, plant-9', 'Theme: light'];
  const actions = titles.map((title): Action => ({ id: title, title, onPage: true, run: () => undefined }));

  it('takes words in any order, and puts first what begins with the first one', () => {
    expect(findActions(actions, 'SITE open').map(({ title }) => title)).toEqual(['Open site file']);
    expect(findActions(actions, 'mend').map(({ title }) => title)).toEqual(['Mend site file, plant-9']);
    expect(findActions(actions, 'n site').map(({ title }) => title)[0]).toBe('New site');
    expect(findActions(actions, ' ')).toHaveLength(4);
  });
});
