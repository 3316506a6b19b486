import type { InputChange, PlannedStage, StageInputs, StaleStage } from '../contract/events.ts';
import { valueAt } from '../stacks/index.ts';
import type { RunState } from './run-state.ts';

/** The values of a site file that a stage depends on, by dotted path. */
export function siteInputs(site: unknown, uses: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(uses.map((path) => [path, plain(valueAt(site, path)) ?? null]));
}

/** A value as it comes back from a journal. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}

/** What differs between the inputs a stage was carried out with and those of now; values down to single fields. */
export function compareInputs(before: StageInputs, now: StageInputs): InputChange[] {
  const changes: InputChange[] = [];
  for (const [path, value] of Object.entries(now.site)) {
    // A stack that names more inputs than it did cannot say whether they changed.
    if (Object.hasOwn(before.site, path)) compareValues(path, before.site[path], value, changes);
  }
  for (const [name, hash] of Object.entries(now.hashes)) {
    const known = before.hashes[name];
    if (known !== undefined && known !== hash) changes.push({ path: name });
  }
  return changes;
}

function compareValues(path: string, from: unknown, to: unknown, changes: InputChange[]): void {
  if (JSON.stringify(from) === JSON.stringify(to)) return;
  if (!isObject(from) || !isObject(to) || Array.isArray(from) !== Array.isArray(to)) {
    changes.push({ path, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
    return;
  }
  const [left, right] = [fieldsOf(from), fieldsOf(to)];
  const count = changes.length;
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const inner = Array.isArray(to) ? `${path}[${key}]` : `${path}.${key}`;
    compareValues(inner, left.get(key), right.get(key), changes);
  }
  // The same fields in another order: of a list that matters, of an object it does not.
  if (changes.length === count && Array.isArray(to)) changes.push({ path, from, to });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Entries of a list go by their name, so that one put in between does not change all that follow. */
function fieldsOf(value: object): Map<string, unknown> {
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const named = value.every((entry) => isObject(entry) && typeof Reflect.get(entry, 'name') === 'string');
  return new Map(
    value.map((entry: unknown, index) => [
      named ? String(Reflect.get(entry as object, 'name')) : String(index),
      entry,
    ]),
  );
}

/** Finished stages whose inputs are no longer what they were, and those finished after a stage that has to run again. */
export function findStale(
  state: RunState,
  stages: readonly PlannedStage[],
  now: ReadonlyMap<string, StageInputs>,
): StaleStage[] {
  const stale = new Map<string, StaleStage>();
  for (const { id, after } of stages) {
    const known = state.stages.get(id);
    if (known === undefined || (known.status !== 'ok' && known.status !== 'changed')) continue;
    const inputs = now.get(id);
    const changes =
      known.inputs === undefined || inputs === undefined ? [] : compareInputs(known.inputs, inputs);
    const before = after.find((name) => stale.has(name));
    if (changes.length > 0) stale.set(id, { stage: id, why: whyStale(changes), changes });
    else if (before !== undefined)
      stale.set(id, { stage: id, why: `comes after ${before}, which has to run again`, changes: [] });
  }
  return [...stale.values()];
}

const NAMES: Readonly<Record<string, string>> = {
  playbooks: 'the playbooks of Bringup are not those it ran with',
  hardware: 'other hardware was discovered since',
  bundle: 'the bundle has other files',
};

function whyStale(changes: readonly InputChange[]): string {
  const words = changes.map((change) => NAMES[change.path] ?? wordChange(change));
  const shown = words.slice(0, 3).join('; ');
  return words.length > 3 ? `${shown}; and ${words.length - 3} more` : shown;
}

/** One change as a person reads it, e.g. `services.ntp.mode: managed, now existing`. */
export function wordChange({ path, from, to }: InputChange): string {
  if (from === undefined && to !== undefined) return `${path} was added: ${word(to)}`;
  if (to === undefined) return `${path} was taken away`;
  return `${path}: ${word(from)}, now ${word(to)}`;
}

function word(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
