import { link, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, uptime, userInfo } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BringupError } from '../../src/contract/errors.ts';
import { readIfPresent } from './private-file.ts';
import { processStart } from './process-start.ts';

const GUARD_PAUSE_MS = 20;
const GUARD_FORGOTTEN_MS = 10_000;

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  readonly run: string;
  readonly user?: string;
  /** When the process started, so that a later one with its number is not taken for it. */
  readonly started?: string | null;
}

/**
 * Takes a site's lock, so that one run at a time works on it; gives the release. The lock of a process that is gone is
 * taken over. Throws SITE_LOCKED naming the owner and how long it has held the lock.
 */
export async function lockSite(path: string, site: string, run: string): Promise<() => Promise<void>> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const owner: Owner = {
    ...{ pid: process.pid, host: hostname(), since: new Date().toISOString(), run },
    ...{ user: userName(), started: await processStart(process.pid) },
  };
  const content = JSON.stringify(owner);
  const draft = `${path}.${run}`;
  await writeFile(draft, content, { mode: 0o600 });
  try {
    while (!(await linkIfFree(draft, path))) await removeStale(path, site, draft);
  } finally {
    await rm(draft, { force: true });
  }
  return async () => {
    if ((await readIfPresent(path)) === content) await rm(path, { force: true });
  };
}

/** The run that works on the site whose lock this is, as long as its process lives. */
export async function runHolding(path: string): Promise<string | null> {
  const content = await readIfPresent(path);
  const owner = content === null ? null : parseOwner(content);
  return owner !== null && (await isAlive(owner)) ? owner.run : null;
}

async function linkIfFree(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw thrown;
  }
}

/** Takes away the lock of a process that is gone; one process at a time may, so that no live lock is taken by mistake. */
async function removeStale(path: string, site: string, draft: string): Promise<void> {
  const guard = `${path}.takeover`;
  if (!(await linkIfFree(draft, guard))) {
    await dropForgotten(guard);
    await sleep(GUARD_PAUSE_MS);
    return;
  }
  try {
    const content = await readIfPresent(path);
    const owner = content === null ? null : parseOwner(content);
    if (owner !== null && (await isAlive(owner))) throw locked(site, owner, path);
    await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

/** A guard is held for milliseconds; one this old was left by a process that was killed with it. */
async function dropForgotten(guard: string): Promise<void> {
  const found = await stat(guard).catch(() => null);
  if (found !== null && Date.now() - found.ctimeMs > GUARD_FORGOTTEN_MS) await rm(guard, { force: true });
}

function parseOwner(content: string): Owner | null {
  try {
    const value = JSON.parse(content) as Partial<Owner> | null;
    const whole = typeof value?.pid === 'number' && typeof value.since === 'string';
    return whole ? { host: '', run: '', ...(value as Pick<Owner, 'pid' | 'since'>) } : null;
  } catch {
    return null;
  }
}

/** A process of another machine counts as alive: nobody here can tell. One from before the last boot does not. */
async function isAlive({ pid, host, since, started }: Owner): Promise<boolean> {
  if (host !== hostname()) return true;
  if (!runs(pid)) return false;
  const now = typeof started === 'string' ? await processStart(pid) : null;
  if (now !== null) return now === started;
  // Without a start time only the last boot tells; the wall clock may have been set since, so this is the lesser proof.
  return Date.parse(since) >= Date.now() - uptime() * 1000;
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'an unknown user';
  }
}

function locked(site: string, { pid, host, since, run, user }: Owner, path: string): BringupError {
  const here = host === hostname();
  return new BringupError({
    code: 'SITE_LOCKED',
    message:
      `Run ${run} is already working on site ${site}: process ${pid}` +
      `${user === undefined ? '' : ` of ${user}`} on ${host}, for ${age(since)} (since ${since}).`,
    hint: here
      ? `Let it end, or cancel it with: bringup cancel ${run}. Two runs on one site would undo each other.`
      : `Let it end, or cancel it on ${host}. Where that machine is gone for good, delete ${path} and try again.`,
  });
}

function age(since: string): string {
  const minutes = Math.max(0, Math.round((Date.now() - Date.parse(since)) / 60_000));
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}
