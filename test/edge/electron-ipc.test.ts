import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { APP_ORIGIN, commandChannel, FOLLOW_CHANNEL, STOP_CHANNEL } from '../../main/electron/channels.ts';
import { COMMANDS } from '../../src/contract/api.ts';
import { failedRun } from '../fixtures/journals/samples.ts';
import { createSampleService } from '../ui/service.ts';

vi.mock('electron', () => ({ ipcMain: { handle: () => undefined } }));
const { registerIpc } = await import('../../main/electron/ipc.ts');

const RUN = failedRun[0]?.run ?? '';
type Handler = Parameters<IpcMain['handle']>[1];

function setUp() {
  const handlers = new Map<string, Handler>();
  const service = createSampleService([failedRun]);
  registerIpc(service, { handle: (channel, handler) => void handlers.set(channel, handler) });
  const sender = { id: 7, send: vi.fn(), isDestroyed: () => false, once: vi.fn() };
  const invoke = (channel: string, frame: unknown, ...input: unknown[]): unknown => {
    const event: unknown = { senderFrame: frame, sender };
    return handlers.get(channel)?.(event as IpcMainInvokeEvent, ...input);
  };
  return { handlers, invoke, sender, service };
}

const OURS = { origin: APP_ORIGIN, parent: null };

describe('registerIpc', () => {
  it('opens a channel for each command of the table and two for events, no more', () => {
    const { handlers } = setUp();
    expect([...handlers.keys()]).toEqual([...COMMANDS.map(commandChannel), FOLLOW_CHANNEL, STOP_CHANNEL]);
  });

  it('answers our own page', async () => {
    const answer = await setUp().invoke('bringup:runs.list', OURS, {});
    expect(answer).toMatchObject({ ok: true, value: { runs: [{ run: RUN }] } });
  });

  it.each([
    ['a frame that is gone', null],
    ['another origin', { origin: 'https://evil.example', parent: null }],
    ['a frame inside our page', { origin: APP_ORIGIN, parent: {} }],
  ])('refuses %s', async (_name, frame) => {
    const { invoke, service } = setUp();
    const answer = await invoke('bringup:runs.apply', frame, { siteFile: 'site.yaml' });
    expect(answer).toMatchObject({ ok: false, error: { code: 'SENDER_REFUSED' } });
    expect(service.calls).toEqual([]);
  });

  it('hands errors over as data', async () => {
    const answer = await setUp().invoke('bringup:site.inventory', OURS, { file: 'x' });
    expect(answer).toMatchObject({ ok: false, error: { code: 'NOT_IN_SAMPLE' } });
  });

  it('refuses an input that is not an object', async () => {
    const answer = await setUp().invoke('bringup:runs.list', OURS, 'text');
    expect(answer).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST', exit: 2 } });
  });

  it('follows a run until it is told to stop', async () => {
    const { invoke, sender, service } = setUp();
    await invoke(FOLLOW_CHANNEL, OURS, 1, RUN, 1);
    expect(sender.send).toHaveBeenCalledExactlyOnceWith('bringup:events', 1, failedRun);
    await invoke(STOP_CHANNEL, OURS, 1);
    service.push(RUN, { kind: 'run.resumed', reason: 'test' });
    expect(sender.send).toHaveBeenCalledOnce();
  });
});
