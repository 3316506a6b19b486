import type { MatrixCell } from '../contract/matrix.ts';
import { HEALTH_TASKS } from './matrix-layers.ts';
import type { HostState, StageState, TaskState } from './run-state.ts';

const VERDICTS = /roles\/health\/tasks\/verdict_\w+\.yml$/;
const HEALTH = 'health.yml';
const TELLING: readonly string[] = [HEALTH, 'network-tests.yml'];
const WARNING = 'warning: ';

/** All cells that a stage told of its matrix, and how many more there were; `ofTasks` where they are made of its tasks. */
export function cellsOf(stage: StageState): {
  readonly cells: readonly MatrixCell[];
  readonly more: number;
  readonly ofTasks?: true;
} {
  const told = [...(stage.matrix_tasks ?? [])]
    .flatMap((id) => stage.tasks.get(id) ?? [])
    .flatMap(({ hosts }) => [...hosts.values()]);
  if (told.length === 0) return { cells: checksOf(stage), more: 0, ofTasks: true };
  return {
    cells: told.flatMap(({ cells = [] }) => cells),
    more: told.reduce((sum, { cells_left_out: more = 0 }) => sum + more, 0),
  };
}

/** Whether a stage has a matrix, or is one that tells of it at its end; cheap enough to be asked at every event. */
export function hasMatrix({ matrix_tasks: told, playbook = '' }: StageState): boolean {
  return told !== undefined || TELLING.includes(playbook);
}

/** The checks of role health by their tasks, in runs whose journal has no cells. */
function checksOf(stage: StageState): MatrixCell[] {
  if (stage.playbook !== HEALTH) return [];
  return [...stage.tasks.values()].flatMap((task) => {
    const probe = HEALTH_TASKS[task.title];
    return probe === undefined || !VERDICTS.test(task.file ?? '') ? [] : checksOfTask(task, probe);
  });
}

function checksOfTask({ hosts }: TaskState, probe: string): MatrixCell[] {
  return [...hosts].flatMap(([from, answer]) => {
    const status = statusOf(answer);
    return status === undefined ? [] : [{ from, probe, status, seen: seenOf(answer) }];
  });
}

/** Of a check that was skipped such a run does not tell why: it may be none of this machine. */
function statusOf({ status, text = '' }: HostState): MatrixCell['status'] | undefined {
  if (status === 'failed') return 'failed';
  if (status !== 'ok' && status !== 'changed') return undefined;
  return text.startsWith(WARNING) ? 'warn' : 'ok';
}

function seenOf({ text = '' }: HostState): string {
  return text.startsWith(WARNING) ? text.slice(WARNING.length) : text;
}
