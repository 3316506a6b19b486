import type { Owner } from '../contract/failure.ts';
import type { Facts } from './facts.ts';

/** What a fact may be; a fact that is not named may be anything. */
export type Pattern = { readonly [K in keyof Facts]?: Facts[K] | readonly Facts[K][] };

/**
 * One pattern of a matrix and what it means. `blame` says which rows are the broken legs: the failing service rows
 * (`machine`, `service`, `points`, `path`), the rows of large packets (`size`), or none. Texts may name {to}, {service},
 * {from}, {ok}, {network}, {pairs} (`from A (1.2.3.4) to B (5.6.7.8)`) and {seen}, what the first failing point saw.
 */
export interface Rule {
  readonly key: string;
  readonly when: Pattern;
  readonly blame: 'nothing' | 'machine' | 'service' | 'points' | 'path' | 'size';
  readonly owner: Owner | null;
  readonly summary: string;
  /** The sentence that opens the text to the owner. */
  readonly request: string;
  readonly fixes: readonly string[];
}

/** Whether the facts fit a pattern. */
export function fits(facts: Facts, pattern: Pattern): boolean {
  return Object.entries(pattern).every(([name, wanted]) => {
    const seen: string = facts[name as keyof Facts];
    return typeof wanted === 'string' ? seen === wanted : wanted.includes(seen as never);
  });
}
