import type { CommandEnd } from './command.ts';

/** JSON lines of a running command, taken one by one. */
export interface Messages<T> {
  push(chunk: Buffer): void;
  /** The next message, or null once the command has ended without one. Rejects as the command does. */
  next(done: Promise<CommandEnd>): Promise<T | null>;
}

/** Collects lines of JSON; a line that is none is left out. */
export function createMessages<T>(): Messages<T> {
  const queue: T[] = [];
  let rest = '';
  let wake: () => void = () => undefined;
  return {
    push: (chunk) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const message = parse<T>(line);
        if (message !== null) queue.push(message);
      }
      wake();
    },
    next: async (done) => {
      const ended = done.then(() => true);
      ended.catch(() => undefined);
      while (queue.length === 0) {
        const arrived = new Promise<boolean>((resolve) => (wake = () => resolve(false)));
        if ((await Promise.race([arrived, ended])) && queue.length === 0) return null;
      }
      return queue.shift() ?? null;
    },
  };
}

function parse<T>(line: string): T | null {
  try {
    return JSON.parse(line) as T;
  } catch {
    return null;
  }
}
