import { describe, expect, it } from 'vitest';
import { explainText, sharedFile, shippedCatalogue } from './failures-texts.ts';

const catalogue = shippedCatalogue();
const keysFile = sharedFile('cause-keys.md');

/** Causes that Bringup's own codes alone show, or that only its own modules print. */
const OWN = new Set(['vm', 'ova', 'packages', 'host']);

describe('the shipped catalogue', () => {
  it('has no fault', () => {
    expect(catalogue.problems).toEqual([]);
  });

  it.skipIf(keysFile === null)(
    'has every key of ../shared/failures/cause-keys.md with its owner (skipped: not present)',
    () => {
      const wanted = [...(keysFile ?? '').matchAll(/^\| (\S+\.\S+) \| .* \| (\S+) \|/gm)];
      expect(wanted.length).toBeGreaterThan(100);
      for (const [, key, owner] of wanted) {
        expect(catalogue.causes.find((cause) => cause.key === key)?.owner, key).toBe(owner);
      }
    },
  );

  it('explains only keys that exist', () => {
    const keys = catalogue.causes.map(({ key }) => key);
    for (const { key, explains } of catalogue.causes) {
      for (const other of explains) {
        const prefix = other.replace(/\*$/, '');
        expect(
          keys.some((known) => (other.endsWith('*') ? known.startsWith(prefix) : known === other)),
          `${key} explains ${other}`,
        ).toBe(true);
      }
    }
  });

  it('asks nobody outside without a request to send', () => {
    const silent = catalogue.causes.filter(({ owner, request, codes, rules }) => {
      const outside = owner === 'customer-network' || owner === 'customer-it' || owner === 'vendor';
      return outside && request === undefined && (codes.length === 0 || rules.length > 0);
    });
    expect(silent.map(({ key }) => key)).toEqual([]);
  });

  it('gives an example for every pattern it matches by', () => {
    const bare = catalogue.causes.filter(
      ({ key, rules, examples }) =>
        rules.length > 0 && examples.length === 0 && !OWN.has(key.split('.')[0] ?? ''),
    );
    expect(bare.map(({ key }) => key)).toEqual(['dhcp.other_server']);
  });
});

describe.each(
  catalogue.causes
    .filter(({ examples, not }) => examples.length + not.length > 0)
    .map((cause) => [cause.key, cause] as const),
)('the cause %s', (key, { examples, not }) => {
  it('is what its examples mean, with every word of its texts filled', () => {
    for (const text of examples) {
      const { why, fixes, request, owner } = explainText(text, catalogue);
      expect(why.key, text).toBe(key);
      expect(owner).not.toBeNull();
      const texts = [
        why.summary,
        ...why.chain,
        ...fixes.flatMap(({ title, command = '' }) => [title, command]),
      ];
      expect(texts.join('\n')).not.toMatch(/\{\w+(?:\|[^}]*)?\}/);
      expect(request).toContain(why.summary);
      expect(why.evidence.length).toBeGreaterThan(0);
    }
  });

  it('is not what only looks like it', () => {
    for (const text of not) expect(explainText(text, catalogue).why.key, text).not.toBe(key);
  });
});
