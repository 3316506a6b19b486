import { vi } from 'vitest';

/** Looks until the look no longer fails, for as long as a machine needs that has other tests to run beside. */
export function eventually<Seen>(look: () => Seen | Promise<Seen>): Promise<Seen> {
  return vi.waitFor(look, { timeout: 60_000 });
}
