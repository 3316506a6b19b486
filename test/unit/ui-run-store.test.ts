// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { createRunStore } from '../../renderer/state/run-store.ts';
import type { BringupClient } from '../../src/contract/api.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { failedRun } from '../fixtures/journals/samples.ts';

type Listener = (events: readonly RunEvent[]) => void;

function createClient() {
  let listener: Listener = () => undefined;
  const unsubscribe = vi.fn();
  const client: BringupClient = {
    call: () => Promise.reject(new Error('not called')),
    subscribe: (_run, _from, given) => {
      listener = given;
      return unsubscribe;
    },
  };
  return { client, unsubscribe, emit: (events: readonly RunEvent[]) => listener(events) };
}

const frame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve()));

describe('createRunStore', () => {
  it('reduces all events of a frame in one update, each once', async () => {
    const { client, emit } = createClient();
    const { store, archive, open } = createRunStore(client, 'r');
    const close = open();
    const updates = vi.fn();
    store.subscribe(updates);
    for (const event of failedRun) emit([event]);
    emit(failedRun.slice(3, 9));
    await frame();
    expect(updates).toHaveBeenCalledOnce();
    expect(await archive.load(1, archive.last)).toEqual(failedRun);
    expect(store.getState().run.status).toBe('failed');
    close();
  });

  it('takes up from the last event when it is opened again', async () => {
    const { client, emit } = createClient();
    const subscribe = vi.spyOn(client, 'subscribe');
    const { archive, open } = createRunStore(client, 'r');
    const close = open();
    emit(failedRun.slice(0, 5));
    await frame();
    close();
    open();
    expect(subscribe.mock.lastCall?.[1]).toBe(6);
    emit(failedRun);
    await frame();
    expect(await archive.load(1, archive.last)).toEqual(failedRun);
  });

  it('lets go of the client and of a waiting update when it is closed', async () => {
    const { client, emit, unsubscribe } = createClient();
    const { store, open } = createRunStore(client, 'r');
    const close = open();
    emit(failedRun);
    close();
    await frame();
    expect(unsubscribe).toHaveBeenCalledOnce();
    expect(store.getState().run.lastSeq).toBe(0);
  });
});
