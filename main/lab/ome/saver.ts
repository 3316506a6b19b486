import { writeAtomically } from '../write-atomically.ts';

/** Writes a state to disk soon after it changed, however often it changes meanwhile. */
export interface Saver {
  changed(): void;
  /** Writes what is not written yet. */
  flush(): void;
}

/** Milliseconds that may be lost when the process is killed; a discovery of hundreds of devices changes the state as often. */
const DELAY = 100;

/** Keeps a file, readable by its owner only, as the text says; without a file it does nothing. */
export function createSaver(file: string | undefined, textOf: () => string): Saver {
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    if (timer === undefined || file === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    writeAtomically(file, textOf(), 0o600);
  };
  return {
    changed: () => {
      if (file !== undefined) timer ??= setTimeout(flush, DELAY);
    },
    flush,
  };
}
