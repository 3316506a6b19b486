/** Which characters may stand at one place of a pattern: ASCII by code, and all others as one (index 128). */
export type CharSet = readonly boolean[];

const SIZE = 129;
const NEWLINE = 10;

/** The characters for which `has` is true; letters of either case count as both. */
export function charSet(has: (code: number) => boolean): CharSet {
  const exact = Array.from({ length: SIZE }, (_, code) => has(code));
  return exact.map((value, code) => value || (exact[otherCase(code)] ?? false));
}

export const DIGIT = charSet((code) => code >= 48 && code <= 57);
export const WORD = charSet((code) => /^\w$/.test(String.fromCharCode(code)) && code < 128);
export const SPACE = charSet((code) => code === 32 || (code >= 9 && code <= 13));
export const ANY = charSet((code) => code !== NEWLINE);

const letters = new Map<number, CharSet>();

/** One character, in either case. */
export function oneChar(char: string): CharSet {
  const own = Math.min(char.charCodeAt(0), SIZE - 1);
  const known = letters.get(own) ?? charSet((code) => code === own);
  letters.set(own, known);
  return known;
}

/** The complement, without the line end: a class that excludes never runs across lines. */
export function negate(set: CharSet): CharSet {
  return set.map((value, code) => !value && code !== NEWLINE);
}

export function union(sets: readonly CharSet[]): CharSet {
  const [first = []] = sets;
  return sets.length === 1 ? first : ANY.map((_, code) => sets.some((set) => set[code] === true));
}

export function disjoint(left: CharSet, right: CharSet): boolean {
  return !left.some((value, code) => value && right[code] === true);
}

function otherCase(code: number): number {
  if (code >= 65 && code <= 90) return code + 32;
  return code >= 97 && code <= 122 ? code - 32 : code;
}
