import { link, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BringupError } from '../../src/contract/errors.ts';
import { readIfPresent } from './private-file.ts';

const GUARD_PAUSE_MS = 20;
const GUARD_FORGOTTEN_MS = 10_000;

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  readonly run: string;
}

/**
 * Takes a site's lock, so that one run at a time works on it; gives the release. The lock of a process that is gone is
 * taken over. Throws SITE_LOCKED naming the owner and how long it has held the lock.
 */
export async function lockSite(path: string, site: string, run: string): Promise<() => Promise<void>> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const owner: Owner = { pid: process.pid, host: hostname(), since: new Date().toISOString(), run };
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
  return owner !== null && isAlive(owner) ? owner.run : null;
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
    if (owner !== null && isAlive(owner)) throw locked(site, owner);
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
function isAlive({ pid, host, since }: Owner): boolean {
  if (host !== hostname()) return true;
  if (Date.parse(since) < Date.now() - uptime() * 1000) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function locked(site: string, { pid, host, since, run }: Owner): BringupError {
  const minutes = Math.max(0, Math.round((Date.now() - Date.parse(since)) / 60_000));
  return new BringupError({
    code: 'SITE_LOCKED',
    message:
      `Run ${run} is already working on site ${site}: ` +
      `process ${pid} on ${host}, for ${minutes} minutes (since ${since}).`,
    hint: 'Let it end, or cancel it, then apply again. Two runs on one site would undo each other.',
  });
}
