import {
  LOG_SEVERITIES,
  LOG_SOURCES,
  type LogQuestion,
  type LogSeverity,
  type LogSource,
} from '../../src/contract/logs.ts';

/** How far back is looked; `between` is from `since` to `until`. */
export const LOG_RANGES = ['hour', 'day', 'week', 'all', 'between'] as const;

export type LogRange = (typeof LOG_RANGES)[number];

/** What of the central logs is shown; an empty text or null means any. */
export interface LogFilter {
  readonly host: string;
  readonly source: LogSource | null;
  readonly severity: LogSeverity | null;
  readonly text: string;
  readonly range: LogRange;
  /** Where the range is `between`; ISO 8601. */
  readonly since: string;
  readonly until: string;
}

export const ALL_LOGS: LogFilter = {
  ...{ host: '', source: null, severity: null, text: '' },
  ...{ range: 'all', since: '', until: '' },
};

const SECONDS: Partial<Record<LogRange, number>> = { hour: 3600, day: 86_400, week: 604_800 };
/** So much before and after the moment that somebody wants to know about. */
const AROUND_SECONDS = 300;

/** Everything a host sent around a moment (ISO 8601); of all hosts where none is named. */
export function aroundThen(host: string | undefined, at: string): LogFilter {
  const near = (seconds: number): string => new Date(Date.parse(at) + seconds * 1000).toISOString();
  return {
    ...ALL_LOGS,
    ...{ host: host ?? '', range: 'between', since: near(-AROUND_SECONDS), until: near(AROUND_SECONDS) },
  };
}

/** The filter of an address; what it does not say, or says wrongly, is any. */
export function readFilter(query: string): LogFilter {
  const said = new URLSearchParams(query);
  const one = <T extends string>(name: string, known: readonly T[]): T | null =>
    known.find((value) => value === said.get(name)) ?? null;
  const time = (name: string): string => {
    const value = said.get(name) ?? '';
    return Number.isNaN(Date.parse(value)) ? '' : value;
  };
  const [since, until] = [time('since'), time('until')];
  const range = one('range', LOG_RANGES) ?? 'all';
  return {
    ...{ host: said.get('host') ?? '', text: said.get('text') ?? '', since, until },
    source: one('source', LOG_SOURCES),
    severity: one('severity', LOG_SEVERITIES),
    range: range === 'between' && since === '' && until === '' ? 'all' : range,
  };
}

/** A filter as the query of an address; what is any is left out. */
export function writeFilter(filter: LogFilter): string {
  const { range, since, until, ...others } = filter;
  const said = {
    ...others,
    ...(range === 'all' ? {} : { range }),
    ...(range === 'between' ? { since, until } : {}),
  };
  const given = Object.entries(said).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return new URLSearchParams(given).toString();
}

/** The question of a filter; `now` in milliseconds. */
export function questionOf(file: string, filter: LogFilter, now: number): LogQuestion {
  const { host, source, severity, text, range } = filter;
  const back = SECONDS[range];
  const since =
    back !== undefined ? new Date(now - back * 1000).toISOString() : range === 'between' ? filter.since : '';
  const until = range === 'between' ? filter.until : '';
  return {
    file,
    ...(host === '' ? {} : { host }),
    ...(source === null ? {} : { source }),
    ...(severity === null ? {} : { severity }),
    ...(text === '' ? {} : { text }),
    ...(since === '' ? {} : { since }),
    ...(until === '' ? {} : { until }),
  };
}

/** Whether new messages can come into what is shown. */
export function canFollow({ range, until }: LogFilter): boolean {
  return range !== 'between' || until === '';
}
