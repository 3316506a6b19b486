import type { FailureRecord } from '../contract/failure.ts';
import type { Catalogue } from './catalogue.ts';
import { explains } from './choose-root.ts';
import { explainWithCause, said, type Explained } from './explain.ts';
import type { FailureInput, RunNames } from './input.ts';

/** Failures of one cause: the first stands for all. */
interface Group {
  readonly first: Explained;
  readonly all: readonly Explained[];
  readonly hosts: readonly string[];
}

const MOST_HOSTS = 6;
const MOST_CHAIN = 12;

/**
 * Explains what failed in one stage, the root first: the same cause on many hosts is one record, and a failure that another
 * one brought about is told in that one's `why.chain` instead of by a record of its own. What no cause is known for
 * comes last, grouped by what was said.
 */
export function explainFailures(
  inputs: readonly FailureInput[],
  catalogue: Catalogue,
  names: RunNames,
): FailureRecord[] {
  const groups = groupByCause(inputs.map((input) => explainWithCause(input, catalogue, names)));
  const roots = groups.filter((group) => !groups.some((other) => brings(other, group)));
  return roots.sort(byRank).map((root) => toRecord(root, consequencesOf(root, groups)));
}

function groupByCause(all: readonly Explained[]): Group[] {
  const groups = new Map<string, Explained[]>();
  for (const one of all) {
    const key =
      one.record.why.key ?? `?${one.record.where.task ?? ''}\0${said(one.record.where, one.record.why)}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((list) => {
    const [first] = list;
    return first === undefined ? [] : [{ first, all: list, hosts: [...new Set(list.flatMap(hostsOf))] }];
  });
}

function hostsOf({ record }: Explained): string[] {
  return record.where.host?.split(', ') ?? [];
}

/** True when the cause of one group brings the other about, and not the other way round. */
function brings(group: Group, other: Group): boolean {
  const [cause, effect] = [group.first.cause, other.first.cause];
  if (group === other || cause === undefined || effect === undefined || other.first.byCode) return false;
  return explains(cause, effect) && !explains(effect, cause);
}

function consequencesOf(root: Group, groups: readonly Group[]): Group[] {
  const found: Group[] = [];
  const visit = (group: Group): void => {
    for (const other of groups) {
      if (other === root || found.includes(other) || !brings(group, other)) continue;
      found.push(other);
      visit(other);
    }
  };
  visit(root);
  return found;
}

/** Known before unknown, then what struck more hosts; else the order in which they happened. */
function byRank(left: Group, right: Group): number {
  const unknown = Number(left.first.record.why.key === null) - Number(right.first.record.why.key === null);
  return unknown === 0 ? right.hosts.length - left.hosts.length : unknown;
}

function toRecord(root: Group, consequences: readonly Group[]): FailureRecord {
  const { record } = root.first;
  const chain = [...record.why.chain, ...consequences.map(tell)];
  const why = { ...record.why, chain: shorten([...new Set(chain)]) };
  if (root.all.length === 1) return { ...record, why };
  const others = root.all.length - 1;
  const what = `${record.what} The same happened ${others === 1 ? 'once' : `${others} times`} more: ${list(root.hosts)}.`;
  const where = { ...record.where, ...(root.hosts.length > 0 ? { host: root.hosts.join(', ') } : {}) };
  const request = record.request
    .replace(record.what, () => what)
    .replace(`host ${record.where.host ?? ''}`, () => `hosts ${root.hosts.join(', ')}`);
  return { ...record, what, where, why, request };
}

function shorten(chain: readonly string[]): string[] {
  const left = chain.length - MOST_CHAIN;
  return left <= 0 ? [...chain] : [...chain.slice(0, MOST_CHAIN), `And ${left} more.`];
}

function tell({ first, hosts }: Group): string {
  const { record } = first;
  const place = hosts.length > 1 ? ` (${list(hosts)})` : '';
  return `${record.what} ${record.why.summary}${place}`;
}

function list(hosts: readonly string[]): string {
  const shown = hosts.slice(0, MOST_HOSTS).join(', ');
  return hosts.length > MOST_HOSTS ? `${shown} and ${hosts.length - MOST_HOSTS} more` : shown;
}
