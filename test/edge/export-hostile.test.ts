import fc from 'fast-check';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createJournalFiles } from '../../main/adapters/journal-files.ts';
import { openExport } from '../../src/app/open.ts';
import { BringupError } from '../../src/contract/errors.ts';
import { failedRun } from '../fixtures/journals/samples.ts';
import { SITE } from '../unit/site-example.ts';
import { openLaptop, type Laptop } from './export-laptop.ts';

const RUN = failedRun[0]?.run ?? '';

let source: string;
let good: Buffer;
/** The lines of a good export, without the last one. */
let lines: readonly string[];
let folder: string;
let laptop: Laptop;
let file: string;

beforeAll(async () => {
  source = mkdtempSync(path.join(tmpdir(), 'bringup-export-'));
  const origin = openLaptop(path.join(source, 'home'));
  await origin.addRun(failedRun, SITE);
  const made = path.join(source, 'run.bringup');
  await origin.bringup.call('runs.export', { run: RUN, file: made });
  good = readFileSync(made);
  lines = gunzipSync(good).toString().split('\n').slice(0, -2);
});
afterAll(() => {
  rmSync(source, { recursive: true, force: true });
});
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bringup-open-'));
  laptop = openLaptop(path.join(folder, 'home'));
  file = path.join(folder, 'run.bringup');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** An export of any lines with an end that fits them. */
function seal(made: readonly string[]): Buffer {
  const text = made.map((line) => `${line}\n`).join('');
  const sha256 = createHash('sha256').update(text).digest('hex');
  return gzipSync(`${text}${JSON.stringify({ end: { lines: made.length, sha256 } })}\n`);
}

/** The lines with one changed, found by how it begins. */
function swap(begins: string, change: (line: string) => string): string[] {
  expect(lines.some((line) => line.startsWith(begins))).toBe(true);
  return lines.map((line) => (line.startsWith(begins) ? change(line) : line));
}

async function open(bytes: Buffer): Promise<unknown> {
  writeFileSync(file, bytes);
  return laptop.bringup.call('runs.open', { file });
}

/** Nothing of the file is left, neither where runs lie nor anywhere else. */
function expectNothing(): void {
  const opened = path.join(laptop.home, 'opened');
  expect(existsSync(opened) ? readdirSync(opened) : []).toEqual([]);
  expect(readdirSync(folder).filter((name) => name !== 'home')).toEqual(['run.bringup']);
}

