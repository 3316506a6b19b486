import type { HostState, RunState, StageState, TaskState } from '../../src/runs/state.ts';
import { adoptIndex } from '../state/stage-index.ts';
import type { PackedRun, PackedTask, PackedTasks } from './messages.ts';

type Tasks = StageState['tasks'];

/** Puts packed states together again. */
export interface Unpacker {
  /** Takes tasks of the end in, a stage's in their order. */
  add(stage: string, tasks: readonly PackedTask[]): void;
  /** The state that was packed. */
  unpack(packed: PackedRun): RunState;
  /** The state of the end, whose tasks were all added; states that are unpacked later share what they have in common with it. */
  finish(packed: PackedRun): RunState;
}

/** Makes an unpacker for the states of one run. */
export function createUnpacker(): Unpacker {
  const added = new Map<string, TaskState[]>();
  const ends = new Map<string, Tasks>();

  function tasksOf(stage: string, { places, others, index }: PackedTasks): Tasks {
    const known = added.get(stage) ?? [];
    const tasks = new Map<string, TaskState>();
    let next = 0;
    for (const place of places) {
      const task = place < 0 ? unpackTask(others[next++]) : known[place];
      if (task !== undefined) tasks.set(task.id, task);
    }
    adoptIndex(tasks, index);
    return tasks;
  }

  const unpack = ({ stages, ...run }: PackedRun): RunState => ({
    ...run,
    stages: new Map(
      stages.map(({ packed, ...stage }) => {
        const tasks = packed === null ? ends.get(stage.id) : tasksOf(stage.id, packed);
        return [stage.id, { ...stage, tasks: tasks ?? new Map<string, TaskState>() }];
      }),
    ),
  });

  return {
    unpack,
    add(stage, tasks) {
      const known = added.get(stage) ?? [];
      added.set(stage, known);
      for (const task of tasks) known.push(unpackTask(task));
    },
    finish(packed) {
      const state = unpack(packed);
      for (const { id, tasks } of state.stages.values()) ends.set(id, tasks);
      return state;
    },
  };
}

/** A task whose answers are read from their text at the first look. */
function unpackTask(packed: PackedTask | undefined): TaskState {
  if (packed === undefined) throw new Error('a packed state lacks one of its tasks');
  let known: TaskState['hosts'] | undefined;
  return {
    ...packed.head,
    get hosts() {
      return (known ??= new Map(JSON.parse(packed.hosts) as [string, HostState][]));
    },
  };
}
