import type { KnownSite, RunSummary } from '../../src/contract/api.ts';
import type { Status } from '../../src/contract/events.ts';
import { homeText } from '../text/home.ts';
import { text } from '../text.ts';
import { isBad } from './order.ts';

export type SiteGroupKind = 'needs-you' | 'running' | 'finished' | 'opened';

/** One site: its runs, newest first, and its site file as far as it is known. At least one of the two is there. */
export interface SiteEntry {
  /** Differs from the name where a run of another machine has the same one. */
  readonly id: string;
  readonly site: string;
  readonly latest?: RunSummary;
  readonly runs: readonly RunSummary[];
  readonly known?: KnownSite;
}

export interface SiteGroup {
  readonly kind: SiteGroupKind;
  readonly sites: readonly SiteEntry[];
}

const KINDS: readonly SiteGroupKind[] = ['needs-you', 'running', 'finished', 'opened'];

/** Groups runs and site files by site, newest first, and sites by what they ask of the engineer. */
export function groupSites(runs: readonly RunSummary[], known: readonly KnownSite[] = []): SiteGroup[] {
  const bySite = new Map<string, RunSummary[]>();
  for (const run of [...runs].sort((a, b) => b.started.localeCompare(a.started))) {
    const id = run.opened === undefined ? run.site : `${run.site} (${run.opened})`;
    bySite.set(id, [...(bySite.get(id) ?? []), run]);
  }
  const unused = new Set(known);
  const withRuns = [...bySite].flatMap(([id, list]): SiteEntry[] => {
    const latest = list[0];
    if (latest === undefined) return [];
    // A rehearsal stands for itself: the site of its file is as far as it was.
    const isOwn = latest.opened === undefined && latest.rehearsal !== true;
    const file = isOwn ? known.find((entry) => isOf(entry, latest)) : undefined;
    if (file !== undefined) unused.delete(file);
    return [{ id, site: latest.site, latest, runs: list, ...(file === undefined ? {} : { known: file }) }];
  });
  const withoutRuns = [...unused].map((entry): SiteEntry => ({
    id: entry.file,
    site: entry.site ?? fileTitle(entry.file),
    runs: [],
    known: entry,
  }));
  const sites = [...withRuns, ...withoutRuns].sort((a, b) => lastTime(b).localeCompare(lastTime(a)));
  return KINDS.map((kind) => ({ kind, sites: sites.filter((entry) => kindOf(entry) === kind) })).filter(
    (group) => group.sites.length > 0,
  );
}

/** How a run is shown: one whose process was killed is not running, whatever its journal says last. */
export function shownStatus(run: RunSummary): { readonly status: Status; readonly word: string } {
  if (run.interrupted !== undefined) return { status: 'stale', word: homeText.leftWithoutEnd };
  return { status: run.status, word: text.status(run.status) };
}

/** True where `runs.resume` can go on with the run: it came to no good end, and it is one of this machine. */
export function canGoOn(run: RunSummary): boolean {
  if (run.opened !== undefined) return false;
  return run.interrupted !== undefined || isBad(run.status) || run.status === 'cancelled';
}

/** The last parts of a path, which is how people tell site files apart: `plant-7/site.yaml`. */
export function fileTitle(file: string): string {
  return file.split(/[\\/]/).filter(Boolean).slice(-2).join('/');
}

function isOf(entry: KnownSite, run: RunSummary): boolean {
  return run.site_file === undefined ? entry.site === run.site : entry.file === run.site_file;
}

function lastTime({ latest, known }: SiteEntry): string {
  return [latest?.started ?? '', known?.at ?? ''].sort().at(-1) ?? '';
}

function kindOf({ latest }: SiteEntry): SiteGroupKind {
  if (latest === undefined) return 'needs-you';
  if (latest.opened !== undefined) return 'opened';
  if (latest.interrupted !== undefined) return 'needs-you';
  if (latest.status === 'running') return 'running';
  if (latest.until !== undefined) return 'needs-you';
  return isBad(latest.status) || latest.status === 'stale' || latest.status === 'pending'
    ? 'needs-you'
    : 'finished';
}
