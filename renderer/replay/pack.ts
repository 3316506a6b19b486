import type { RunState, StageState, TaskState } from '../../src/runs/state.ts';
import { listIndex } from '../state/stage-index.ts';
import type { PackedRun, PackedTask, PackedTasks } from './messages.ts';

/** Packs states of a run to be sent; what they have in common with the run's end is not sent again. */
export type Pack = (state: RunState) => PackedRun;

/** Makes a packer. `end` is the state that the other side has, if it has one. */
export function createPacker(end?: RunState): Pack {
  const places = new Map<TaskState, number>();
  for (const stage of end?.stages.values() ?? []) {
    let place = 0;
    for (const task of stage.tasks.values()) places.set(task, place++);
  }
  return (state) =>
    packRun(state, (stage) => {
      if (end?.stages.get(stage.id)?.tasks === stage.tasks) return null;
      const others: PackedTask[] = [];
      const known = Int32Array.from(stage.tasks.values(), (task) => {
        const place = places.get(task) ?? -1;
        if (place < 0) others.push(packTask(task));
        return place;
      });
      return { places: known, others, index: listIndex(stage) };
    });
}

/** Packs the end of a run, whose tasks were sent before. */
export function packEnd(end: RunState): PackedRun {
  return packRun(end, (stage) => ({
    places: Int32Array.from({ length: stage.tasks.size }, (_, place) => place),
    others: [],
    index: listIndex(stage),
  }));
}

function packRun(
  { stages, ...run }: RunState,
  packTasks: (stage: StageState) => PackedTasks | null,
): PackedRun {
  const packed = [...stages.values()].map((stage) => {
    const { tasks: _tasks, ...rest } = stage;
    return { ...rest, packed: packTasks(stage) };
  });
  return { ...run, stages: packed };
}

/** One task with its answers as a text. */
export function packTask({ hosts, ...head }: TaskState): PackedTask {
  return { head, hosts: JSON.stringify([...hosts]) };
}
