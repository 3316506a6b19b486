/** Lets a bounded number of pieces of work through at once; the others wait in order. */
export interface Gate {
  /** Runs the work when it is its turn. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Lets fewer (or more) through from now on. */
  narrow(limit: number): void;
}

/** A gate for `limit` pieces of work at once. */
export function createGate(limit: number): Gate {
  const waiting: (() => void)[] = [];
  let open = Math.max(1, limit);
  let inside = 0;

  const admit = (): void => {
    while (inside < open && waiting.length > 0) {
      inside += 1;
      waiting.shift()?.();
    }
  };
  return {
    run: async (work) => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        admit();
      });
      try {
        return await work();
      } finally {
        inside -= 1;
        admit();
      }
    },
    narrow: (next) => {
      open = Math.max(1, next);
      admit();
    },
  };
}
