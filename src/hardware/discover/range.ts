import { BringupError, EXIT } from '../../contract/errors.ts';

/** More than this at once is a typing mistake: BMC networks are /20 at most. */
const MOST = 4096;

/**
 * The IPv4 addresses of `10.20.1.0/24`, `10.20.1.10-10.20.1.99` or a single address, in order. Network and broadcast
 * address of a network are left out, except in /31 and /32, which have none (RFC 3021). Throws DISCOVERY_RANGE.
 */
export function expandRange(text: string): readonly string[] {
  const network = /^([\d.]+)\/(\d{1,2})$/.exec(text.trim());
  if (network !== null) return ofNetwork(text, numberOf(text, network[1]), Number(network[2]));
  const [from, to, ...more] = text.split('-').map((part) => part.trim());
  if (more.length > 0) throw unusable(text);
  const first = numberOf(text, from);
  return between(text, first, to === undefined ? first : numberOf(text, to));
}

/** The addresses of several ranges, each once. */
export function expandRanges(ranges: readonly string[]): readonly string[] {
  return [...new Set(ranges.flatMap(expandRange))];
}

function ofNetwork(text: string, address: number, prefix: number): readonly string[] {
  if (prefix > 32) throw unusable(text);
  const size = 2 ** (32 - prefix);
  const first = Math.floor(address / size) * size;
  return size <= 2 ? between(text, first, first + size - 1) : between(text, first + 1, first + size - 2);
}

function between(text: string, first: number, last: number): readonly string[] {
  if (last < first) throw unusable(text);
  if (last - first >= MOST) {
    throw new BringupError({
      code: 'DISCOVERY_RANGE',
      message: `The range ${text} has ${last - first + 1} addresses; at most ${MOST} are searched.`,
      hint: 'Give the smallest range that holds the BMCs, such as 10.20.1.10-10.20.1.99.',
      exit: EXIT.invalid,
    });
  }
  return Array.from({ length: last - first + 1 }, (_, index) => textOf(first + index));
}

function numberOf(text: string, address: string | undefined): number {
  const parts = (address ?? '').split('.');
  const isAddress =
    parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  if (!isAddress) throw unusable(text);
  return parts.reduce((number, part) => number * 256 + Number(part), 0);
}

function textOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

function unusable(text: string): BringupError {
  return new BringupError({
    code: 'DISCOVERY_RANGE',
    message: `${JSON.stringify(text)} is no range of IPv4 addresses.`,
    hint: 'Write a network (10.20.1.0/24), a range (10.20.1.10-10.20.1.99, the lower end first) or one address.',
    exit: EXIT.invalid,
  });
}
