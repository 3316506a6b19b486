import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSite } from '../../src/site/index.ts';
import { changed, problemsOf, SITE } from './site-example.ts';
import { spoiled } from './yaml-noise.ts';

const codesOf = (source: string | Uint8Array) => {
  const input = typeof source === 'string' ? { text: source } : { bytes: source };
  return parseSite({ file: 'site.yaml', ...input }).problems.map(({ line, code }) => `${line} ${code}`);
};

describe('a file that is not a site file', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['empty', '', '1 SITE_EMPTY'],
    ['only a comment', '# nothing yet\n', '1 SITE_EMPTY'],
    ['a single word', 'hello', '1 SITE_WRONG_TYPE'],
    ['binary', `apiVersion: x\n\0\u0001`, '2 SITE_BINARY'],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x61, 0]), '1 SITE_ENCODING'],
    ['UTF-16 without its mark', new Uint8Array([0x61, 0, 0x3a, 0]), '1 SITE_BINARY'],
    ['UTF-16 the other way round', new Uint8Array([0xfe, 0xff, 0, 0x61]), '1 SITE_ENCODING'],
    ['Latin-1', new Uint8Array([0x61, 0x0a, 0x62, 0xfc, 0x63]), '2 SITE_ENCODING'],
    ['too large', new Uint8Array(8 * 1024 * 1024 + 1), '1 SITE_TOO_LARGE'],
    ['a hundred megabytes', new Uint8Array(100 * 1024 * 1024).fill(0x20), '1 SITE_TOO_LARGE'],
    ['half a character', changed('customer: ACME', 'customer: \ud800'), '3 SITE_BINARY'],
    ['half a character as an escape', changed('customer: ACME', 'customer: "\\ud800"'), '3 SITE_BINARY'],
    ['NUL as an escape', changed('customer: ACME', 'customer: "AC\\0ME"'), '3 SITE_BINARY'],
    ['a name that is a number', changed('customer: ACME', '12: ACME'), '3 YAML_NON_STRING_KEY'],
    ['a name that is a list', changed('customer: ACME', '[a]: ACME'), '3 YAML_NON_STRING_KEY'],
    ["a stranger's tag", changed('customer: ACME', 'customer: !vault ACME'), '3 YAML_TAG_RESOLVE_FAILED'],
    ['a carriage return alone', changed('customer: ACME', 'customer: AC\rME'), '3 SITE_BINARY'],
    ['two documents', `${SITE}---\na: 1\n`, '35 SITE_MANY_DOCUMENTS'],
    ['indented with tabs', 'site:\n\tname: x\n', '2 YAML_TAB_AS_INDENT'],
    ['a field twice', `${SITE}stack: other\n`, '35 YAML_DUPLICATE_KEY'],
    ['a bracket too few', changed('upstream: [10.20.0.2]', 'upstream: [10.20.0.2'), '9 YAML_BAD_INDENT'],
    ['an alias to nothing', changed('customer: ACME', 'customer: *acme'), '3 YAML_BAD_ALIAS'],
    ['a merge key', changed('customer: ACME', '<<: {customer: ACME}'), '3 SITE_MERGE_KEY'],
    [
      'a merge key of YAML 1.1',
      `%YAML 1.1\n---\n${changed('customer: ACME', '<<: {customer: ACME}')}`,
      '5 SITE_MERGE_KEY',
    ],
    ['a tag', changed('customer: ACME', 'customer: !!binary ACME'), '3 YAML_TAG_RESOLVE_FAILED'],
    ['a prototype', changed('customer: ACME', '__proto__: {customer: ACME}'), '3 SITE_UNKNOWN_FIELD'],
  ])('%s', (_, source, problem) => {
    expect(codesOf(source)).toContain(problem);
  });

  it('says what to do about it', () => {
    expect(problemsOf('site:\n\tname: x\n')[0]).toMatch(
      /This is not valid YAML.*-> Indent with spaces; YAML does not allow tabs there\.$/,
    );
  });
});

