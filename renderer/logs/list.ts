import type { LogPage, LogPlace, LogRecord } from '../../src/contract/logs.ts';

/** Messages that are kept at the most; the oldest are dropped first and can be asked for again. */
const MOST = 20_000;
const KEPT = 10_000;
const LATE_MS = 10_000;

/** Messages on the page, newest first, and where older ones begin. */
export interface LogList {
  readonly records: readonly LogRecord[];
  /** Absent where there are no older ones. */
  readonly before?: LogPlace;
  /** How far it was looked back; ISO 8601. */
  readonly backTo?: string;
}

/** The list that a first page makes. */
export function firstOf({ records, more, before, back_to: backTo }: LogPage): LogList {
  return {
    records,
    ...(more && before !== undefined ? { before } : {}),
    ...(more && backTo !== undefined ? { backTo } : {}),
  };
}

/** The list with an older page below it. */
export function withOlder(list: LogList, page: LogPage): LogList {
  return { ...firstOf(page), records: [...list.records, ...page.records] };
}

/**
 * From when on newer ones are asked for (ISO 8601): some seconds before the newest, because a machine's file may be
 * written a moment after another's.
 */
export function newerThan({ records: [newest] }: LogList): string | undefined {
  return newest === undefined ? undefined : new Date(Date.parse(newest.at) - LATE_MS).toISOString();
}

/** The list with a page of those that came since `newerThan` of it; where they leave a gap, they are the list. */
export function withNewer(list: LogList, page: LogPage): LogList {
  const [newest] = list.records;
  if (page.records.length === 0) return list;
  if (newest === undefined) return firstOf(page);
  const came = new Set(page.records.map(({ id }) => id));
  const others = list.records.filter(({ id }) => !came.has(id));
  const known = list.records.length - others.length;
  if (known === page.records.length) return list;
  if (page.more && known === 0) return firstOf(page);
  return shortened({ ...list, records: [...page.records, ...others] });
}

function shortened(list: LogList): LogList {
  if (list.records.length <= MOST) return list;
  const records = list.records.slice(0, KEPT);
  const last = records.at(-1);
  return last === undefined ? list : { records, before: placeOf(last), backTo: last.at };
}

/** An id is the place in the store, `sender/day/place`. */
function placeOf({ id, at }: LogRecord): LogPlace {
  const cut = id.lastIndexOf('/');
  return [at, id.slice(0, cut), Number(id.slice(cut + 1))];
}
