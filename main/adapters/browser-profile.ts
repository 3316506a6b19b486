import path from 'node:path';
import { BringupError } from '../../src/contract/errors.ts';
import { lockSite } from './journal-lock.ts';

/** So many windows at once are no window's use. */
const MOST = 20;

/** The folder in which a window of ours keeps what it remembers, held until it is given back. */
export interface BrowserProfile {
  readonly folder: string;
  release(): Promise<void>;
}

/**
 * Takes the first profile below `home` that no living Bringup holds: a browser that finds its profile in use hands its
 * window to the one that has it and ends, and with it the Bringup that started it. Throws WINDOWS_TOO_MANY.
 */
export async function takeProfile(home: string): Promise<BrowserProfile> {
  for (let number = 1; number <= MOST; number++) {
    const folder = path.join(home, number === 1 ? 'window' : `window-${number}`);
    try {
      return { folder, release: await lockSite(`${folder}.lock`, 'window', String(process.pid)) };
    } catch (thrown) {
      if (!(thrown instanceof BringupError) || thrown.code !== 'SITE_LOCKED') throw thrown;
    }
  }
  throw new BringupError({
    code: 'WINDOWS_TOO_MANY',
    message: `${MOST} windows of Bringup are open on this machine.`,
    hint: 'Close one, or start without a window: bringup serve',
  });
}
