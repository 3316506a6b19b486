import { readFile } from 'node:fs/promises';
import { BringupError, EXIT } from '../contract/errors.ts';

/** A text file that an option names; FILE_UNREADABLE says which. */
export async function readText(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new BringupError({
      code: 'FILE_UNREADABLE',
      exit: EXIT.invalid,
      message: `${what} ${file} cannot be read.`,
      hint: 'Check the path.',
      evidence: [{ source: file, text: cause instanceof Error ? cause.message : String(cause) }],
      cause,
    });
  }
}
