import { describe, expect, it } from 'vitest';
import { readQuickly } from '../../src/site/quick/tree.ts';
import { disagreement } from '../fuzz/agree.ts';
import { mutate } from '../fuzz/mutate.ts';
import { createRandom } from '../fuzz/random.ts';
import { SAMPLES } from '../fuzz/samples.ts';
import { SITE } from './site-example.ts';

describe('the quick reader', () => {
  it('reads the example, in several hands, as the YAML library does', () => {
    const plain = SAMPLES.filter((text) => readQuickly(text) !== undefined);
    expect(plain.length).toBeGreaterThanOrEqual(4);
    for (const text of plain) expect(disagreement(text)).toBeUndefined();
  });

  it('reads what a program wrote as JSON', () => {
    const data = readQuickly(SITE)?.values();
    expect(readQuickly(JSON.stringify(data))?.values()).toEqual(data);
    expect(readQuickly(`${JSON.stringify(data, null, 2)}\n`)?.values()).toEqual(data);
  });

  it.each([
    ['an anchor', 'a: &x 1\n'],
    ['an alias', 'a: *x\n'],
    ['a tag', 'a: !x 1\n'],
    ['a merge key', '<<: {a: 1}\n'],
    ['text over several lines', 'a: b\n  c\n'],
    ['a block text', 'a: |\n  b\n'],
    ['a field twice', 'a: 1\na: 2\n'],
    ['a name that is not text', 'null: 1\n'],
    ['a number in a rare form', 'a: 0x1F\n'],
    ['an escape', 'a: "\\u0041"\n'],
    ['a tab', 'a:\t1\n'],
    ['a second document', 'a: 1\n---\nb: 1\n'],
    ['a directive', '%YAML 1.1\n---\na: 1\n'],
    ['a field too deep', 'a: 1\n  b: 2\n'],
    ['an open bracket', 'a: [1, 2\nb: 3\n'],
    ['a prototype', '__proto__: {a: 1}\n'],
    ['two values', 'a: "b" c\n'],
    ['a colon too many', 'a: b: c\n'],
    ['a word alone', 'hello\n'],
  ])('leaves %s to the YAML library', (_, text) => {
    expect(readQuickly(text)).toBeUndefined();
  });

  it('agrees with the YAML library on values and places in mutated files', () => {
    let accepted = 0;
    for (let seed = 1; seed <= 3000; seed++) {
      const random = createRandom(seed);
      const text = mutate(random.pick(SAMPLES), random);
      if (readQuickly(text) !== undefined) accepted++;
      expect(disagreement(text), `seed ${seed}`).toBeUndefined();
    }
    expect(accepted).toBeGreaterThan(200);
  });
});