describe('a bomb', () => {
  const laughs = Array.from(
    { length: 20 },
    (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join()}]`,
  );

  it.each([
    ['brackets', '['.repeat(1_000_000), 'SITE_TOO_DEEP'],
    ['dashes', '- '.repeat(500_000), 'SITE_TOO_DEEP'],
    ['a staircase', Array.from({ length: 200 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), 'SITE_TOO_DEEP'],
    [
      'a tall staircase',
      Array.from({ length: 2800 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      'YAML_RESOURCE_EXHAUSTION',
    ],
    ['a billion laughs', ['a0: &a0 [x]', ...laughs].join('\n'), 'SITE_TOO_MANY_ALIASES'],
    ['an alias in itself', 'a: &a [*a]', 'YAML_BAD_ALIAS'],
    ['anchors by the thousand', 'a: &a 1\n'.repeat(2000), 'SITE_TOO_MANY_ALIASES'],
    ['lines by the million', ': '.repeat(900_000), 'SITE_TOO_LARGE'],
    ['empty lines by the million', '\n'.repeat(1_000_000), 'SITE_TOO_LARGE'],
    [
      'names by the million',
      `parameters: {${Array.from({ length: 600_000 }, (_, i) => `k${i}: 1`).join(', ')}}`,
      'SITE_TOO_LARGE',
    ],
    [
      'names on lines by the million',
      Array.from({ length: 1_000_000 }, (_, i) => `k${i}:`)
        .join('\n')
        .slice(0, 8_000_000),
      'SITE_TOO_LARGE',
    ],
    ['hosts by the million', `hosts: [${'{},'.repeat(1_000_000)}]`, 'SITE_TOO_LARGE'],
    ['open quotes', 'a: "b\n'.repeat(1_000_000), 'SITE_TOO_LARGE'],
  ])(
    'of %s is refused with one problem',
    (_, text, code) => {
      expect(parseSite({ file: 'site.yaml', text }).problems.map((problem) => problem.code)).toEqual([code]);
    },
    60_000,
  );

  it.each([
    ['quotes', SITE.replace('customer: ACME', `customer: "${'x'.repeat(7_000_000)}"`)],
    ['words', SITE.replace('customer: ACME', `customer: ${'x y '.repeat(1_700_000)}z`)],
  ])('in a very long line of %s is found where it stands', (_, text) => {
    expect(problemsOf(text)).toEqual(['3:33 SITE_BAD_VALUE site.customer must have at most 500 characters.']);
  });

  it('of 4,000 wrong hosts is told in the order of the lines', () => {
    const text = SITE.replace(/hosts:[^]*/, `hosts:\n${'  - {name: a, x: 1}\n'.repeat(4000)}`);
    const { problems } = parseSite({ file: 'site.yaml', text });
    expect(problems).toHaveLength(501);
    expect(problems.slice(0, 3).map(({ line, code }) => `${line} ${code}`)).toEqual([
      '19 SITE_UNKNOWN_FIELD',
      '20 SITE_UNKNOWN_FIELD',
      '21 SITE_UNKNOWN_FIELD',
    ]);
  });

  it('of mistakes is cut short', () => {
    const text = `${SITE}parameters: {}\n${Array.from({ length: 3000 }, (_, i) => `x${i}: 1\n`).join('')}`;
    const { problems } = parseSite({ file: 'site.yaml', text });
    expect(problems).toHaveLength(501);
    expect(problems.at(-1)?.code).toBe('SITE_TOO_MANY_PROBLEMS');
  });
});

describe('any bytes', () => {
  const good = new TextEncoder().encode(SITE);

  const holds = (source: { text: string } | { bytes: Uint8Array }) => {
    const { site, problems } = parseSite({ file: 'site.yaml', ...source });
    const lines = ('text' in source ? source.text : new TextDecoder().decode(source.bytes)).split(
      '\n',
    ).length;
    for (const problem of problems) {
      expect(problem.line).toBeGreaterThanOrEqual(1);
      expect(problem.line).toBeLessThanOrEqual(lines);
      expect(problem.column).toBeGreaterThanOrEqual(1);
      expect(problem.message).toMatch(/^\S.*\.$/s);
    }
    expect(site === undefined).toBe(problems.some((problem) => problem.severity === 'error'));
  };

  it('made from a good file by a few edits never throw, and every problem has its line', () => {
    fc.assert(
      fc.property(spoiled(SITE), (text) => {
        holds({ text });
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('with bytes turned over never throw either', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        (flips) => {
          const bytes = Uint8Array.from(good);
          for (const [at, byte] of flips) bytes[at] = byte;
          holds({ bytes });
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);
});
