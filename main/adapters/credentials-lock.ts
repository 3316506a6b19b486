import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BringupError } from '../../src/contract/errors.ts';
import { lockSite } from './journal-lock.ts';

const PAUSE_MS = 50;
const PATIENCE_MS = 10_000;

/**
 * Keeps other processes from changing the credential file until the returned function is called; the lock of one that is
 * gone is taken over. Rejects with CREDENTIALS_FILE_BUSY after ten seconds.
 */
export async function lockFile(file: string): Promise<() => Promise<void>> {
  const end = Date.now() + PATIENCE_MS;
  const holder = `${process.pid}-${randomBytes(4).toString('hex')}`;
  for (;;) {
    try {
      return await lockSite(`${file}.lock`, file, holder);
    } catch (thrown) {
      if (!(thrown instanceof BringupError) || thrown.code !== 'SITE_LOCKED') throw thrown;
      if (Date.now() > end) throw busy(file, thrown);
      await sleep(PAUSE_MS);
    }
  }
}

function busy(file: string, cause: BringupError): BringupError {
  return new BringupError({
    code: 'CREDENTIALS_FILE_BUSY',
    message: `Another Bringup on this machine keeps the credential file ${file} to itself.`,
    hint: 'Wait until it has stored what it is storing, then try again.',
    cause,
  });
}
