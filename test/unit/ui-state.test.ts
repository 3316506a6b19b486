import { describe, expect, it } from 'vitest';
import { age, bytes, bytesOf, duration } from '../../renderer/format.ts';
import { cellStatus, columnsFor, layoutFor } from '../../renderer/state/cells.ts';
import { fixActionOf } from '../../renderer/state/fix-action.ts';
import { groupSites } from '../../renderer/state/home.ts';
import { logLine } from '../../renderer/state/log.ts';
import { progressOf, stageInFocus } from '../../renderer/state/progress.ts';
import { stageLine, stageVerdict } from '../../renderer/state/stage-line.ts';
import { groupTasks, taskAt } from '../../renderer/state/task-groups.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { EMPTY_RUN, reduceRun, type RunState, type StageState } from '../../src/runs/state.ts';
import { failedRun, okRun, preflightFailedRun, runningRun, wideRun } from '../fixtures/journals/samples.ts';

const reduce = (events: readonly RunEvent[]): RunState => reduceRun(EMPTY_RUN, events);

function stageOf(events: readonly RunEvent[], id: string): StageState {
  const stage = reduce(events).stages.get(id);
  if (stage === undefined) throw new Error(`no stage ${id}`);
  return stage;
}

const titles = (stage: StageState): Record<string, string[]> =>
  Object.fromEntries(
    groupTasks(stage).map(({ kind, places }) => [
      kind,
      [...places].map((place) => taskAt(stage, place)?.task.title ?? 'no task'),
    ]),
  );

describe('order of tasks', () => {
  it('puts the root cause first, then what it blocked, then what passed', () => {
    expect(titles(stageOf(failedRun, 'network-services'))).toEqual({
      'root-cause': ['Take a DHCP lease'],
      blocked: ['Synchronise the clock', 'Reach the log server'],
      passed: [
        'Install the site names',
        'Answer DNS and DHCP',
        'Keep the time',
        'Resolve forward and reverse names',
      ],
    });
  });

  it('shows a running stage newest first', () => {
    const groups = titles(stageOf(runningRun, 'deployment-vm'));
    expect(groups['now']).toEqual(['Wait until SSH answers with the expected host key']);
    expect(groups['done']?.slice(0, 2)).toEqual(['Boot the deployment VM', 'Import the OVA']);
  });

  it('sorts preflight checks by outcome', () => {
    const groups = titles(stageOf(preflightFailedRun, 'preflight'));
    expect(groups['failed-checks']).toEqual(['Bridge br-mgmt', 'Ansible and its runner']);
    expect(groups['passed-checks']).toHaveLength(4);
  });

  it('keeps the order of a stage that went well', () => {
    expect(groupTasks(stageOf(okRun, 'network-services')).map(({ kind }) => kind)).toEqual(['all']);
  });

  it('does not call a failure that the playbook allows for a root cause', () => {
    const allowed = okRun.map((event) =>
      event.kind === 'host.result' && event.stage === 'network-services' && event.host === 'node-1'
        ? { ...event, status: 'failed' as const, ignored: true }
        : event,
    );
    const stage = stageOf(allowed, 'network-services');
    expect(groupTasks(stage).map(({ kind }) => kind)).toEqual(['all']);
    const lease = [...stage.tasks.values()].find((task) => task.title === 'Take a DHCP lease');
    expect(lease && cellStatus(stage, lease, 'node-1')).toBe('overridden');
  });
});

describe('cells', () => {
  const stage = stageOf(failedRun, 'network-services');
  const cell = (title: string, host: string): string => {
    const task = [...stage.tasks.values()].find((entry) => entry.title === title);
    return task === undefined ? 'no task' : cellStatus(stage, task, host);
  };

  it('tells a host that failed before from one the task is not for', () => {
    expect(cell('Synchronise the clock', 'node-1')).toBe('ok');
    expect(cell('Synchronise the clock', 'node-2')).toBe('not-run');
    expect(cell('Synchronise the clock', 'deploy')).toBe('none');
    expect(cell('Keep the time', 'node-2')).toBe('none');
  });

  it('draws one host as a list, up to fourteen as a matrix, more as a summary', () => {
    expect([0, 1, 2, 14, 15, 100].map(layoutFor)).toEqual([
      'list',
      'list',
      'matrix',
      'matrix',
      'summary',
      'summary',
    ]);
  });

  it('shortens the names of many alike hosts to their number', () => {
    const names = Array.from({ length: 12 }, (_, index) => `node-${index + 1}`);
    expect(columnsFor(['deploy', ...names]).map(({ label }) => label)).toEqual([
      'deploy',
      ...names.map((name) => name.slice(5)),
    ]);
    expect(columnsFor(['node-1', 'node-2']).map(({ label }) => label)).toEqual(['node-1', 'node-2']);
  });
});

