import { appendFile, open, stat } from 'node:fs/promises';
import path from 'node:path';
import type { RunControl, RunWord } from '../../src/bringup.ts';

/** How often the process that carries a run out looks for a word, in milliseconds. */
const LOOK_EVERY_MS = 300;

/** Words to the process that carries a run out, one a line in `<home>/runs/<run>/control`, beside the journal. */
export function createRunControl(home: string): RunControl {
  const fileOf = (run: string): string => path.join(home, 'runs', run, 'control');
  return {
    async ask(run, word) {
      await appendFile(fileOf(run), `${word}\n`, { mode: 0o600 });
    },

    listen(run, onWord) {
      const file = fileOf(run);
      let stopped = false;
      let timer: NodeJS.Timeout | undefined;
      // What was asked of an earlier process is not meant for this one.
      let from = sizeOf(file);

      const look = async (): Promise<void> => {
        const start = await from;
        const end = await sizeOf(file);
        if (end > start && !stopped) {
          const { words, read } = await readWords(file, start, end);
          from = Promise.resolve(start + read);
          for (const word of words) if (!stopped) onWord(word);
        }
      };
      const again = (): void => {
        if (!stopped) timer = setTimeout(() => void look().then(again, again), LOOK_EVERY_MS);
      };
      again();
      return () => {
        stopped = true;
        clearTimeout(timer);
      };
    },
  };
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => null);
  return found?.size ?? 0;
}

/** The whole lines between two places of a file; what is no word is passed over. */
async function readWords(
  file: string,
  start: number,
  end: number,
): Promise<{ words: RunWord[]; read: number }> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(end - start, 4096));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
    const text = buffer.toString('utf8', 0, bytesRead);
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const words = whole.split('\n').filter((word): word is RunWord => word === 'cancel' || word === 'kill');
    return { words, read: Buffer.byteLength(whole) };
  } finally {
    await handle.close();
  }
}
