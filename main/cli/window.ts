import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { bringupHome } from '../adapters/home.ts';

const BROWSERS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'brave-browser',
];
const FIXED_PLACES = [
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The first Chromium-like browser of this machine, or null. */
export function findBrowser(): string | null {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const named = BROWSERS.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...named, ...FIXED_PLACES].find(isExecutable) ?? null;
}

/** True when a window can be shown: a browser is there and, on Linux, a display. */
export function canOpenWindow(): boolean {
  const display =
    process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
  return display && findBrowser() !== null;
}

/** Opens the address in a window of its own, without tabs or address bar, and resolves when it is closed. */
export async function openWindow(url: string): Promise<void> {
  const browser = findBrowser();
  if (browser === null) return;
  const root = process.platform === 'linux' && process.getuid?.() === 0;
  const args = [
    `--app=${url}`,
    `--user-data-dir=${path.join(bringupHome(), 'window')}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    // Chromium refuses to start its own sandbox as root; the page is ours and comes from loopback.
    ...(root ? ['--no-sandbox'] : []),
  ];
  const child = spawn(browser, args, { stdio: 'ignore' });
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
