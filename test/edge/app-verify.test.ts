import { afterEach, beforeEach, expect, it } from 'vitest';
import { onlyAcceptance } from '../../src/app/apply.ts';
import type { PlannedStage, RunEvent } from '../../src/contract/events.ts';
import type { StageStart } from '../../src/runs/index.ts';
import { openLoopbackService, type LoopbackService } from './loopback-service.ts';
import { writeLoopbackSite } from './loopback-site.ts';

let loopback: LoopbackService;

beforeEach(() => {
  loopback = openLoopbackService();
});
afterEach(() => loopback.dispose());

const planOf = (event: RunEvent | undefined): unknown =>
  event?.kind === 'run.started' || event?.kind === 'run.resumed'
    ? event.stages?.map(({ id, after }) => [id, after])
    : undefined;

it('uploads nothing, lets no stage wait for another, says so in the list of runs, and stays so when it goes on', async () => {
  const { folder, service, ended } = loopback;
  const siteFile = writeLoopbackSite(folder, '');
  const { run } = await service.call('runs.apply', { siteFile, verify: true });
  const [started, ...rest] = await ended(run, 1);
  const plan = [
    ['kvm-host-preflight', []],
    ['deployment-vm', ['kvm-host-preflight']],
    ['network-services', ['kvm-host-preflight']],
    ['network-tests', ['kvm-host-preflight']],
    ['health', ['kvm-host-preflight']],
  ];
  expect(planOf(started)).toEqual(plan);
  expect(started).toMatchObject({ choices: { verify: true } });
  expect((await service.call('runs.list', {})).runs).toMatchObject([{ run, verify: true, status: 'failed' }]);

  const { from } = await service.call('runs.resume', { run });
  const [resumed] = await ended(run, from);
  expect(planOf(resumed)).toEqual(plan);

  // The port of the KVM host is closed: what stands in the way is a case of its own, what did not run says why.
  expect(rest.some(({ kind }) => kind === 'failure')).toBe(true);
  const { text } = await service.call('runs.report', { run, format: 'junit' });
  expect(text).toMatch(/<error type="ssh\.[a-z_]+"|<failure type="ssh\.[a-z_]+"/);
  expect(text).toContain('<skipped message="not run because kvm-host-preflight');
});

it('is not what a plan compares the site file with', async () => {
  const { folder, service, ended } = loopback;
  const siteFile = writeLoopbackSite(folder, '');
  await ended((await service.call('runs.apply', { siteFile, verify: true })).run, 1);
  const { stages } = await service.call('plan.show', { file: siteFile });
  expect(stages.map(({ id }) => id)).toContain('upload');
  expect(stages.map(({ done }) => done)).toEqual(stages.map(() => undefined));
});

it('begins stages with their acceptance test alone, and leaves those that are kept or passed over as they are', () => {
  const stage = (id: string, acceptance?: string): PlannedStage => ({
    ...{ id, title: id, runs_on: 'deployment-vm', after: [], hosts: ['deploy'] },
    ...(acceptance === undefined ? {} : { acceptance }),
  });
  const starts = new Map<string, StageStart>([
    ['dns', { how: 'begin', reason: 'it failed before', onlyHosts: ['node-1'] }],
    ['ntp', { how: 'keep' }],
    ['logs', { how: 'override', reason: 'later' }],
  ]);
  const stages = [
    ...[stage('preflight'), stage('dns', 'acceptance'), stage('ntp', 'acceptance')],
    ...[stage('logs', 'acceptance'), stage('vm', 'proof')],
  ];
  expect(Object.fromEntries(onlyAcceptance(stages, starts))).toEqual({
    preflight: { how: 'begin' },
    dns: { how: 'begin', reason: 'it failed before', onlyHosts: ['node-1'], tag: 'acceptance' },
    ntp: { how: 'keep' },
    logs: { how: 'override', reason: 'later' },
    vm: { how: 'begin', reason: 'only its acceptance test is carried out', tag: 'proof' },
  });
});
