import type { RunDocument } from '../contract/api.ts';
import type { FoundRun } from './read-run.ts';

/** The state of a run as plain JSON: maps become lists in their order. */
export function runDocument({
  state,
  stored,
  notice,
}: Pick<FoundRun, 'state' | 'stored' | 'notice'>): RunDocument {
  const { siteFile, stages, lastSeq, lastAt: _at, ...rest } = state;
  return {
    ...rest,
    site_file: siteFile,
    last_seq: lastSeq,
    ...(stored.opened === undefined ? {} : { opened: stored.opened }),
    ...(notice === undefined ? {} : { notice }),
    stages: [...stages.values()].map(({ tasks, tail: _tail, ...stage }) => ({
      ...stage,
      tasks: [...tasks.values()].map(({ hosts, progress: _progress, ...task }) => ({
        ...task,
        hosts: Object.fromEntries(hosts),
      })),
    })),
  };
}
