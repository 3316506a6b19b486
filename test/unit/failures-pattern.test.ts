import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { patternCost } from '../../src/failures/pattern-cost.ts';
import { splitParts } from '../../src/failures/pattern-parts.ts';
import { parsePattern } from '../../src/failures/pattern-tree.ts';
import { compilePattern } from '../../src/failures/pattern.ts';
import { countSteps, nearMiss } from './failures-steps.ts';

const FOLDER = new URL('../../playbooks/failures/', import.meta.url);
const NONE = new Map<string, string>();

describe('a pattern', () => {
  it('takes a space for any white space and either case for a letter', () => {
    expect(compilePattern('No route', NONE).find('x: no\nROUTE', 0)).toMatchObject({ index: 3, end: 11 });
  });

  it('names values on both sides of a gap, which stays on one line', () => {
    const pattern = compilePattern('from (?<from>\\S+).{0,40}to (?<to>\\S+)', NONE);
    expect(pattern.find('from a, over b, to c.', 0)?.values).toEqual({ from: 'a', to: 'c' });
    expect(pattern.find('from a\nto c', 0)).toBeUndefined();
    expect(pattern.find(`from a${'.'.repeat(60)}to c`, 0)).toBeUndefined();
  });

  it('finds the later of two beginnings when only that one goes on', () => {
    expect(compilePattern('disk.{0,10}full', NONE).find('disk is empty, disk is full', 0)?.index).toBe(15);
  });

  it('knows words without which it cannot fit', () => {
    expect(compilePattern('(?:no|out of) space left', NONE).words).toEqual(['space']);
    expect(compilePattern('\\d+', NONE).words).toEqual([]);
  });

  it('stands in for a phrase by name', () => {
    const phrases = new Map([['full', '(?:full|voll)']]);
    expect(compilePattern('disk %{full}', phrases).find('disk voll', 0)).toBeDefined();
    expect(() => compilePattern('%{nothing}', phrases)).toThrow('there is no phrase nothing');
  });

  it.each(['(?:a+)+b', '(?:a|a)*b', '(\\w+\\s?)*:', '(?:x*y*)*z', '\\S+\\S+\\S+x'])(
    'that could take long is refused: %s',
    (source) => {
      expect(() => compilePattern(source, NONE)).toThrow('steps a character');
    },
  );

  it('that refers back is refused', () => {
    expect(() => compilePattern('(a)\\1', NONE)).toThrow('back reference');
  });
});

/** Every pattern of the catalogue, cut into the parts that are looked for one after the other. */
function shippedParts(): [source: string, parts: ReturnType<typeof splitParts>['parts']][] {
  const phrases = new Map<string, string>();
  const sources = new Set<string>();
  for (const file of readdirSync(FOLDER)) {
    const data: unknown = parse(readFileSync(new URL(file, FOLDER), 'utf8'));
    for (const [name, value] of Object.entries(
      (data as { phrases?: Record<string, string[]> }).phrases ?? {},
    )) {
      phrases.set(name, `(?:${value.join('|')})`);
    }
    collect(data, sources);
  }
  return [...sources].map((source) => {
    const whole = source.replaceAll(/%\{(\w+)\}/g, (_, name: string) => phrases.get(name) ?? '');
    return [source, splitParts(parsePattern(whole)).parts];
  });
}

function collect(data: unknown, into: Set<string>): void {
  if (Array.isArray(data)) for (const item of data) collect(item, into);
  if (typeof data !== 'object' || data === null) return;
  for (const [name, value] of Object.entries(data as Record<string, unknown>)) {
    if (['any', 'all', 'none'].includes(name)) for (const source of value as string[]) into.add(source);
    else collect(value, into);
  }
}

describe('the patterns of the catalogue', () => {
  it('take no more steps on texts that they nearly fit than was worked out for them', () => {
    const all = shippedParts();
    expect(all.length).toBeGreaterThan(800);
    for (const [source, parts] of all) {
      for (const part of parts) {
        const { steps } = patternCost(part);
        for (const turn of [0, 1, 2]) {
          const text = nearMiss(part, turn);
          for (const attack of [text.slice(0, -1), text + text, `${text.slice(0, 40).repeat(20)}`]) {
            expect(countSteps(part, attack, steps * 4), source).toBeLessThanOrEqual(Math.max(50, steps * 2));
          }
        }
      }
    }
  });
});
