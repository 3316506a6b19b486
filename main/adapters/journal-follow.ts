import { open } from 'node:fs/promises';

/** How often the journal of another process is looked at, in milliseconds. */
const LOOK_EVERY_MS = 100;
const CHUNK = 2 ** 20;

/**
 * Calls back with whole lines of a growing file from its beginning. The first of `files` that is there is followed; none
 * is waited for. A tail that is cut off and written anew (a run that goes on after a torn line) is read as it is then.
 */
export function followLines(
  files: readonly string[],
  onLines: (lines: readonly string[]) => void,
): () => void {
  /** Bytes of whole lines that were told. */
  let offset = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let buffer = Buffer.alloc(CHUNK);

  async function look(): Promise<void> {
    const handle = await openFirst(files);
    if (handle === null) return;
    try {
      const { size } = await handle.stat();
      offset = Math.min(offset, size);
      while (offset < size) {
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
        const end = buffer.subarray(0, bytesRead).lastIndexOf(10) + 1;
        if (stopped) return;
        if (end > 0) {
          offset += end;
          onLines(buffer.toString('utf8', 0, end - 1).split('\n'));
        } else if (bytesRead < buffer.length) return;
        else buffer = Buffer.alloc(buffer.length * 2);
      }
    } finally {
      await handle.close();
    }
  }

  function again(): void {
    if (!stopped) timer = setTimeout(() => void look().then(again, again), LOOK_EVERY_MS);
  }
  void look().then(again, again);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

async function openFirst(files: readonly string[]) {
  for (const file of files) {
    const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (handle !== null) return handle;
  }
  return null;
}
