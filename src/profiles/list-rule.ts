import type { HardwareSnapshot, SnapshotGap } from '../contract/hardware.ts';
import type { ItemField, ListField } from './list-fields.ts';
import { compileConditions, seenWords, type Test } from './operators.ts';
import type { Rule } from './ready-rule.ts';
import type { Conditions, RuleEntry } from './rule-entry.ts';
import type { Seen } from './subject.ts';
import type { Truth } from './truth.ts';

interface Filter {
  readonly field: ItemField;
  readonly test: Test;
}

/** Parts that fit, and the most there could be when the BMC does not tell all that decides it. */
interface Tally {
  readonly total: number;
  readonly sure: number;
  readonly possible: number;
  /** The same for the sum of a field. */
  readonly sureSum: number;
  readonly possibleSum: number;
  readonly gap: SnapshotGap | undefined;
}

const MAX_GROUPS = 6;

/** A rule about a list: how many parts fit `where`, or what a field of them adds up to. */
export function compileListRule(name: string, list: ListField, entry: RuleEntry): Rule {
  const filters = Object.entries(entry.where ?? {}).map(([item, wanted]) => filterOf(list, item, wanted));
  const addend = entry.sum === undefined ? undefined : list.items[entry.sum];
  const asked = addend === undefined ? (entry.count ?? { at_least: 1 }) : entry;
  const test = compileConditions(asked, addend?.unit);
  const probes = probesOf(asked);
  const tally = (snapshot: HardwareSnapshot): Tally | undefined => count(list, filters, addend, snapshot);
  const where = filters.map(({ field, test: wanted }) => `${field.label} ${wanted.words}`).join(' and ');
  const noun = addend === undefined && /(^| )1$/.test(test.words) ? list.noun[0] : list.noun[1];
  const parts = where === '' ? noun : `${noun} with ${where}`;
  return {
    field: name,
    wanted:
      addend === undefined
        ? `${test.words === '0' ? 'no' : test.words} ${parts}`
        : `${parts}, together ${addend.label} ${test.words}`,
    size: test.size + filters.reduce((sum, filter) => sum + filter.test.size, 0),
    identity: 0,
    test({ snapshot }) {
      const counted = tally(snapshot);
      if (counted === undefined) return test(undefined);
      const { sure, possible, sureSum, possibleSum } = counted;
      return addend === undefined
        ? decide(test, probes, sure, possible)
        : decide(test, probes, sureSum, possibleSum);
    },
    see({ snapshot }) {
      const counted = tally(snapshot);
      if (counted === undefined) return `not seen: the BMC does not tell ${name}`;
      return describe(list, filters, addend, counted, list.read(snapshot) ?? []);
    },
  };
}

function filterOf(list: ListField, name: string, wanted: NonNullable<RuleEntry['where']>[string]): Filter {
  const field = list.items[name];
  if (field === undefined) throw new RangeError(`no field ${name}`);
  return { field, test: compileConditions(wanted, field.unit) };
}

function count(
  list: ListField,
  filters: readonly Filter[],
  addend: ItemField | undefined,
  snapshot: HardwareSnapshot,
): Tally | undefined {
  const items = list.read(snapshot);
  if (items === undefined) return undefined;
  const gap = snapshot.gaps.find(({ what }) => list.gap.test(what));
  let [sure, possible, sureSum, possibleSum] = [0, 0, 0, 0];
  for (const item of items) {
    const truth = fits(item, filters);
    if (truth === 'no') continue;
    const value = addend?.read(item);
    const number = typeof value === 'number' ? value : undefined;
    if (truth === 'yes') {
      sure++;
      sureSum += number ?? 0;
    }
    possible++;
    possibleSum += addend !== undefined && number === undefined ? Infinity : (number ?? 0);
  }
  if (gap !== undefined) [possible, possibleSum] = [Infinity, Infinity];
  return { total: items.length, sure, possible, sureSum, possibleSum, gap };
}

function fits(item: unknown, filters: readonly Filter[]): Truth {
  let unseen = false;
  for (const { field, test } of filters) {
    const truth = test(field.read(item));
    if (truth === 'no') return 'no';
    if (truth === 'unseen') unseen = true;
  }
  return unseen ? 'unseen' : 'yes';
}

/** The answer when the true figure is somewhere between two: the same wherever it is, or unseen. */
function decide(test: Test, probes: readonly number[], sure: number, possible: number): Truth {
  const answer = test(sure);
  const between = probes.filter((probe) => probe > sure && probe < possible);
  return [...between, possible].every((figure) => test(figure) === answer) ? answer : 'unseen';
}

/** Conditions on a figure change their answer only at the numbers they name. */
function probesOf(asked: number | Conditions): number[] {
  if (typeof asked === 'number') return around(asked);
  const { is, one_of: oneOf = [], at_least: low, at_most: high, between = [], not } = asked;
  const inner = typeof not === 'object' ? probesOf(not) : around(not);
  return [...[is, ...oneOf, low, high, ...between].flatMap(around), ...inner];
}

function around(value: unknown): number[] {
  return typeof value === 'number' ? [value - 0.5, value, value + 0.5] : [];
}

function describe(
  list: ListField,
  filters: readonly Filter[],
  addend: ItemField | undefined,
  tally: Tally,
  items: readonly unknown[],
): string {
  const gap = tally.gap === undefined ? '' : `; not all was seen: ${tally.gap.reason}`;
  if (tally.total === 0) return `${tally.gap === undefined ? '' : 'not seen: '}no ${list.noun[1]}${gap}`;
  const all = inventory(list, items);
  const doubt = tally.possible - tally.sure;
  const may =
    tally.gap === undefined && doubt > 0
      ? `, ${doubt} more may (${unseenOf(items, filters).join(', ')} not told)`
      : '';
  const some = filters.length === 0 ? `${tally.total}` : `${tally.sure} of ${tally.total}`;
  if (addend !== undefined)
    return `${seenWords(round(tally.sureSum), addend.unit)} in ${some}${may}: ${all}${gap}`;
  return `${filters.length === 0 ? '' : `${some} fit${may}: `}${all}${gap}`;
}

function unseenOf(items: readonly unknown[], filters: readonly Filter[]): string[] {
  const labels = filters
    .filter(({ field }) => items.some((item) => (field.read(item) satisfies Seen) === undefined))
    .map(({ field }) => field.label);
  return labels.length === 0 ? ['something'] : labels;
}

/** The words for a list are the same for every rule about it, and most of the work of explaining one. */
const inventories = new WeakMap<readonly unknown[], string>();

function inventory(list: ListField, items: readonly unknown[]): string {
  const known = inventories.get(items) ?? grouped(items.map(list.summary));
  inventories.set(items, known);
  return known;
}

function grouped(summaries: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const summary of summaries) counts.set(summary, (counts.get(summary) ?? 0) + 1);
  const words = [...counts].map(([summary, times]) => `${times} x ${summary}`);
  const rest = words.length - MAX_GROUPS;
  return rest > 0 ? `${words.slice(0, MAX_GROUPS).join(', ')} and ${rest} other kinds` : words.join(', ');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
