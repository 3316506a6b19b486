import { BringupError, EXIT } from '../../../src/contract/errors.ts';

/** Where a fault shows: only under this URI, only the first so many times. Everywhere and always when left out. */
interface FaultScope {
  readonly path?: string;
  times?: number;
}

/** One fault that can be switched on, per machine, while it runs. Seconds and milliseconds as named. */
export type BmcFault = FaultScope &
  (
    | { readonly kind: 'latency'; readonly ms: number; readonly jitter?: number }
    | { readonly kind: 'unauthorized' }
    | { readonly kind: 'lockout'; readonly after: number; readonly seconds?: number }
    | { readonly kind: 'unavailable'; readonly retryAfter?: number }
    | { readonly kind: 'malformed' }
    | { readonly kind: 'truncated' }
    | { readonly kind: 'empty' }
    | { readonly kind: 'drip'; readonly bytesPerSecond: number }
    | { readonly kind: 'huge'; readonly mebibytes: number }
    | { readonly kind: 'reset' }
    | { readonly kind: 'silent' }
    | { readonly kind: 'error'; readonly status?: number }
    | { readonly kind: 'certificate-expired' }
    | { readonly kind: 'sessions-exhausted' }
    | { readonly kind: 'expand-broken'; readonly how: 'error' | 'ignored' }
    | { readonly kind: 'media-stuck'; readonly how: 'refused' | 'ignored' }
    | { readonly kind: 'job-stuck' }
    | { readonly kind: 'job-fails' }
    | { readonly kind: 'clock'; readonly seconds: number }
  );

export type BmcFaultKind = BmcFault['kind'];

/** What each fault needs beside its kind: numbers by name, or one of some words. */
const SHAPES: Readonly<
  Record<BmcFaultKind, Readonly<Record<string, 'number' | 'number?' | readonly string[]>>>
> = {
  latency: { ms: 'number', jitter: 'number?' },
  unauthorized: {},
  lockout: { after: 'number', seconds: 'number?' },
  unavailable: { retryAfter: 'number?' },
  malformed: {},
  truncated: {},
  empty: {},
  drip: { bytesPerSecond: 'number' },
  huge: { mebibytes: 'number' },
  reset: {},
  silent: {},
  error: { status: 'number?' },
  'certificate-expired': {},
  'sessions-exhausted': {},
  'expand-broken': { how: ['error', 'ignored'] },
  'media-stuck': { how: ['refused', 'ignored'] },
  'job-stuck': {},
  'job-fails': {},
  clock: { seconds: 'number' },
};

/** Checks a list of faults that came from outside; BMC_FAULT_INVALID names the first that is none. */
export function parseFaults(value: unknown): readonly BmcFault[] {
  if (!Array.isArray(value)) throw invalid('Faults come as a JSON list.');
  return value.map((item: unknown) => {
    const fault = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>;
    const kind = String(fault['kind']);
    if (!Object.hasOwn(SHAPES, kind)) throw invalid(`"${kind}" is no fault of the simulator.`);
    const shape = { ...SHAPES[kind as BmcFaultKind], times: 'number?' as const };
    for (const [name, wanted] of Object.entries(shape)) {
      const given = fault[name];
      if (Array.isArray(wanted) && wanted.includes(String(given))) continue;
      if (wanted === 'number?' && given === undefined) continue;
      if (
        !Array.isArray(wanted) &&
        typeof given === 'number' &&
        Number.isFinite(given) &&
        (given >= 0 || kind === 'clock')
      )
        continue;
      throw invalid(
        `${name} of the fault ${kind} must be ${Array.isArray(wanted) ? wanted.join(' or ') : 'a number'}.`,
      );
    }
    if (fault['path'] !== undefined && typeof fault['path'] !== 'string')
      throw invalid(`path of ${kind} must be text.`);
    return { ...fault } as unknown as BmcFault;
  });
}

/** The first fault of a kind that shows on a path; a fault with `times` is used up by being found. */
export function takeFault<K extends BmcFaultKind>(
  faults: readonly BmcFault[],
  kind: K,
  path: string,
): Extract<BmcFault, { kind: K }> | undefined {
  const fault = faults.find(
    (known) =>
      known.kind === kind && known.times !== 0 && (known.path === undefined || path.startsWith(known.path)),
  );
  if (fault?.times !== undefined) fault.times -= 1;
  return fault as Extract<BmcFault, { kind: K }> | undefined;
}

function invalid(message: string): BringupError {
  return new BringupError({
    code: 'BMC_FAULT_INVALID',
    message,
    hint: `Faults are ${Object.keys(SHAPES).join(', ')}; docs/lab.md says what each does.`,
    exit: EXIT.invalid,
  });
}
