import type { PingOutput } from './actions.ts';
import { NTP_EPOCH, readNtpAnswer } from './packets.ts';

/** What came of a connection: the time that it took in milliseconds, or a system error's name. */
export type Connected = { readonly ms: number } | { readonly error: string };

/** What the laptop saw of one way; what is missing was not come to. */
export interface WayAnswer {
  readonly connected?: Connected;
  readonly echoes?: PingOutput;
  /** Pings of falling size that may not be cut, the full packet first. */
  readonly sizes?: readonly PingOutput[];
  /** True once nothing more is tried. */
  readonly done?: true;
}

/** What a name server said to one question: addresses, or the resolver's error (ENOTFOUND, ETIMEOUT...). */
export interface NameAnswer {
  readonly name: string;
  readonly wanted?: string;
  readonly addresses?: readonly string[];
  readonly error?: string;
}

/** What a time server said; `offset` is how far its clock is ahead of the laptop's, in seconds. */
export type TimeAnswer =
  | { readonly synchronised: boolean; readonly stratum: number; readonly offset: number }
  | { readonly error: string };

/** All that the laptop saw: ways by the place of their target in the plan, servers by their address. */
export interface LaptopAnswers {
  readonly ways: ReadonlyMap<number, WayAnswer>;
  readonly names: ReadonlyMap<string, readonly NameAnswer[]>;
  readonly times: ReadonlyMap<string, TimeAnswer>;
}

/** Echoes counted. */
export interface Echoes {
  readonly sent: number;
  readonly answered: number;
  /** The median round trip in milliseconds. */
  readonly ms?: number;
}

/** Counts the answers in what ping printed, also in other languages than English: only an echo has a TTL. */
export function readEchoes({ output }: PingOutput, asked: number): Echoes {
  const lines = output.split('\n').filter((line) => /\bttl[=:]\s?\d/i.test(line) && !line.includes('DUP'));
  const times = lines
    .flatMap((line) => /[=<]\s?(\d+(?:[.,]\d+)?)\s?ms/i.exec(line)?.[1]?.replace(',', '.') ?? [])
    .map(Number)
    .sort((one, other) => one - other);
  // Windows says `Sent = 4, Received = 4` in the language of its user.
  const sent = (/(\d+) packets transmitted/.exec(output) ?? /= (\d+), \S+ = \d+/.exec(output))?.[1];
  const middle = times[Math.floor(times.length / 2)];
  return {
    sent: Math.max(lines.length, sent === undefined ? asked : Number(sent)),
    answered: lines.length,
    ...(middle === undefined ? {} : { ms: middle }),
  };
}

/** Reads the answer to an NTP question; times of the own clock are in milliseconds (RFC 5905, 8). */
export function readTime(reply: Buffer, asked: number, got: number): TimeAnswer {
  const read = readNtpAnswer(reply);
  if (read === null) return { error: 'EBADRESP' };
  const [received, sent] = [stamp(reply, 32), stamp(reply, 40)];
  const offset = (received - asked / 1000 + (sent - got / 1000)) / 2;
  return { synchronised: read.synchronised, stratum: read.stratum, offset };
}

/** Seconds of Unix time, from a timestamp of 32 bits of seconds and 32 bits of a fraction. */
function stamp(reply: Buffer, at: number): number {
  return reply.readUInt32BE(at) - NTP_EPOCH + reply.readUInt32BE(at + 4) / 2 ** 32;
}
