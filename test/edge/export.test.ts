import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { journalPath } from '../../main/adapters/journal-files.ts';
import { createFinder } from '../../src/app/find-secrets.ts';
import { allFormsOf } from '../../src/app/secret-forms.ts';
import { BringupError } from '../../src/contract/errors.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { failedRun, runningRun } from '../fixtures/journals/samples.ts';
import { SITE } from '../unit/site-example.ts';
import { openLaptop, type Laptop } from './export-laptop.ts';

const SECRET = `Kvm'host "9$1&/\\ü`;
const CREDENTIALS = {
  'kvm-host': { username: 'installer', password: SECRET },
  idrac: { username: 'root', password: 'calvin-calvin-7' },
  node: { username: 'admin', password: 'node-secret-0815' },
};
const RUN = failedRun[0]?.run ?? '';

let folder: string;
let laptop: Laptop;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bringup-export-'));
  laptop = openLaptop(path.join(folder, 'home'), CREDENTIALS);
  file = path.join(folder, 'out', 'run.bringup');
  mkdirSync(path.dirname(file));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The failed run with one more event before its end, as if something had leaked into its journal. */
function leaking(text: string, host = 'node-1'): RunEvent[] {
  const [started, ...rest] = failedRun;
  const stage = failedRun.find((event) => event.kind === 'stage.started')?.stage ?? '';
  const leak = {
    at: '2026-11-21T02:00:00Z',
    run: RUN,
    kind: 'host.result',
    stage,
    task: 't',
    host,
    status: 'ok',
    text,
  };
  return [started, ...rest.slice(0, -1), leak, rest.at(-1)].map(
    (event, index) => ({ ...event, seq: index + 1 }) as RunEvent,
  );
}

const exportTo = (target = file) => laptop.bringup.call('runs.export', { run: RUN, file: target });

