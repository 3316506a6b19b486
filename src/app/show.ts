import type { RunDocument } from '../contract/api.ts';
import type { RunState } from '../runs/state.ts';

/** The state of a run as plain JSON: maps become lists in their order. */
export function runDocument(state: RunState): RunDocument {
  const { siteFile, stages, lastSeq: _seq, lastAt: _at, ...rest } = state;
  return {
    ...rest,
    site_file: siteFile,
    stages: [...stages.values()].map(({ tasks, ...stage }) => ({
      ...stage,
      tasks: [...tasks.values()].map(({ hosts, progress: _progress, ...task }) => ({
        ...task,
        hosts: Object.fromEntries(hosts),
      })),
    })),
  };
}
