import { spawn } from 'node:child_process';
import { findBrowser } from '../adapters/browser.ts';
import { takeProfile } from '../adapters/browser-profile.ts';
import { bringupHome } from '../adapters/home.ts';
import { leadOn, PIPE_FLAG } from './browser-pipe.ts';

/** True when a window can be shown: a browser is there and, on Linux, a display. */
export function canOpenWindow(): boolean {
  const display =
    process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
  return display && findBrowser() !== null;
}

/**
 * Opens a window of its own, without tabs or address bar, on `first` and leads it on to `link`, whose token must not stand on a
 * command line. Resolves when it is closed. Two at once have a browser profile each.
 */
export async function openWindow(first: string, link: string): Promise<void> {
  const browser = findBrowser();
  if (browser === null) return;
  const profile = await takeProfile(bringupHome());
  const root = process.platform === 'linux' && process.getuid?.() === 0;
  const args = [
    `--app=${first}`,
    PIPE_FLAG,
    `--user-data-dir=${profile.folder}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    // Chromium refuses to start its own sandbox as root; the page is ours and comes from loopback.
    ...(root ? ['--no-sandbox'] : []),
  ];
  const child = spawn(browser, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const closed = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  // Where that fails, the first page says which link to open.
  await leadOn(child, first, link).catch(() => false);
  await closed;
  await profile.release();
}