describe('an export', () => {
  it('holds the run, and on another laptop it can be looked at and nothing else', async () => {
    await laptop.addRun(failedRun, SITE);
    expect(await exportTo()).toMatchObject({
      file,
      run: RUN,
      events: failedRun.length,
      hidden: 0,
      unchecked: [],
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const other = openLaptop(path.join(folder, 'other'));
    expect(await other.bringup.call('runs.open', { file })).toEqual({
      ...{
        run: RUN,
        site: failedRun[0]?.kind === 'run.started' ? failedRun[0].site : '',
        events: failedRun.length,
      },
      ...{ own: false, version: '0.1.0', made: '2026-11-21T03:00:00.000Z' },
    });
    const { runs } = await other.bringup.call('runs.list', {});
    expect(runs).toMatchObject([{ run: RUN, opened: 'run.bringup', status: 'failed' }]);
    const shown = await laptop.bringup.call('runs.show', { run: RUN });
    expect(await other.bringup.call('runs.show', { run: RUN })).toEqual({ ...shown, opened: 'run.bringup' });
    expect((await other.bringup.call('runs.events', { run: RUN })).events).toEqual(failedRun);
    const followed = await new Promise<readonly RunEvent[]>((resolve) => {
      const stop = other.bringup.subscribe(RUN, 1, (events) => {
        resolve(events);
        stop();
      });
    });
    expect(followed).toEqual(failedRun);
    expect(await other.journals.kept(RUN, 'site.yaml')).toBe(SITE);
    await expect(other.journals.reopen('plant-7', RUN)).rejects.toMatchObject({ code: 'RUN_READ_ONLY' });
    await expect(other.bringup.call('runs.export', { run: RUN, file: `${file}2` })).rejects.toMatchObject({
      code: 'RUN_READ_ONLY',
    });
    // Opened once more it is the same run, not a second one.
    await other.bringup.call('runs.open', { file });
    expect((await other.bringup.call('runs.list', {})).runs).toHaveLength(1);
  });

  it('of a rehearsal can be looked at elsewhere, too', async () => {
    const rehearsed = failedRun.map((event) =>
      event.kind === 'run.started' ? { ...event, site: `${event.site} (rehearsal)` } : event,
    );
    await laptop.addRun(rehearsed);
    await laptop.bringup.call('runs.export', { run: RUN, file });
    const other = openLaptop(path.join(folder, 'other'));
    expect(await other.bringup.call('runs.open', { file })).toMatchObject({ run: RUN, own: false });
  });

  it('of a run of this laptop changes nothing here', async () => {
    await laptop.addRun(failedRun, SITE);
    await exportTo();
    expect(await laptop.bringup.call('runs.open', { file })).toMatchObject({ own: true });
    expect(existsSync(path.join(laptop.home, 'opened', RUN))).toBe(false);
  });

  it('has every secret covered, also what an older journal or the site file let through', async () => {
    const texts = allFormsOf(SECRET).filter(({ text }) => text !== [...SECRET].reverse().join(''));
    await laptop.addRun(
      leaking(
        `login ${SECRET}, ${JSON.stringify(SECRET)}, ${encodeURIComponent(SECRET)} ${Buffer.from(`root:${CREDENTIALS.idrac.password}`).toString('base64')}`,
      ),
      `# the KVM host's password is ${SECRET}\n${SITE}`,
    );
    expect(await exportTo()).toMatchObject({ hidden: 2, checked: ['kvm-host', 'idrac', 'node'] });
    const text = gunzipSync(readFileSync(file)).toString();
    expect(createFinder(texts.map((form) => ({ ...form, name: 's' }))).find(text)).toEqual([]);
    expect(text).not.toContain('Y2FsdmluLWNhbHZpbi03');
    expect(text).toContain("the KVM host's password is ***");
  });

  it.each([
    ['in a name that cannot be covered', leaking('fine', 'node-secret-0815'), 'node', 'field host'],
    ['backwards', leaking('5180-terces-edon'), 'node', 'field text'],
  ])('is not written where a secret stands %s', async (_where, events, name, field) => {
    await laptop.addRun(events, SITE);
    const refused = await exportTo().catch((thrown: unknown) => thrown as BringupError);
    expect(refused).toMatchObject({
      code: 'EXPORT_HOLDS_SECRET',
      message: expect.stringMatching(
        new RegExp(`credential ${name}: event ${events.length - 1} \\(host.result .*${field}`),
      ),
    });
    expect(JSON.stringify(refused)).not.toMatch(/node-secret|terces/);
    expect(readdirSync(path.dirname(file))).toEqual([]);
  });

  it('says which credentials it could not look for, and is not made where the store does not open', async () => {
    const { idrac: _gone, ...left } = CREDENTIALS;
    laptop = openLaptop(laptop.home, left);
    await laptop.addRun(failedRun, SITE);
    expect(await exportTo()).toMatchObject({ unchecked: ['idrac'] });
    const sealed = new BringupError({ code: 'CREDENTIALS_SEALED', message: 'sealed' });
    laptop = openLaptop(laptop.home, {}, { get: () => Promise.reject(sealed) });
    await expect(exportTo(`${file}2`)).rejects.toMatchObject({ code: 'CREDENTIALS_SEALED' });
    expect(readdirSync(path.dirname(file))).toEqual(['run.bringup']);
  });

  it('never writes over a file, and leaves none that is not whole', async () => {
    await laptop.addRun(failedRun, SITE);
    writeFileSync(file, 'precious');
    await expect(exportTo()).rejects.toMatchObject({ code: 'EXPORT_EXISTS' });
    expect(readFileSync(file, 'utf8')).toBe('precious');
    await expect(exportTo(path.join(folder, 'nosuch', 'x'))).rejects.toMatchObject({
      code: 'EXPORT_NOT_WRITTEN',
    });
    const disk = path.join(folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'bringup-test', disk]);
    try {
      await expect(exportTo(path.join(disk, 'x'))).rejects.toMatchObject({
        code: 'EXPORT_NOT_WRITTEN',
        message: expect.stringContaining('the disk is full'),
      });
      expect(readdirSync(disk)).toEqual([]);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  it('of a damaged journal has what can be read and says what is missing', async () => {
    await laptop.addRun(failedRun, SITE);
    const journal = journalPath(laptop.home, RUN);
    const lines = readFileSync(journal, 'utf8').split('\n');
    lines[4] = '\0\0\0';
    writeFileSync(journal, lines.join('\n'));
    expect(await exportTo()).toMatchObject({ notice: expect.stringMatching(/^Line 5 of journal/) });
    const other = openLaptop(path.join(folder, 'other'));
    expect(await other.bringup.call('runs.open', { file })).toMatchObject({ events: failedRun.length - 1 });
    expect(await other.bringup.call('runs.show', { run: RUN })).toMatchObject({
      notice: expect.stringMatching(/event 6 stands where 5 is due/),
    });
  });

  it('of a run that still goes on says so, and a torn last line is no harm', async () => {
    const run = await laptop.addRun(runningRun, SITE);
    appendFileSync(journalPath(laptop.home, run), '{"seq":');
    await laptop.bringup.call('runs.export', { run, file });
    const other = openLaptop(path.join(folder, 'other'));
    await other.bringup.call('runs.open', { file });
    expect(await other.bringup.call('runs.show', { run })).toMatchObject({
      status: 'running',
      interrupted: expect.stringMatching(/exported while the run went on/),
    });
  });
});
