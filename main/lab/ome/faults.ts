import { BringupError, EXIT } from '../../../src/contract/errors.ts';

/** Only the first so many times; always when left out. */
interface FaultCount {
  times?: number;
}

/**
 * One fault that can be switched on while the simulator runs. `device` is a service tag, all devices when left out; `text` is
 * what the device says of it.
 */
export type OmeFault = FaultCount &
  (
    | {
        readonly kind: 'unavailable';
        after?: number;
        readonly path?: string;
        readonly retryAfter?: number;
      }
    | { readonly kind: 'away'; after?: number; readonly path?: string }
    | { readonly kind: 'session-ended'; after?: number; readonly path?: string }
    | { readonly kind: 'job-stuck'; readonly job?: string }
    | { readonly kind: 'job-fails'; readonly job?: string; readonly device?: string }
    | { readonly kind: 'update-fails'; readonly device?: string; readonly text?: string }
    | { readonly kind: 'catalog-missing' }
    | { readonly kind: 'dup-other-model' }
  );

type OmeFaultKind = OmeFault['kind'];

/** What each fault takes beside its kind. */
const SHAPES: Readonly<Record<OmeFaultKind, Readonly<Record<string, 'number' | 'string'>>>> = {
  unavailable: { after: 'number', path: 'string', retryAfter: 'number' },
  away: { after: 'number', path: 'string' },
  'session-ended': { after: 'number', path: 'string' },
  'job-stuck': { job: 'string' },
  'job-fails': { job: 'string', device: 'string' },
  'update-fails': { device: 'string', text: 'string' },
  'catalog-missing': {},
  'dup-other-model': {},
};

/** Checks a list of faults that came from outside; OME_FAULT_INVALID names the first that is none. */
export function parseOmeFaults(value: unknown): readonly OmeFault[] {
  if (!Array.isArray(value)) throw invalid('Faults come as a JSON list.');
  return value.map((item: unknown) => {
    const fault = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>;
    const kind = String(fault['kind']);
    if (!Object.hasOwn(SHAPES, kind)) throw invalid(`"${kind}" is no fault of the simulator.`);
    const shape: Readonly<Record<string, 'number' | 'string'>> = {
      ...SHAPES[kind as OmeFaultKind],
      times: 'number',
    };
    for (const [name, given] of Object.entries(fault)) {
      if (name === 'kind') continue;
      const wanted = shape[name];
      if (wanted === undefined) throw invalid(`The fault ${kind} takes no ${name}.`);
      const isRight =
        typeof given === wanted && (wanted === 'string' || (Number.isFinite(given) && Number(given) >= 0));
      if (!isRight) throw invalid(`${name} of the fault ${kind} must be a ${wanted}.`);
    }
    return { ...fault } as unknown as OmeFault;
  });
}

/** The first fault of a kind that fits; a fault with `times` is used up by being found. */
export function takeOmeFault<K extends OmeFaultKind>(
  faults: readonly OmeFault[],
  kind: K,
  fits: (fault: Extract<OmeFault, { kind: K }>) => boolean = () => true,
): Extract<OmeFault, { kind: K }> | undefined {
  const fault = faults.find(
    (known): known is Extract<OmeFault, { kind: K }> =>
      known.kind === kind && known.times !== 0 && fits(known as Extract<OmeFault, { kind: K }>),
  );
  if (fault?.times !== undefined) fault.times -= 1;
  return fault;
}

/** As takeOmeFault, of those that show at a path; `after` lets so many requests there pass first. */
export function takeOmePathFault<K extends 'unavailable' | 'away' | 'session-ended'>(
  faults: readonly OmeFault[],
  kind: K,
  path: string,
): Extract<OmeFault, { kind: K }> | undefined {
  return takeOmeFault(faults, kind, (fault) => {
    const one: { after?: number; readonly path?: string } = fault;
    if (one.path !== undefined && !path.startsWith(one.path)) return false;
    if (one.after === undefined || one.after <= 0) return true;
    one.after -= 1;
    return false;
  });
}

function invalid(message: string): BringupError {
  return new BringupError({
    code: 'OME_FAULT_INVALID',
    message,
    hint: `Faults are ${Object.keys(SHAPES).join(', ')}; docs/lab.md says what each does.`,
    exit: EXIT.invalid,
  });
}
