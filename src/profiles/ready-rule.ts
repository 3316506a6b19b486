import type { Subject } from './subject.ts';
import type { Truth } from './truth.ts';

/** A rule made ready: `test` is cheap, `see` puts what was seen into words. */
export interface Rule {
  /** The field, or the fields of a group. */
  readonly field: string;
  readonly wanted: string;
  /** How many conditions hold when the rule holds; counts for specificity. */
  readonly size: number;
  /** How many of them name the machine itself (manufacturer, model, SKU, serial). */
  readonly identity: number;
  test(subject: Subject): Truth;
  see(subject: Subject): string;
}
