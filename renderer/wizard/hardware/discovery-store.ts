import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BringupClient, DiscoverOptions, DiscoverProgress } from '../../../src/contract/api.ts';
import type { DiscoverResult } from '../../../src/contract/hardware.ts';

/** What the steps know of a site's hardware. `asked` are the hosts of the discovery that goes on, where it is not all. */
export interface DiscoveryView {
  readonly result: DiscoverResult | undefined;
  readonly progress: DiscoverProgress | undefined;
  readonly asked: readonly string[] | undefined;
  readonly error: Error | undefined;
  /** True before the first answer: nothing can be said yet. */
  readonly loading: boolean;
}

export interface DiscoveryStore {
  readonly store: StoreApi<DiscoveryView>;
  /** Reads what is known, and follows a discovery that goes on; returns stop. */
  open(): () => void;
  start(options?: Omit<DiscoverOptions, 'file'>): void;
  cancel(): void;
  /** Reads what is known again: with another site file other machines are whose they are. */
  refresh(): void;
}

/** How often a discovery that goes on is asked how far it is. */
const ASK_MS = 700;
const stores = new WeakMap<BringupClient, Map<string, DiscoveryStore>>();

/** The discovery of a site file; one for all steps, so that leaving a step loses nothing of it. */
export function discoveryOf(client: BringupClient, file: string): DiscoveryStore {
  const files = stores.get(client) ?? new Map<string, DiscoveryStore>();
  stores.set(client, files);
  const store = files.get(file) ?? createDiscoveryStore(client, file);
  files.set(file, store);
  return store;
}

function createDiscoveryStore(client: BringupClient, file: string): DiscoveryStore {
  const store = createStore<DiscoveryView>(() => ({
    ...{ result: undefined, progress: undefined, asked: undefined, error: undefined },
    loading: true,
  }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let watchers = 0;
  let mine = false;

  const read = async (): Promise<void> => {
    const { result } = await client.call('hardware.last', { file });
    store.setState({ result: result ?? undefined });
  };
  const fail = (reason: unknown): void => {
    store.setState({ error: reason instanceof Error ? reason : new Error(String(reason)), loading: false });
  };
  const look = async (): Promise<void> => {
    clearTimeout(timer);
    const progress = await client.call('hardware.progress', {});
    const before = store.getState().progress?.running === true;
    const running = progress.running && (mine || progress.file === file);
    store.setState({ progress: running ? progress : undefined });
    if (running || mine) {
      if (watchers > 0) timer = setTimeout(() => void look().catch(fail), ASK_MS);
    } else if (before) await read();
  };
  const open = (): (() => void) => {
    watchers += 1;
    read()
      .then(look)
      .then(() => {
        store.setState({ loading: false });
      })
      .catch(fail);
    return () => {
      watchers -= 1;
      if (watchers === 0) clearTimeout(timer);
    };
  };
  const start = (options: Omit<DiscoverOptions, 'file'> = {}): void => {
    mine = true;
    const began = { running: true, done: 0, total: 0, ended: [], started: new Date().toISOString() };
    store.setState({ error: undefined, asked: options.hosts, progress: began });
    client
      .call('hardware.discover', { file, ...options })
      .then(async (result) => {
        // Of some hosts only a part comes back; what is known of all is kept by the application.
        if (options.hosts === undefined) store.setState({ result });
        else await read();
      })
      .catch(fail)
      .finally(() => {
        mine = false;
        store.setState({ progress: undefined, asked: undefined });
      });
    timer = setTimeout(() => void look().catch(fail), ASK_MS);
  };
  const cancel = (): void => {
    client.call('hardware.cancel', {}).catch(fail);
  };
  const refresh = (): void => {
    if (store.getState().loading || mine) return;
    read()
      .then(() => {
        store.setState({ error: undefined });
      })
      .catch(fail);
  };
  return { store, open, start, cancel, refresh };
}
