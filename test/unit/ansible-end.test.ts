import { describe, expect, it } from 'vitest';
import type { StageTally } from '../../src/ansible/event-mapper.ts';
import { judgeEnd } from '../../src/ansible/stage-end.ts';
import type { RunnerEnd } from '../../src/ansible/tail-line.ts';

const PLACE = { stage: 'network-services', runs_on: 'deployment-vm', projects: [] };
const TALLY: StageTally = {
  ...{ failures: [], results: 3, tasks: 2, changed: false, cutShort: false, spoken: [] },
  leftOut: new Map(),
  lastTask: 'Configure DNS',
};

function judge(end: Partial<RunnerEnd>) {
  const whole: RunnerEnd = { status: 'died', rc: null, output: '', asked: false, ...end };
  const { status, text, failures } = judgeEnd(whole, TALLY, PLACE);
  return { status, text, code: failures[0]?.code };
}

describe('a stage that was ended from outside is told by what ended it', () => {
  it('its machine went down, however the runner took it', () => {
    for (const status of ['died', 'canceled'] as const)
      expect(judge({ status, restarted: true })).toMatchObject({
        status: 'failed',
        code: 'STAGE_MACHINE_RESTARTED',
        text: expect.stringContaining('deployment-vm was restarted or shut down'),
      });
  });

  it('the disk of its machine was full', () => {
    for (const status of ['died', 'canceled'] as const)
      expect(judge({ status, disk_full: true })).toMatchObject({
        status: 'failed',
        code: 'STAGE_DISK_FULL',
        text: expect.stringContaining('no space left on the disk of deployment-vm'),
      });
  });

  it('the disk was full, whatever the tool that met it calls it', () => {
    const end = { status: 'failed', disk_full: true, output: 'ERROR! Invalid argument' } as const;
    expect(judge(end)).toMatchObject({ status: 'failed', code: 'STAGE_DISK_FULL' });
  });

  it('its runner was killed', () => {
    expect(judge({ status: 'died' })).toMatchObject({ status: 'failed', code: 'STAGE_RUNNER_DIED' });
  });

  it('somebody stopped it on its machine, which is no cancel of the engineer', () => {
    expect(judge({ status: 'canceled' })).toMatchObject({ status: 'failed', code: 'STAGE_STOPPED_THERE' });
  });

  it('the engineer cancelled it, also on a disk that is full', () => {
    for (const disk_full of [false, true])
      expect(judge({ status: 'canceled', asked: true, disk_full })).toMatchObject({
        status: 'cancelled',
        code: undefined,
      });
  });

  it('the scripts of an older Bringup do not say who asked: it was a cancel', () => {
    const { asked: _, ...old } = { status: 'canceled', rc: 254, output: '', asked: false } as const;
    expect(judgeEnd(old, TALLY, PLACE).status).toBe('cancelled');
  });

  it('what ended well on a machine that was restarted later has ended well', () => {
    expect(judge({ status: 'successful', restarted: true, disk_full: true })).toMatchObject({ status: 'ok' });
  });
});

it('a stage that ends well without hosts names them, and why', () => {
  const end: RunnerEnd = { status: 'successful', rc: 0, output: '', asked: false };
  const leftOut = new Map([
    ...['node-3', 'node-4'].map((host) => [host, 'no operating system yet'] as const),
    ['node-5', 'an operating system that is to be overwritten'],
  ]);
  expect(judgeEnd(end, { ...TALLY, leftOut }, PLACE)).toMatchObject({
    status: 'ok',
    text: '2 tasks; without node-3, node-4: no operating system yet; without node-5: an operating system that is to be overwritten',
  });
  const many = new Map(Array.from({ length: 12 }, (_, index) => [`node-${index + 1}`, 'nothing'] as const));
  expect(judgeEnd(end, { ...TALLY, leftOut: many }, PLACE).text).toBe(
    '2 tasks; without node-1, node-2, node-3, node-4, node-5 and 7 more: nothing',
  );
});

describe('a host at which a module of Bringup found several faults', () => {
  const failed = (action: string): StageTally => ({
    ...TALLY,
    failures: [
      {
        host: 'node-1',
        status: 'failed',
        event: {
          counter: 9,
          event: 'runner_on_failed',
          data: { task: 'Tell the faults', task_uuid: 'u1', task_action: action, host: 'node-1' },
        },
        result: {
          ...{ code: 'NET_MTU', msg: 'node-1 sends no more than 1400 bytes.' },
          faults: [
            { code: 'NET_MTU', msg: 'node-1 sends no more than 1400 bytes.' },
            { code: 'NET_PORT', msg: 'Nobody answers at port 9345 of node-1.' },
          ],
        },
      },
    ],
  });
  const told = (action: string) =>
    judgeEnd({ status: 'failed', rc: 2, output: '' }, failed(action), PLACE).failures.map(
      ({ code, message }) => `${code ?? 'no code'}: ${message}`,
    );

  it('has a failure for each of them', () => {
    expect(told('bringup_net_fault')).toEqual([
      'NET_MTU: node-1 sends no more than 1400 bytes.',
      'NET_PORT: Nobody answers at port 9345 of node-1.',
    ]);
  });

  it('has one where the module is of somebody else: its faults may be anything', () => {
    expect(told('community.general.ping')).toEqual(['no code: node-1 sends no more than 1400 bytes.']);
  });
});
