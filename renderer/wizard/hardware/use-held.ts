import { useEffect, useState } from 'react';
import type { DiscoverResult } from '../../../src/contract/hardware.ts';
import type { SiteModel } from '../types.ts';

/** The last answer stays while a newer one is on its way, so that nothing jumps. */
export interface Held<T> {
  readonly value: T | undefined;
  readonly error: Error | undefined;
}

/**
 * What follows from site file and hardware: asked when the step opens, and again when one of the two has changed and is
 * saved; late answers to an earlier question are dropped. Keep `load` stable with useCallback.
 */
export function useHeld<T>(
  load: () => Promise<T>,
  { text, saving }: Pick<SiteModel, 'text' | 'saving'>,
  hardware?: DiscoverResult,
): Held<T> {
  const [held, setHeld] = useState<Held<T>>({ value: undefined, error: undefined });
  useEffect(() => {
    if (saving) return undefined;
    let current = true;
    load().then(
      (value) => {
        if (current) setHeld({ value, error: undefined });
      },
      (reason: unknown) => {
        const error = reason instanceof Error ? reason : new Error(String(reason));
        if (current) setHeld({ value: undefined, error });
      },
    );
    return () => {
      current = false;
    };
  }, [load, text, saving, hardware]);
  return held;
}
