import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLoopbackService, type LoopbackService } from './loopback-service.ts';
import { writeLoopbackSite } from './loopback-site.ts';

let loopback: LoopbackService;

beforeEach(() => {
  loopback = openLoopbackService();
});
afterEach(() => loopback.dispose());

it('the journal says which profiles were chosen by hand, and why, as the site file has it at each start', async () => {
  const { folder, service, ended } = loopback;
  const chosen = 'profile: compute\n    profile_reason: the BMC tells another model';
  const { run } = await service.call('runs.apply', { siteFile: writeLoopbackSite(folder, chosen) });
  const [started] = await ended(run, 1);
  const profiles = [{ host: 'node-1', profile: 'compute', reason: 'the BMC tells another model' }];
  expect(started).toMatchObject({ kind: 'run.started', choices: { profiles } });
  expect((await service.call('runs.show', { run })).choices).toEqual({ profiles });
  expect((await service.call('runs.report', { run, format: 'markdown' })).text).toContain(
    '| node-1 | compute | the BMC tells another model |',
  );

  writeLoopbackSite(folder, 'profile: auto');
  const { from } = await service.call('runs.resume', { run });
  const [resumed] = await ended(run, from);
  expect(resumed).toMatchObject({ kind: 'run.resumed' });
  expect((await service.call('runs.show', { run })).choices?.profiles).toBeUndefined();
});

it('a run that is to end early says how many stages of the plan it leaves, also when it goes on', async () => {
  const { folder, service, ended } = loopback;
  const siteFile = writeLoopbackSite(folder, 'profile: auto');
  const { stages } = await service.call('plan.show', { file: siteFile });
  const until = stages[0]?.id ?? '';
  const choices = { until, left: stages.length - 1 };
  const { run } = await service.call('runs.apply', { siteFile, until });
  const [started] = await ended(run, 1);
  expect(started).toMatchObject({ kind: 'run.started', choices });
  const { from } = await service.call('runs.resume', { run });
  const [resumed] = await ended(run, from);
  expect(resumed).toMatchObject({ kind: 'run.resumed', choices });
});
