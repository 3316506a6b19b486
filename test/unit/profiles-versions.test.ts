import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions } from '../../src/profiles/index.ts';

const order = (a: string, b: string): string => {
  const result = compareVersions(a, b);
  if (result === undefined) return 'cannot be compared';
  return result < 0 ? 'older' : result > 0 ? 'newer' : 'the same';
};

describe('firmware versions', () => {
  it.each([
    ['Dell', '1.8.2', '1.10.0', 'older'],
    ['Dell, written shorter', '1.8', '1.8.0', 'the same'],
    ['iDRAC', '6.00.30.00', '5.10.50.00', 'newer'],
    ['iDRAC, with and without zeros', '6.00.30.00', '6.0.30', 'the same'],
    ['HPE', 'A42 v2.60 (08/11/2022)', 'A42 v2.72 (01/12/2023)', 'older'],
    ['HPE against the bare number', 'A42 v2.60 (08/11/2022)', '2.60', 'the same'],
    ['HPE of another family', 'A42 v2.60 (08/11/2022)', 'U30 v2.60', 'cannot be compared'],
    ['iLO as its manager says it', 'iLO 5 v2.72', 'iLO 5 v2.9', 'newer'],
    ['iLO as its inventory says it', '2.72 Sep 04 2022', '2.55', 'newer'],
    ['Lenovo, whatever the build', 'AFE118K-3.10', 'AFE120G-3.20', 'older'],
    ['Lenovo of another platform', 'AFE118K-3.10', 'IVE178E-3.22', 'cannot be compared'],
    ['a letter behind', '2.1', '2.1a', 'older'],
    ['hexadecimal', '0x31', '0x1F', 'newer'],
    ['power supply', '00.2A.2B', '00.2A.31', 'older'],
    ['drive', 'MPK7625Q', 'MPK7525Q', 'newer'],
    ['nothing to compare', 'unknown', '1.0', 'cannot be compared'],
    ['empty', '', '1.0', 'cannot be compared'],
  ])('%s: %s is, against %s, %s', (_, a, b, expected) => {
    expect(order(a, b)).toBe(expected);
  });

  const version = fc.array(fc.nat(99), { minLength: 2, maxLength: 4 }).map((segments) => segments.join('.'));

  it('are in one order, whichever way they are asked', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const [ab, ba, bc, ac] = [
          [a, b],
          [b, a],
          [b, c],
          [a, c],
        ].map(([x = '', y = '']) => Math.sign(compareVersions(x, y) ?? Number.NaN));
        expect(ab).toBe(-(ba ?? 0) + 0);
        if (ab !== undefined && bc !== undefined && ab <= 0 && bc <= 0) expect(ac).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('never throw, whatever a BMC sends', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.string({ maxLength: 300 }), (a, b) => {
        expect(['number', 'undefined']).toContain(typeof compareVersions(a, b));
      }),
    );
  });
});
