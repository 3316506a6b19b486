import type { BringupError } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports.ts';
import { cancelled } from './errors.ts';
import type { Limits } from './limits.ts';

/** Why something is tried again: too many requests, a fault inside the BMC, a broken connection, a broken answer. */
export type Trouble = 'busy' | 'fault' | 'closed' | 'malformed';

/** How often each is tried again. A busy BMC says so itself and is worth waiting for; the rest is a quirk or a fact. */
const AGAIN: Readonly<Record<Trouble, number>> = { busy: 4, fault: 2, closed: 2, malformed: 2 };

/** One attempt: its value, or what went wrong and how long the BMC asks to wait. */
export type Outcome<T> =
  | { readonly value: T }
  | { readonly trouble: Trouble; readonly error: BringupError; readonly waitSeconds?: number };

/** Tries until there is a value, each trouble no more often than it is worth; then throws its error. */
export async function retrying<T>(
  attempt: () => Promise<Outcome<T>>,
  limits: Pick<Limits, 'backoffSeconds' | 'longestPauseSeconds'>,
  signal: AbortSignal | undefined,
): Promise<T> {
  const tries: Record<Trouble, number> = { busy: 0, fault: 0, closed: 0, malformed: 0 };
  for (let round = 0; ; round += 1) {
    const outcome = await attempt();
    if ('value' in outcome) return outcome.value;
    tries[outcome.trouble] += 1;
    if (tries[outcome.trouble] > AGAIN[outcome.trouble]) throw outcome.error;
    // Half of the pause is left to chance, so that many clients do not come back at the same moment.
    const backoff = limits.backoffSeconds * 2 ** round * (0.5 + Math.random() / 2);
    await pause(Math.min(Math.max(backoff, outcome.waitSeconds ?? 0), limits.longestPauseSeconds), signal);
  }
}

/** Seconds asked for by Retry-After, which is a number of seconds or a date (RFC 9110, 10.2.3). */
export function retryAfter(header: string | undefined, clock: Clock): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header);
  const until = Date.parse(header);
  return Number.isNaN(until) ? undefined : Math.max(0, (until - clock.now().getTime()) / 1000);
}

/** Waits; rejects with CANCELLED when the signal fires. */
export function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(cancelled('waiting for a BMC'));
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(cancelled('waiting for a BMC'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
