import type { FailureRecord } from '../../src/contract/failure.ts';
import type { RunState } from '../../src/runs/state.ts';
import { logsLink } from '../hooks/use-route.ts';
import { aroundThen, writeFilter } from '../logs/filter.ts';

/** The stage that sets the central logs up, by its id in the stack. */
const LOGGING_STAGE = 'logging';

/** The site file whose central logs can be looked at; undefined where the run has not set them up, or only rehearsed it. */
export function siteWithLogs(run: RunState): string | undefined {
  const status = run.stages.get(LOGGING_STAGE)?.status;
  const kept = status === 'ok' || status === 'changed';
  return kept && run.choices?.rehearsal === undefined && run.siteFile !== '' ? run.siteFile : undefined;
}

/** The link to what the host of a failure logged around a moment (ISO 8601); of all senders where several failed. */
export function logsOfFailure(file: string, { where }: FailureRecord, at: string): string {
  const host = where.host === undefined || where.host.includes(',') ? undefined : where.host;
  return logsLink(file, writeFilter(aroundThen(host, at)));
}
