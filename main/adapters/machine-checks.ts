import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { mkdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CheckResult } from '../../src/contract/events.ts';
import { findBrowser } from './browser.ts';

const GIB = 2 ** 30;
/** Bytes: a run's journal and its captures take some ten megabytes, a big one a few hundred. */
const SPACE = { wanted: GIB, least: 100 * 2 ** 20 };
const NODE = [20, 19] as const;
const ASK_MS = 3000;

export interface MachineFacts {
  /** Folder in which Bringup keeps its data. */
  readonly home: string;
  /** Folder of the program itself. */
  readonly root: string;
}

/** What of this machine Bringup needs, looked at without changing anything but a file that is written and removed again. */
export async function checkMachine({ home, root }: MachineFacts): Promise<CheckResult[]> {
  const window = windowChecks(root);
  return [
    nodeCheck(process.versions.node),
    await sshCheck(),
    ...(await homeChecks(home)),
    ...window,
    await clockCheck(),
  ];
}

/** Whether this Node.js is new enough. */
export function nodeCheck(version: string): CheckResult {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const good = major > NODE[0] || (major === NODE[0] && minor >= NODE[1]);
  const wanted = `${NODE.join('.')} or later`;
  const head = { id: 'node', title: 'Node.js', seen: version, wanted };
  return good
    ? { ...head, status: 'ok' }
    : { ...head, status: 'failed', remedy: `Install Node.js ${wanted}; the desktop app brings its own.` };
}

async function sshCheck(): Promise<CheckResult> {
  const head = { id: 'ssh', title: 'SSH', wanted: 'its own client' };
  try {
    await import('ssh2');
    return { ...head, status: 'ok', seen: 'its own client; no ssh program is needed' };
  } catch (thrown) {
    const remedy = 'Install Bringup again: a part of it is missing.';
    return { ...head, status: 'failed', seen: textOf(thrown), remedy };
  }
}

async function homeChecks(home: string): Promise<CheckResult[]> {
  const head = { id: 'home', title: 'Folder for runs', wanted: 'writable, for you alone' };
  const probe = path.join(home, `doctor-${process.pid}`);
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    await writeFile(probe, 'x');
    await rm(probe);
  } catch (thrown) {
    const remedy = `Make ${home} writable for you, or name another folder in BRINGUP_HOME.`;
    return [{ ...head, status: 'failed', seen: textOf(thrown), remedy }];
  }
  const { mode } = await stat(home);
  const open = process.platform !== 'win32' && (mode & 0o077) !== 0;
  const access: CheckResult = open
    ? { ...head, status: 'warning', seen: `${home}, open to others`, remedy: `chmod 700 ${home}` }
    : { ...head, status: 'ok', seen: home };
  return [access, await spaceCheck(home)];
}

async function spaceCheck(home: string): Promise<CheckResult> {
  const { bavail, bsize } = await statfs(home);
  return judgeSpace(bavail * bsize);
}

/** Whether the free bytes do for the next runs. */
export function judgeSpace(free: number): CheckResult {
  const seen = `${(free / GIB).toFixed(1)} GiB free`;
  const head = { id: 'space', title: 'Disk space', seen, wanted: '1 GiB free' };
  if (free >= SPACE.wanted) return { ...head, status: 'ok' };
  const remedy = 'Make room: a run stops where its journal cannot be written.';
  return { ...head, status: free >= SPACE.least ? 'warning' : 'failed', remedy };
}

function windowChecks(root: string): CheckResult[] {
  const electron = findElectron(root);
  const browser = findBrowser();
  const none = { status: 'skipped', seen: 'none' } as const;
  const runtime = { id: 'electron', title: 'Electron runtime', wanted: 'one, or a browser' };
  const chromium = { id: 'browser', title: 'Browser', wanted: 'Chromium, Chrome, Edge or Brave' };
  return [
    electron === null ? { ...runtime, ...none } : { ...runtime, status: 'ok', seen: electron },
    browser !== null
      ? { ...chromium, status: 'ok', seen: browser }
      : electron !== null
        ? { ...chromium, ...none }
        : {
            ...{ ...chromium, ...none, status: 'warning' },
            remedy: 'Install one of them to see the window here; the command line works without.',
          },
  ];
}

/** The Electron that runs this, or one that is unpacked; nothing is fetched. */
function findElectron(root: string): string | null {
  const { electron } = process.versions;
  if (electron !== undefined) return `${electron}, running`;
  const names: Partial<Record<NodeJS.Platform, string>> = {
    win32: 'electron.exe',
    darwin: 'Electron.app/Contents/MacOS/Electron',
  };
  const given = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const folders = [...(given ? [given] : []), path.join(root, 'node_modules', 'electron', 'dist')];
  const files = folders.map((folder) => path.join(folder, names[process.platform] ?? 'electron'));
  return files.find((file) => existsSync(file)) ?? null;
}

/** Whether the clock follows a time server, where the machine can tell; run times and certificates go by it. */
async function clockCheck(): Promise<CheckResult> {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const now = `${new Date().toISOString().slice(0, 19).replace('T', ' ')} UTC, zone ${zone}`;
  const head = { id: 'clock', title: 'Clock', wanted: 'right to a minute' };
  if (process.platform === 'linux') {
    const asked = await execa('timedatectl', ['show', '--property=NTPSynchronized', '--value'], {
      ...{ reject: false, timeout: ASK_MS },
    });
    if (asked.stdout.trim() === 'no') {
      const remedy = 'Compare it with a clock you trust: certificates and the times of runs go by it.';
      return { ...head, status: 'warning', seen: `${now}; follows no time server`, remedy };
    }
    if (asked.stdout.trim() === 'yes')
      return { ...head, status: 'ok', seen: `${now}; follows a time server` };
  }
  return { ...head, status: 'ok', seen: now };
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
