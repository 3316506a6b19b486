import type { BrowserWindow } from 'electron';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { BringupClient, RunSummary } from '../../src/contract/api.ts';
import { electron, FakeWindow } from './electron-fake.ts';
import { eventually } from './eventually.ts';

vi.mock('electron', async () => (await import('./electron-fake.ts')).electronModule);
const { askBeforeClose, countOwnRuns } = await import('../../main/electron/closing.ts');

const summary = (run: string, more: Partial<RunSummary> = {}): RunSummary => ({
  ...{ run, site: `site of ${run}`, stack: 'demo', status: 'running', started: '2026-11-21T02:00:00Z' },
  ...{ stages_done: 1, stages_total: 3 },
  ...more,
});

let listed: RunSummary[];
let window: FakeWindow;
let start: (run: string) => Promise<unknown>;

beforeEach(() => {
  listed = [];
  electron.boxes.length = 0;
  electron.answer = { response: 0, filePaths: [] };
  window = new FakeWindow({});
  const call = async (command: string, input: object): Promise<unknown> =>
    command === 'runs.list' ? { runs: listed } : { run: Reflect.get(input, 'siteFile') as unknown };
  const runs = countOwnRuns({ call, subscribe: () => () => undefined } as Pick<
    BringupClient,
    'call' | 'subscribe'
  >);
  start = (run) => runs.service.call('runs.apply', { siteFile: run });
  askBeforeClose(window as unknown as BrowserWindow, runs);
});

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('closing the window', () => {
  it('asks nothing while no run was started from it, also when a terminal runs one', () => {
    listed = [summary('of a terminal')];
    expect(window.close()).toBe(true);
    expect(electron.boxes).toEqual([]);
  });

  it('asks while a run of its own is going, and says that the stage goes on and the run can be resumed', async () => {
    await start('one');
    listed = [summary('one'), summary('of a terminal')];
    expect(window.close()).toBe(false);
    await eventually(() => {
      expect(electron.boxes).toMatchObject([
        {
          message: 'The run of site of one is going.',
          detail: expect.stringMatching(/goes on there.*resume the run/s) as string,
          buttons: ['Keep open', 'Close Bringup'],
        },
      ]);
    });
    await settled();
    expect(window.calls).not.toContain('close');
    window.close();
    await eventually(() => {
      expect(electron.boxes).toHaveLength(2);
    });
  });

  it('asks once however often it is pressed, and closes when told to', async () => {
    electron.answer.response = 1;
    await start('one');
    listed = [summary('one')];
    window.close();
    window.close();
    await eventually(() => {
      expect(window.calls).toContain('close');
    });
    expect(electron.boxes).toHaveLength(1);
  });

  it.each([
    ['ended', { status: 'ok' }],
    ['was interrupted', { interrupted: 'Bringup was ended' }],
  ] as const)('asks nothing when its run %s', async (_what, more) => {
    await start('one');
    listed = [summary('one', more)];
    window.close();
    await eventually(() => {
      expect(window.calls).toContain('close');
    });
    expect(electron.boxes).toEqual([]);
  });
});
