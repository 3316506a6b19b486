import { InvalidArgumentError } from 'commander';
import type { RunEvent, Status } from '../../src/contract/events.ts';

export interface LogFilter {
  readonly stage?: string;
  readonly host?: string;
  readonly failed?: boolean;
  readonly since?: Date;
}

const BAD: ReadonlySet<Status> = new Set<Status>(['failed', 'unreachable', 'timed-out']);
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Whether an event is among those asked for; what concerns no host or no stage is left out where one is asked for. */
export function passes(event: RunEvent, { stage, host, failed, since }: LogFilter): boolean {
  if (since !== undefined && Date.parse(event.at) < since.getTime()) return false;
  if (stage !== undefined && !('stage' in event && event.stage === stage)) return false;
  if (host !== undefined && !hostsOf(event).includes(host)) return false;
  return failed !== true || isFailure(event);
}

/** `10m`, `2h`, `90s`, `1d` before `now`, or a date and time as ISO 8601 writes it (UTC where it names no zone). */
export function parseSince(value: string, now: Date): Date {
  const [, count, unit] = /^(\d+(?:\.\d+)?)\s*([smhd])$/.exec(value) ?? [];
  if (count !== undefined && unit !== undefined) {
    return new Date(now.getTime() - Number(count) * (UNITS[unit] ?? 0) * 1000);
  }
  const zoned = /T.*(?:Z|[+-]\d\d:?\d\d)$/.test(value) || !value.includes('T') ? value : `${value}Z`;
  const date = new Date(zoned);
  if (/^\d{4}-\d\d-\d\d/.test(value) && !Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError('It is a time span such as 10m or 2h, or a time such as 2026-11-21T14:05.');
}

/** Whether a host's answer is a failure that was not allowed for. */
export function isBadResult({
  status,
  ignored,
}: {
  readonly status: Status;
  readonly ignored?: boolean;
}): boolean {
  return BAD.has(status) && ignored !== true;
}

function hostsOf(event: RunEvent): readonly string[] {
  if (event.kind === 'failure') return (event.record.where.host ?? '').split(', ');
  return 'host' in event && event.host !== undefined ? [event.host] : [];
}

function isFailure(event: RunEvent): boolean {
  switch (event.kind) {
    case 'failure':
    case 'run.interrupted':
      return true;
    case 'host.result':
      return isBadResult(event);
    case 'stage.finished':
    case 'run.finished':
      return BAD.has(event.status);
    default:
      return false;
  }
}