describe('a file that is not as an export was written', () => {
  it.each<[string, string, () => Buffer]>([
    ['empty', 'EXPORT_INVALID', () => Buffer.alloc(0)],
    ['something else', 'EXPORT_INVALID', () => Buffer.from('PK\u0003\u0004 a zip file')],
    ['compressed, of something else', 'EXPORT_INVALID', () => gzipSync('hello\nworld\n')],
    ['cut in the middle', 'EXPORT_CUT', () => good.subarray(0, good.length / 2)],
    ['cut by one byte', 'EXPORT_CUT', () => good.subarray(0, -1)],
    ['without its end', 'EXPORT_CUT', () => gzipSync(`${lines.join('\n')}\n`)],
    ['with something behind its end', 'EXPORT_CUT', () => gzipSync(`${gunzipSync(good).toString()}x`)],
    ['damaged in one byte', 'EXPORT_CHANGED', () => Buffer.from(good).fill(good[900]! ^ 0x10, 900, 901)],
    [
      'changed by hand',
      'EXPORT_CHANGED',
      () => gzipSync(gunzipSync(good).toString().replace('"failed"', '"ok"')),
    ],
    [
      'with a line taken out',
      'EXPORT_CHANGED',
      () => gzipSync(gunzipSync(good).toString().split('\n').toSpliced(9, 1).join('\n')),
    ],
    [
      'of a newer format',
      'EXPORT_NEWER',
      () => seal(swap('{"bringup_export"', (line) => line.replace('export":1', 'export":2'))),
    ],
    [
      'with a newer journal',
      'EXPORT_NEWER',
      () => seal(swap('{"seq":1,', (line) => line.replace('"schema":1', '"schema":99'))),
    ],
    ['without a head', 'EXPORT_INVALID', () => seal(lines.slice(1))],
    ['with a head alone', 'EXPORT_INVALID', () => seal(lines.slice(0, 1))],
    [
      'with an event that is none',
      'EXPORT_INVALID',
      () => seal(swap('{"seq":5,', () => '{"seq":5,"kind":"party"}')),
    ],
    [
      'that does not begin with a beginning',
      'EXPORT_INVALID',
      () => seal(lines.filter((line) => !line.startsWith('{"seq":1,'))),
    ],
    [
      'with events of two runs',
      'EXPORT_INVALID',
      () => seal(swap('{"seq":5,', (line) => line.replace(RUN, 'other'))),
    ],
  ])('is refused: %s', async (_name, code, make) => {
    await expect(open(make())).rejects.toMatchObject({ code, exit: 2, hint: expect.any(String) });
    expectNothing();
  });

  it.each<[string, () => string[]]>([
    ['a run that is called as a path', () => lines.map((line) => line.replaceAll(RUN, '../../evil'))],
    ['a run whose name is hidden', () => lines.map((line) => line.replaceAll(RUN, '.evil'))],
    [
      'a site that is called as a path',
      () => swap('{"bringup_export"', (line) => line.replace(/"site":"[^"]+"/, '"site":"../x"')),
    ],
    [
      'a file that is called as a path',
      () => swap('{"file":"site.yaml"', (line) => line.replace('site.yaml', '../../../x')),
    ],
    [
      'a file that takes the place of the journal',
      () => swap('{"file":"site.yaml"', (line) => line.replace('site.yaml', 'journal.jsonl')),
    ],
    ['a file of another kind', () => swap('{"file":"site.yaml"', () => '{"file":{"x":1},"text":"y"}')],
  ])('cannot lead out of its folder: %s', async (_name, make) => {
    await expect(open(seal(make()))).rejects.toMatchObject({ code: 'EXPORT_INVALID' });
    expectNothing();
  });

  it('does not follow a link that lies where the run would', async () => {
    const opened = path.join(laptop.home, 'opened');
    const elsewhere = path.join(folder, 'home', 'elsewhere');
    mkdirSync(opened, { recursive: true });
    mkdirSync(elsewhere);
    writeFileSync(path.join(elsewhere, 'precious'), 'x');
    symlinkSync(elsewhere, path.join(opened, RUN));
    await open(good);
    expect(readdirSync(elsewhere)).toEqual(['precious']);
  });

  it('cannot fill the memory or the disk', async () => {
    const zeros = gzipSync(Buffer.alloc(100 * 2 ** 20));
    expect(zeros.length).toBeLessThan(200_000);
    await expect(open(zeros)).rejects.toMatchObject({
      code: 'EXPORT_TOO_LARGE',
      message: expect.stringMatching(/one of its lines is longer than 32 MiB/),
    });
    expectNothing();
    const many = [...lines, ...Array.from({ length: 20_000 }, () => lines.at(-1) ?? '')];
    writeFileSync(file, seal(many));
    const limits = { total: 2 ** 20, line: 2 ** 20 };
    await expect(openExport(inert(), file, limits)).rejects.toMatchObject({
      code: 'EXPORT_TOO_LARGE',
      message: expect.stringMatching(/it unpacks to 1 MiB/),
    });
    expectNothing();
  });

  it('says nothing to a terminal', async () => {
    const evil = '\u001b]0;owned\u0007\u001b[2J\u009b31m';
    await open(
      seal(
        swap('{"seq":5,', (line) =>
          line.replace(/"title":"/, `"title":"${JSON.stringify(evil).slice(1, -1)}`),
        ),
      ),
    );
    const text = JSON.stringify(await laptop.bringup.call('runs.show', { run: RUN }));
    expect(text).toContain(']0;owned[2J');
    expect(text).not.toMatch(/\\u001b|\\u0007|\u009b/);
  });

  it('is refused with a reason, whatever bytes are wrong', async () => {
    const plain = gunzipSync(good);
    await fc.assert(
      fc.asyncProperty(fc.nat(plain.length - 1), fc.nat(255), fc.boolean(), async (at, byte, outside) => {
        const bytes = Buffer.from(outside ? good : plain);
        bytes[at % bytes.length] = byte;
        try {
          await open(outside ? bytes : gzipSync(bytes));
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(BringupError);
          expect((thrown as BringupError).code).toMatch(/^EXPORT_/);
          expectNothing();
        }
        rmSync(path.join(laptop.home, 'opened'), { recursive: true, force: true });
      }),
      { numRuns: 60 },
    );
  });

  it('that is not there is said to be not there', async () => {
    await expect(laptop.bringup.call('runs.open', { file })).rejects.toMatchObject({
      code: 'EXPORT_UNREADABLE',
    });
    await expect(laptop.bringup.call('runs.open', { file: folder })).rejects.toMatchObject({
      code: 'EXPORT_UNREADABLE',
    });
  });
});

function inert() {
  const journals = createJournalFiles(laptop.home);
  return { ...journals, active: async () => false, follow: () => () => undefined };
}
