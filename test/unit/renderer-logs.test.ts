import { describe, expect, it } from 'vitest';
import {
  ALL_LOGS,
  aroundThen,
  canFollow,
  questionOf,
  readFilter,
  writeFilter,
  type LogFilter,
} from '../../renderer/logs/filter.ts';
import { firstOf, newerThan, withNewer, withOlder } from '../../renderer/logs/list.ts';
import type { LogPage } from '../../src/contract/api.ts';
import { logRecord } from '../ui/log-samples.ts';

const NOW = Date.parse('2026-11-21T02:12:05Z');

/** The page from message `from` (0 is the newest of the beginning, -1 came since) to before `to`. */
function page(from: number, to: number, more = true): LogPage {
  const records = Array.from({ length: to - from }, (_, index) => logRecord(from + index));
  const last = records.at(-1);
  return {
    ...{ site: 'lab', records, more, senders: [] },
    ...(more && last !== undefined ? { before: [last.at, last.host, 0], back_to: last.at } : {}),
  };
}
const ids = (records: readonly { readonly id: string }[]): string[] => records.map(({ id }) => id);

describe('a filter of the central logs', () => {
  it('is in the address as it was chosen, and empty where nothing was', () => {
    const chosen: LogFilter = {
      host: 'node-1',
      source: 'bmc',
      severity: 'err',
      text: 'fan & 50%/x',
      range: 'hour',
      since: '',
      until: '',
    };
    expect(readFilter(writeFilter(chosen))).toEqual(chosen);
    expect(writeFilter(ALL_LOGS)).toBe('');
    const around = aroundThen('node-1', '2026-11-21T02:00:00Z');
    expect(readFilter(writeFilter(around))).toEqual(around);
  });

  it('takes what an address says wrongly for any', () => {
    expect(readFilter('source=sauce&severity=loud&range=between&since=noon')).toEqual(ALL_LOGS);
  });

  it('asks for times from now on back, and for those of a moment that is over', () => {
    const file = 'site.yaml';
    expect(questionOf(file, ALL_LOGS, NOW)).toEqual({ file });
    expect(questionOf(file, { ...ALL_LOGS, range: 'hour' }, NOW)).toEqual({
      ...{ file, since: '2026-11-21T01:12:05.000Z' },
    });
    const around = aroundThen(undefined, '2026-11-21T02:00:00Z');
    expect(questionOf(file, around, NOW)).toEqual({
      ...{ file, since: '2026-11-21T01:55:00.000Z', until: '2026-11-21T02:05:00.000Z' },
    });
    expect([canFollow(ALL_LOGS), canFollow(around)]).toEqual([true, false]);
  });
});

describe('the list of messages', () => {
  it('takes newer ones in above and older ones below, each once', () => {
    const first = firstOf(page(0, 10));
    expect(newerThan(first)).toBe('2026-11-21T02:11:51.000Z');
    const newer = withNewer(first, page(-2, 1, false));
    expect(ids(newer.records)).toEqual(ids(page(-2, 10).records));
    expect(newer.before).toEqual(first.before);
    const older = withOlder(newer, page(10, 15, false));
    expect(ids(older.records)).toEqual(ids(page(-2, 15).records));
    expect(older.before).toBeUndefined();
    expect(withNewer(older, page(-2, -1, false))).toBe(older);
  });

  it('puts one in its place that was written late, after a newer one of another machine', () => {
    const [newest, late, ...rest] = page(-2, 10).records;
    const list = withNewer(
      firstOf({ ...page(-2, 10), records: [newest, ...rest].flatMap((record) => record ?? []) }),
      page(-2, 1, false),
    );
    expect(list.records[1]).toEqual(late);
    expect(ids(list.records)).toEqual(ids(page(-2, 10).records));
  });

  it('begins anew where more came than one page holds: a gap must not look like silence', () => {
    const flooded = withNewer(firstOf(page(0, 10)), page(-30, -20));
    expect(ids(flooded.records)).toEqual(ids(page(-30, -20).records));
    expect(flooded.before).toBeDefined();
  });

  it('drops the oldest of very many, which can be asked for again from there', () => {
    const list = firstOf(page(0, 20_000, false));
    const { records, before } = withNewer(list, page(-1, 1, false));
    expect(records).toHaveLength(10_000);
    const last = records.at(-1);
    const [sender, day, place] = last?.id.split('/') ?? [];
    expect(before).toEqual([last?.at, `${String(sender)}/${String(day)}`, Number(place)]);
  });
});
