import { describe, expect, it } from 'vitest';
import { heldOut, readCorpus, score, sharedFile, shippedCatalogue, type Sample } from './failures-texts.ts';

const catalogue = shippedCatalogue();
const corpus = sharedFile('dev.yaml');

/** At least nine of ten right, at most three of a hundred confidently wrong. */
function expectGood(samples: readonly Sample[]): void {
  const { right, wrong, missed } = score(samples, catalogue);
  const faults = [...wrong, ...missed].join('\n');
  expect(right / samples.length, faults).toBeGreaterThanOrEqual(0.9);
  expect(wrong.length / samples.length, faults).toBeLessThanOrEqual(0.03);
}

describe('the explainer', () => {
  it.skipIf(corpus === null)(
    'knows the outputs of ../shared/failures/dev.yaml (skipped: the file is not present)',
    () => {
      expectGood(readCorpus(corpus ?? ''));
    },
  );

  const samples = heldOut();
  it('knows outputs of the same causes that other tools print', () => {
    const known = samples.filter(({ key }) => key !== null);
    expect(known.length).toBeGreaterThanOrEqual(120);
    expectGood(known);
  });

  it('does not claim to know what it does not', () => {
    const unknown = samples.filter(({ key }) => key === null);
    expect(unknown.length).toBeGreaterThanOrEqual(60);
    expectGood(unknown);
  });
});

const lines = (text: string, dress: (line: string, index: number) => string): string =>
  text.split('\n').map(dress).join('\n');
const second = (index: number): string => String(index % 60).padStart(2, '0');

describe.each<[name: string, dress: (text: string) => string]>([
  ['lines that end as on Windows', (text) => text.replaceAll('\n', '\r\n')],
  ['colours', (text) => lines(text, (line) => `\u001b[0;31m${line}\u001b[0m`)],
  [
    'the journal',
    (text) => lines(text, (line, at) => `Nov 21 10:00:${second(at)} deploy runner[4711]: ${line}`),
  ],
  ['timestamps', (text) => lines(text, (line, at) => `2026-11-21T10:00:${second(at)}.123456Z ${line}`)],
  ['an Ansible result', (text) => ansible({ msg: 'non-zero return code', rc: 1, stderr: text, stdout: '' })],
  [
    'a loop of Ansible',
    (text) => ansible({ msg: 'All items completed', results: [{ failed: true, msg: text }] }),
  ],
  ['a terminal of 80 columns', (text) => lines(text, (line) => line.replaceAll(/(.{80})/g, '$1\n'))],
  ['much noise', (text) => `${'INFO step 3\nReading state... done\n'.repeat(40)}${text}\nINFO cleaning up\n`],
])('in %s', (_name, dress) => {
  it('an output means the same', () => {
    // What went well after a retry is another matter inside a result that failed.
    const samples = heldOut().filter(({ id }) => !/\((?:retried|success)/.test(id));
    const { wrong, right } = score(samples, catalogue, dress);
    expect(right / samples.length).toBeGreaterThanOrEqual(0.9);
    expect(wrong.length / samples.length, wrong.join('\n')).toBeLessThanOrEqual(0.03);
  });
});

function ansible(result: object): string {
  return `fatal: [n1]: FAILED! => ${JSON.stringify({ changed: true, ...result })}\n`;
}