describe('words of a stage', () => {
  it('counts failed hosts among those that were asked', () => {
    const run = reduce(failedRun);
    const stage = stageOf(failedRun, 'network-services');
    expect(stageLine(run, stage)).toBe('failed, 1 of 2 hosts');
    expect(stageVerdict(stage)).toBe('failed on 1 of 2 hosts');
    expect(stageVerdict(stageOf(wideRun(100), 'network-services'))).toBe('failed on 3 of 100 hosts');
  });

  it('says what a pending stage waits for, and that a blocked one was not run', () => {
    const running = reduce(runningRun);
    expect(stageLine(running, stageOf(runningRun, 'network-services'))).toBe('waits for Deployment VM');
    expect(stageLine(reduce(preflightFailedRun), stageOf(preflightFailedRun, 'upload'))).toBe('not run');
  });
});

describe('progress of a run', () => {
  it('does not count stages that were not run as done', () => {
    const progress = progressOf(reduce(preflightFailedRun), Date.parse('2026-11-21T00:00:00Z'));
    expect(progress).toMatchObject({ done: 0, failed: 1, total: 4 });
  });

  it('never claims that a stage beyond its time is done', () => {
    const run = reduce(runningRun);
    const late = progressOf(run, Date.parse(run.started) + 86_400_000);
    expect(late.part).toBeLessThan(0.7);
    expect(late.running).toBe(1);
  });

  it('looks at the failed stage first, else at the running one', () => {
    expect(stageInFocus(reduce(failedRun))).toBe('network-services');
    expect(stageInFocus(reduce(runningRun))).toBe('deployment-vm');
    expect(stageInFocus(reduce(okRun))).toBe('network-services');
    expect(stageInFocus(EMPTY_RUN)).toBeUndefined();
  });
});

describe('actions of a fix', () => {
  it.each([
    ['retry', 'retry', {}],
    ['resume', 'resume', {}],
    ['apply --confirm', 'resume', { confirm: true }],
    ['apply --install-missing', 'resume', { installMissing: true }],
    ['apply --accept-host-key SHA256:abc', 'resume', { acceptHostKey: 'SHA256:abc' }],
    ['retry --accept-host-key=SHA256:abc --confirm', 'retry', { acceptHostKey: 'SHA256:abc', confirm: true }],
  ])('carries out "%s" in the run that failed, as %s', (action, kind, options) => {
    expect(fixActionOf(action)).toEqual({ kind, options });
  });

  it.each([[undefined], ['format the disk'], ['apply --destroy'], ['apply --accept-host-key']])(
    'leaves "%s" to the engineer',
    (action) => {
      expect(fixActionOf(action)).toBeNull();
    },
  );
});

describe('log', () => {
  it('has the lines of one stage, each result with its task', () => {
    const titles = new Map<string, string>();
    for (const event of failedRun) if (event.kind === 'task.started') titles.set(event.task, event.title);
    const lines = failedRun.flatMap((event) => {
      const isOfStage = 'stage' in event && event.stage === 'network-services';
      const line = isOfStage ? logLine(event, (_stage, task) => titles.get(task)) : undefined;
      return line === undefined ? [] : [line];
    });
    expect(lines[0]?.text).toBe('Stage started');
    const failed = lines.find((line) => line.host === 'node-2' && line.status === 'failed');
    expect(failed?.task).toBe('Take a DHCP lease');
  });
});

describe('sites on Home', () => {
  it('are grouped by what they ask of the engineer, newest first', () => {
    const run = (site: string, status: 'ok' | 'failed' | 'running', started: string) => ({
      run: `${site}-${started}`,
      site,
      stack: 's',
      status,
      started,
      stages_done: 1,
      stages_total: 2,
    });
    const groups = groupSites([
      run('a', 'failed', '2026-11-20T00:00:00Z'),
      run('a', 'ok', '2026-11-21T00:00:00Z'),
      run('b', 'running', '2026-11-19T00:00:00Z'),
      run('c', 'failed', '2026-11-18T00:00:00Z'),
    ]);
    expect(groups.map(({ kind, sites }) => [kind, sites.map(({ site }) => site)])).toEqual([
      ['needs-you', ['c']],
      ['running', ['b']],
      ['finished', ['a']],
    ]);
  });
});

describe('figures', () => {
  it('are written as people read them', () => {
    expect([duration(9), duration(271), duration(7380), duration(5, true)]).toEqual([
      '0:09',
      '4:31',
      '2:03:00',
      '0:00:05',
    ]);
    expect([age(8), age(200), age(7800), age(400_000)]).toEqual(['8 s', '3 min', '2 h 10 min', '4 days']);
    expect([bytes(412 * 1024), bytes(9_019_431_321), bytes(12)]).toEqual(['412 KiB', '8.4 GiB', '12 B']);
    expect(bytesOf(9_019_431_321, 33_500_744_909)).toBe('8.4 of 31.2 GiB');
  });
});
