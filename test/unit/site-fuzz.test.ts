import { describe, expect, it } from 'vitest';
import { createRandom } from '../fuzz/random.ts';
import { fuzzedFile, fuzzSite } from '../fuzz/site.ts';

// The quick part of: node test/fuzz/run.mjs
const FILES = 2500;

describe('mutated site files', () => {
  it('never crash, and every problem has its place', () => {
    let [valid, broken] = [0, 0];
    for (let seed = 1; seed <= FILES; seed++) {
      const fuzzed = fuzzSite(seed);
      expect(fuzzed.bad, `seed ${seed}`).toEqual([]);
      if (fuzzed.valid) valid++;
      else broken++;
    }
    expect(Math.min(valid, broken)).toBeGreaterThan(FILES / 50);
  });

  it('come again the same for the same seed', () => {
    expect(fuzzedFile(7)).toEqual(fuzzedFile(7));
    expect(fuzzedFile(7)).not.toEqual(fuzzedFile(8));
    const random = createRandom(1);
    expect([random.below(100), random.below(100)]).toEqual([62, 0]);
  });
});
