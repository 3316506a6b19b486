import { open } from 'node:fs/promises';
import { BringupError, EXIT } from '../../src/contract/errors.ts';

const BLOCK = 2 ** 19;

/** The whole lines of a file, half a MiB at a time, joined by line ends; what follows the last line end is left out. */
export async function* readLines(path: string, run: string, block = BLOCK): AsyncGenerator<string> {
  const file = await open(path, 'r').catch((thrown: NodeJS.ErrnoException) => {
    throw thrown.code === 'ENOENT' ? unknownRun(run) : thrown;
  });
  try {
    let buffer = Buffer.allocUnsafe(block);
    let filled = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, null);
      if (bytesRead === 0) return;
      filled += bytesRead;
      const end = buffer.lastIndexOf(10, filled - 1);
      if (end >= 0) {
        yield buffer.toString('utf8', 0, end);
        buffer.copyWithin(0, end + 1, filled);
        filled -= end + 1;
      } else if (filled === buffer.length) {
        buffer = Buffer.concat([buffer, Buffer.allocUnsafe(buffer.length)]);
      }
    }
  } finally {
    await file.close();
  }
}

export function unknownRun(run: string): BringupError {
  return new BringupError({
    code: 'RUN_UNKNOWN',
    exit: EXIT.invalid,
    message: `There is no run ${run} on this machine.`,
    hint: 'See the runs with: bringup runs',
  });
}
