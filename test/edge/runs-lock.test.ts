import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockSite, runHolding } from '../../main/adapters/journal-lock.ts';
import { processStart } from '../../main/adapters/process-start.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bringup-lock-'));
  file = path.join(folder, 'locks', 'lab.lock');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function leaveLock(owner: object): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ pid: process.pid, host: hostname(), run: 'r0', ...owner }));
}

describe('the lock of a site', () => {
  it('says who holds it: machine, process, when that started, and user', async () => {
    const release = await lockSite(file, 'lab', 'r1');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      ...{ pid: process.pid, host: hostname(), run: 'r1', user: userInfo().username },
      started: await processStart(process.pid),
    });
    expect(await runHolding(file)).toBe('r1');
    await release();
    expect(await runHolding(file)).toBeNull();
  });

  it('of a process whose number another one has by now is taken over', async () => {
    leaveLock({ since: new Date().toISOString(), started: 'another boot 123' });
    expect(await runHolding(file)).toBeNull();
    await (
      await lockSite(file, 'lab', 'r1')
    )();
  });

  it('of a living process is respected although the clock was set back since', async () => {
    leaveLock({ since: '2001-01-01T00:00:00Z', started: await processStart(process.pid) });
    await expect(lockSite(file, 'lab', 'r1')).rejects.toMatchObject({
      code: 'SITE_LOCKED',
      message: expect.stringMatching(/for \d+ hours \(since 2001-01-01T00:00:00Z\)/),
      hint: expect.stringContaining('bringup cancel r0'),
    });
  });

  it('of another machine names the file to delete when that machine is gone', async () => {
    leaveLock({ host: 'other-laptop', pid: 1, since: new Date().toISOString() });
    await expect(lockSite(file, 'lab', 'r1')).rejects.toMatchObject({
      hint: expect.stringMatching(
        /on other-laptop\. Where that machine is gone for good, delete .*lab\.lock/,
      ),
    });
  });
});
