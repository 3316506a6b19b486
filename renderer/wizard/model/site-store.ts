import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BringupClient, SiteEdit, SiteFile } from '../../../src/contract/api.ts';
import { BringupError, toErrorData } from '../../../src/contract/errors.ts';
import { NOTHING_OPEN, isUnsaved, stepBack, stepForward, withPast, type SiteState } from './site-state.ts';

/** Typing is saved when it pauses this long; one pause is one step of undo. */
const PAUSE_MS = 500;

/** One open site file: every change is saved at once, one after the other, and can be taken back. */
export interface SiteStore {
  readonly store: StoreApi<SiteState>;
  /** Reads the file; again after an error. */
  open(): Promise<void>;
  edit(edits: readonly SiteEdit[]): Promise<void>;
  /** The text as it is typed; saved when the typing pauses. */
  type(text: string): void;
  undo(): void;
  redo(): void;
  /** Looks whether another program has changed the file: taken over where nothing is unsaved, a conflict otherwise. */
  check(): Promise<void>;
  /** Tries again to save what is shown. */
  save(): Promise<void>;
  /** Ends a conflict. Either way the other text is one step of undo away. */
  settle(choice: 'theirs' | 'mine' | 'edits'): Promise<void>;
  close(): void;
}

/** Opens nothing yet; `open` does. */
export function createSiteStore(client: BringupClient, file: string): SiteStore {
  const store = createStore<SiteState>(() => NOTHING_OPEN);
  let queue: Promise<unknown> = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let typing = false;

  const inTurn = <T>(job: () => Promise<T>): Promise<T> => {
    const next = queue.then(job);
    queue = next.catch(() => undefined);
    return next;
  };
  const adopt = (disk: SiteFile): void => {
    store.setState({ disk, saving: false, savedAt: new Date().toISOString(), error: null });
  };
  const fail = (thrown: unknown): void => {
    store.setState({ saving: false, error: toErrorData(thrown) });
  };
  /** Another program wrote the file: what it says now is kept beside what is shown here. */
  const collide = async (edits: readonly SiteEdit[]): Promise<void> => {
    const theirs = await client.call('site.read', { file });
    store.setState({ saving: false, conflict: { theirs, edits } });
  };
  const write = async (): Promise<void> => {
    clearTimeout(timer);
    typing = false;
    const { disk, text, conflict } = store.getState();
    if (disk === null || conflict !== null || !isUnsaved(store.getState())) return;
    store.setState({ saving: true });
    try {
      adopt(await client.call('site.write', { file: disk.file, text, revision: disk.revision }));
    } catch (thrown) {
      if (toErrorData(thrown).code === 'SITE_FILE_CHANGED') await collide([]).catch(fail);
      else fail(thrown);
    }
  };
  const save = (): Promise<void> => inTurn(write);
  const show = (step: Pick<SiteState, 'text' | 'past' | 'future'> | null): void => {
    if (step === null || store.getState().conflict !== null) return;
    clearTimeout(timer);
    typing = false;
    store.setState(step);
    void save();
  };
  const takeOver = (theirs: SiteFile): void => {
    store.setState((state) => ({
      ...withPast(state, state.text),
      text: theirs.text,
      takenOver: new Date().toISOString(),
    }));
    adopt(theirs);
  };
  const edit = (edits: readonly SiteEdit[]): Promise<void> =>
    inTurn(async () => {
      await write();
      const { disk, conflict, error } = store.getState();
      if (disk === null || conflict !== null || isUnsaved(store.getState())) throw notNow(error?.message);
      store.setState({ saving: true });
      try {
        const after = await client.call('site.edit', { file: disk.file, edits, revision: disk.revision });
        if (after.text !== disk.text)
          store.setState((state) => ({ ...withPast(state, disk.text), text: after.text }));
        adopt(after);
      } catch (thrown) {
        if (toErrorData(thrown).code === 'SITE_FILE_CHANGED') await collide(edits).catch(fail);
        else fail(thrown);
        throw thrown;
      }
    });

  return {
    store,
    edit,
    save,
    open: () =>
      inTurn(async () => {
        try {
          const disk = await client.call('site.read', { file });
          store.setState({ disk, text: disk.text, error: null });
        } catch (thrown) {
          fail(thrown);
        }
      }),
    type: (text) => {
      if (!typing) store.setState((state) => withPast(state, state.text));
      typing = true;
      store.setState({ text, future: [] });
      clearTimeout(timer);
      timer = setTimeout(() => void save(), PAUSE_MS);
    },
    undo: () => {
      show(stepBack(store.getState()));
    },
    redo: () => {
      show(stepForward(store.getState()));
    },
    check: () =>
      inTurn(async () => {
        const { disk, conflict } = store.getState();
        if (disk === null || conflict !== null || isUnsaved(store.getState())) return;
        const theirs = await client.call('site.read', { file }).catch(() => null);
        if (theirs === null || theirs.revision === disk.revision) return;
        if (!isUnsaved(store.getState())) takeOver(theirs);
        else store.setState({ conflict: { theirs, edits: [] } });
      }),
    settle: async (choice) => {
      const { conflict, text: mine } = store.getState();
      if (conflict === null) return;
      const { theirs, edits } = conflict;
      const kept = choice === 'mine' ? mine : theirs.text;
      const other = choice === 'mine' ? theirs.text : mine;
      store.setState((state) => ({
        ...(other === kept ? {} : withPast(state, other)),
        disk: theirs,
        text: kept,
        conflict: null,
        error: null,
      }));
      if (choice === 'mine') await save();
      if (choice !== 'theirs' && edits.length > 0) await edit(edits);
    },
    close: () => {
      clearTimeout(timer);
      if (typing) void save();
    },
  };
}

function notNow(reason: string | undefined): BringupError {
  const message = reason ?? 'The site file was changed by another program; choose first which text to keep.';
  return new BringupError({ code: 'SITE_NOT_SAVED', message });
}
