import type { StageEvent } from '../contract/ports.ts';

export type Emit = (event: StageEvent) => void;

/** How a task on the laptop ended, and what it is told by. */
export interface Done<T> {
  readonly value: T;
  readonly changed: boolean;
  readonly text: string;
}

/** Does a part of a stage on the laptop, and tells it as a task of the stage. */
export async function laptopTask<T>(
  emit: Emit,
  host: string,
  id: string,
  title: string,
  work: () => Promise<Done<T>>,
): Promise<T> {
  emit({ kind: 'task.started', task: id, title });
  const started = performance.now();
  const duration = (): number => Math.round(performance.now() - started) / 1000;
  try {
    const done = await work();
    emit({
      kind: 'host.result',
      task: id,
      host,
      status: done.changed ? 'changed' : 'ok',
      text: done.text,
      duration_seconds: duration(),
    });
    return done.value;
  } catch (thrown) {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    emit({ kind: 'host.result', task: id, host, status: 'failed', text, duration_seconds: duration() });
    throw thrown;
  }
}
