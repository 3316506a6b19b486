/** A firmware version taken apart. `family` is what stands before the number and must agree for two to be compared. */
interface Version {
  readonly family?: string;
  readonly segments: readonly (readonly (number | string)[])[];
}

/** No maker writes longer ones; what follows is left unread, so that the patterns stay cheap whatever a BMC sends. */
const MAX_LENGTH = 120;
const REMARK = /\([^)]*\)/g;
const DOTTED = /^(?:(.*?)[\s_-]+)?v?(\d[0-9a-z]*(?:\.[0-9a-z]+)+)/i;
const PLAIN = /^([a-z]*)(\d[0-9a-z]*)/i;
const LENOVO_BUILD = /^([a-z]{3})\d{3}[a-z]$/i;

/**
 * Compares firmware versions as makers write them: Dell `1.8.2`, HPE `A42 v2.60 (08/11/2022)`, Lenovo `AFE118K-3.10`,
 * drives `MPK7625Q`. Negative when `a` is older, 0 when they are the same, undefined when they cannot be compared
 * (no number in them, or two families such as A42 and U30).
 */
export function compareVersions(a: string, b: string): number | undefined {
  const [left, right] = [readVersion(a), readVersion(b)];
  if (left === undefined || right === undefined) return undefined;
  const families = [left.family, right.family];
  if (!families.includes(undefined) && left.family !== right.family) return undefined;
  const length = Math.max(left.segments.length, right.segments.length);
  for (let index = 0; index < length; index++) {
    const order = compareSegments(left.segments[index] ?? [0], right.segments[index] ?? [0]);
    if (order !== 0) return order;
  }
  return 0;
}

/** True when `compareVersions` can make something of the text. */
export function isVersion(text: string): boolean {
  return readVersion(text) !== undefined;
}

function readVersion(text: string): Version | undefined {
  const plain = text.slice(0, MAX_LENGTH).replace(REMARK, ' ').trim();
  const hex = /^0x([0-9a-f]+)$/i.exec(plain)?.[1];
  if (hex !== undefined) return { segments: [[Number.parseInt(hex, 16)]] };
  const [, prefix, number] = DOTTED.exec(plain) ?? PLAIN.exec(plain) ?? [];
  if (number === undefined) return undefined;
  const segments = number.split('.').map(chunks);
  const family = familyOf(prefix ?? '');
  return family === '' ? { segments } : { family, segments };
}

/** Lenovo puts the build number between the platform (three letters) and the version; only the platform must agree. */
function familyOf(prefix: string): string {
  const build = LENOVO_BUILD.exec(prefix)?.[1] ?? prefix;
  return build.toLowerCase().replace(/\s+/g, ' ').trim();
}

function chunks(segment: string): (number | string)[] {
  return (segment.toLowerCase().match(/\d+|[a-z]+/g) ?? []).map((chunk) =>
    /^\d/.test(chunk) ? Number(chunk) : chunk,
  );
}

function compareSegments(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [left, right] = [a[index], b[index]];
    if (left === right) continue;
    if (left === undefined) return -1;
    if (right === undefined) return 1;
    if (typeof left !== typeof right) return typeof left === 'number' ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return 0;
}
