import type { RunSummary } from '../../src/contract/api.ts';
import type { Status } from '../../src/contract/events.ts';
import { age, secondsBetween } from '../format.ts';
import { homeText } from '../text/home.ts';
import { rehearsalText } from '../text/rehearsal.ts';
import { text } from '../text.ts';
import { shownStatus, type SiteEntry } from './home.ts';
import { isBad } from './order.ts';

/** What the button of a site does. */
export type SiteAction =
  | { readonly kind: 'run'; readonly run: string; readonly label: string }
  | { readonly kind: 'resume'; readonly run: string; readonly label: string }
  | { readonly kind: 'site'; readonly file: string; readonly label: string }
  | { readonly kind: 'forget'; readonly file: string; readonly label: string };

/** One site as a row of Home: where it stands, the next thing to do, and the button that does it. */
export interface SiteLine {
  /** Customer and place, or what is brought up. */
  readonly about: string;
  readonly status: Status;
  readonly word: string;
  readonly note: string;
  readonly next: string;
  readonly nextNote: string;
  readonly action: SiteAction;
}

/** Words a site as a row; `now` in milliseconds. */
export function siteLine(entry: SiteEntry, now: number): SiteLine {
  const { latest } = entry;
  return latest === undefined
    ? fileLine(entry, now)
    : { ...runLine(latest, entry, now), about: about(entry) };
}

function about({ latest, known }: SiteEntry): string {
  if (latest?.opened !== undefined) return homeText.exported(latest.opened);
  const place = [known?.customer, known?.location].filter((part) => part !== undefined).join(', ');
  return place === '' ? (latest?.stack ?? known?.stack ?? '') : place;
}

function fileLine({ known }: SiteEntry, now: number): SiteLine {
  const file = known?.file ?? '';
  const errors = known?.errors ?? 0;
  const base = {
    about: about({ id: '', site: '', runs: [], ...(known === undefined ? {} : { known }) }),
    nextNote: known === undefined ? '' : homeText.openedAgo(age(secondsBetween(known.at, now))),
  };
  if (known?.gone === true) {
    const action = { kind: 'forget', file, label: homeText.forget } as const;
    return { ...base, status: 'stale', word: homeText.missing, note: file, next: homeText.nextFind, action };
  }
  if (errors > 0) {
    const action = { kind: 'site', file, label: homeText.mend } as const;
    const next = known?.first_error ?? homeText.errorsIn(errors);
    return {
      ...base,
      status: 'failed',
      word: homeText.invalid,
      note: homeText.errorsIn(errors),
      next,
      action,
    };
  }
  const action = { kind: 'site', file, label: homeText.prepare } as const;
  const next = homeText.nextPrepare;
  return { ...base, status: 'pending', word: homeText.preparing, note: homeText.notStarted, next, action };
}

function runLine(run: RunSummary, { known }: SiteEntry, now: number): Omit<SiteLine, 'about'> {
  const shown = shownStatus(run);
  const isPart = run.until !== undefined && !isBad(run.status) && run.finished !== undefined;
  const file = known?.file ?? run.site_file;
  const note = [
    run.stopped_at === undefined ? '' : homeText.stoppedAt(run.stopped_at),
    isPart ? homeText.upTo(run.until_title ?? run.until ?? '', run.left) : '',
    run.warnings === undefined ? '' : homeText.warnings(run.warnings),
  ];
  return {
    ...shown,
    note: note.filter(Boolean).join(', '),
    next: isPart ? homeText.nextRest : nextOf(run),
    nextNote: nextNote(run, now),
    action:
      isPart && file !== undefined
        ? { kind: 'site', file, label: homeText.prepare }
        : { kind: run.interrupted === undefined ? 'run' : 'resume', run: run.run, label: labelOf(run) },
  };
}

function labelOf(run: RunSummary): string {
  if (run.opened !== undefined) return homeText.open;
  if (run.interrupted !== undefined) return homeText.resume;
  if (run.status === 'running') return homeText.watch;
  return isBad(run.status) ? homeText.openFailure : homeText.open;
}

function nextOf(run: RunSummary): string {
  if (run.opened !== undefined) return homeText.nextLook;
  if (run.interrupted !== undefined) return homeText.nextResume;
  if (run.status === 'running') return homeText.nextNothing;
  const good = run.status === 'ok' || run.status === 'changed';
  if (good) return run.rehearsal === true ? rehearsalText.next : homeText.nextOk;
  const owner = run.failure?.owner;
  if (owner !== undefined && owner !== null && owner !== 'field-engineer')
    return homeText.nextRequest(text.owner(owner));
  return run.failure?.fixes[0]?.title ?? run.failure?.what ?? homeText.nextStopped;
}

function nextNote(run: RunSummary, now: number): string {
  const when = run.finished === undefined ? '' : homeText.ago(age(secondsBetween(run.finished, now)));
  const owner = run.failure?.owner;
  const owned = owner === undefined || owner === null ? '' : homeText.owner(text.owner(owner));
  return [owned, when].filter(Boolean).join(', ');
}
