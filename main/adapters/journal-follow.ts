import { open } from 'node:fs/promises';

/** How often the journal of another process is looked at, in milliseconds. */
const LOOK_EVERY_MS = 250;
const CHUNK = 2 ** 20;

/** Calls back with whole lines of a growing file from its beginning; a file that is not there yet is waited for. */
export function followLines(file: string, onLines: (lines: readonly string[]) => void): () => void {
  let offset = 0;
  let rest = '';
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const decoder = new TextDecoder();

  async function look(): Promise<void> {
    const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (handle === null) return;
    try {
      const buffer = Buffer.alloc(CHUNK);
      for (;;) {
        const { bytesRead } = await handle.read(buffer, 0, CHUNK, offset);
        if (bytesRead === 0 || stopped) return;
        offset += bytesRead;
        const lines = (rest + decoder.decode(buffer.subarray(0, bytesRead), { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        if (lines.length > 0) onLines(lines);
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
