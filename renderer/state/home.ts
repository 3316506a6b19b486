import type { RunSummary } from '../../src/contract/api.ts';
import type { Status } from '../../src/contract/events.ts';
import { text } from '../text.ts';
import { isBad } from './order.ts';

export type SiteGroupKind = 'needs-you' | 'running' | 'finished';

/** One site with its newest run and how many there were. */
export interface SiteEntry {
  readonly site: string;
  readonly latest: RunSummary;
  readonly runs: readonly RunSummary[];
}

export interface SiteGroup {
  readonly kind: SiteGroupKind;
  readonly sites: readonly SiteEntry[];
}

/** Groups runs by site, newest first, and sites by what they ask of the engineer. */
export function groupSites(runs: readonly RunSummary[]): SiteGroup[] {
  const newestFirst = [...runs].sort((a, b) => b.started.localeCompare(a.started));
  const bySite = new Map<string, RunSummary[]>();
  for (const run of newestFirst) bySite.set(run.site, [...(bySite.get(run.site) ?? []), run]);
  const sites = [...bySite].flatMap(([site, list]) => {
    const latest = list[0];
    return latest === undefined ? [] : [{ site, latest, runs: list }];
  });
  const kinds: SiteGroupKind[] = ['needs-you', 'running', 'finished'];
  return kinds
    .map((kind) => ({ kind, sites: sites.filter((entry) => kindOf(entry.latest) === kind) }))
    .filter((group) => group.sites.length > 0);
}

/** How a run is shown: one whose process was killed is not running, whatever its journal says last. */
export function shownStatus(run: RunSummary): { readonly status: Status; readonly word: string } {
  if (run.interrupted !== undefined) return { status: 'stale', word: text.leftWithoutEnd };
  return { status: run.status, word: text.status(run.status) };
}

function kindOf(run: RunSummary): SiteGroupKind {
  if (run.interrupted !== undefined) return 'needs-you';
  if (run.status === 'running') return 'running';
  return isBad(run.status) || run.status === 'stale' || run.status === 'pending' ? 'needs-you' : 'finished';
}
