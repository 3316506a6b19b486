import { BringupError } from '../../src/contract/errors.ts';

let fault: NodeJS.ErrnoException | undefined;

/**
 * Keeps what goes wrong with the output from ending the process: a run is never cut off because nobody reads along any more
 * (`bringup apply site.yaml | head`), and a full disk under a redirected output is told at the end.
 */
export function watchOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    fault ??= error;
  });
  process.stderr.on('error', () => undefined);
}

/** True when whoever read the output is gone; what would go on for ever ends then. */
export function readerGone(): boolean {
  return fault?.code === 'EPIPE';
}

/** Waits until all output is written. Throws OUTPUT_NOT_WRITTEN where some of it could not be; a reader that left is no fault. */
export async function flushOutput(): Promise<void> {
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  await new Promise<void>((resolve) => setImmediate(resolve));
  if (fault === undefined || readerGone()) return;
  throw new BringupError({
    code: 'OUTPUT_NOT_WRITTEN',
    message: 'The output could not be written to its end; what is there is not whole.',
    hint: 'Free some space, or send it elsewhere, and try again.',
    evidence: [{ source: 'standard output', text: fault.message }],
    cause: fault,
  });
}
