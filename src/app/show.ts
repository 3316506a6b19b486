import type { RunDocument } from '../contract/api.ts';
import { stageMatrix, type HostState, type StageState } from '../runs/index.ts';
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
    stages: [...stages.values()].map(stageDocument),
  };
}

function stageDocument(state: StageState): RunDocument['stages'][number] {
  const { tasks, tail: _tail, matrix_tasks: _told, ...stage } = state;
  const matrix = stageMatrix(state);
  return {
    ...stage,
    tasks: [...tasks.values()].map(({ hosts, progress: _progress, ...task }) => ({
      ...task,
      hosts: Object.fromEntries([...hosts].map(([host, answer]) => [host, withoutCells(answer)])),
    })),
    ...(matrix === undefined ? {} : { matrix }),
  };
}

/** The matrix has them. */
function withoutCells({
  cells: _cells,
  cells_left_out: _more,
  ...answer
}: HostState): Omit<HostState, 'cells'> {
  return answer;
}
