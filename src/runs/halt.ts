import type { CancelSignal } from '../contract/ports.ts';

/**
 * The two words of a cancel: `soft` lets the running tasks end, `hard` stops them. `left` is another thing: the record
 * cannot be kept any more, so nothing is waited for, and what runs at the site goes on.
 */
export interface Halt {
  readonly soft: CancelSignal;
  readonly hard: CancelSignal;
  readonly left: CancelSignal;
  stop(): void;
  kill(): void;
  leave(): void;
}

export function createHalt(): Halt {
  const soft = createSignal();
  const hard = createSignal();
  const left = createSignal();
  return {
    soft: soft.signal,
    hard: hard.signal,
    left: left.signal,
    leave: left.abort,
    stop: soft.abort,
    kill: () => {
      soft.abort();
      hard.abort();
    },
  };
}

function createSignal(): { signal: CancelSignal; abort(): void } {
  const listeners = new Set<() => void>();
  let aborted = false;
  return {
    signal: {
      get aborted() {
        return aborted;
      },
      addEventListener: (_type, listener) => void listeners.add(listener),
      removeEventListener: (_type, listener) => void listeners.delete(listener),
    },
    abort: () => {
      if (aborted) return;
      aborted = true;
      for (const listener of [...listeners]) listener();
    },
  };
}
