import { EXIT } from '../contract/errors.ts';
import type { PlannedStage } from '../contract/events.ts';
import { carryOutStage, type StagePorts } from './stage-run.ts';
import type { StageStart } from './start.ts';
import { findObstacle, type StageVerdict } from './verdict.ts';

export interface Schedule {
  /** Each after those it waits for. */
  readonly stages: readonly PlannedStage[];
  readonly starts: ReadonlyMap<string, StageStart>;
  readonly atOnce: number;
}

/**
 * Carries stages out, side by side where none waits for the other; the failure of one stops only those that wait for it.
 * Rejects when the journal cannot be written, after what runs has ended.
 */
export async function runStages(
  ports: StagePorts,
  { stages, starts, atOnce }: Schedule,
): Promise<StageVerdict[]> {
  const verdicts = new Map<string, StageVerdict>();
  const running = new Map<string, Promise<void>>();
  const waiting = new Set(stages);
  try {
    for (;;) {
      for (const stage of [...waiting]) {
        if (!stage.after.every((before) => verdicts.has(before))) continue;
        const start = starts.get(stage.id) ?? { how: 'begin' };
        const passed = passOver(ports, stage, start, verdicts);
        if (passed !== undefined) {
          waiting.delete(stage);
          verdicts.set(stage.id, passed);
        } else if (running.size < atOnce && start.how !== 'keep') {
          waiting.delete(stage);
          await ports.recorder.sync();
          const work = carryOutStage(ports, stage, start).then((verdict) => {
            verdicts.set(stage.id, verdict);
            running.delete(stage.id);
          });
          // It is waited for below; until then its failure must not look forgotten.
          work.catch(() => undefined);
          running.set(stage.id, work);
        }
      }
      if (running.size > 0) await Promise.race(running.values());
      else if (waiting.size === 0) break;
    }
  } finally {
    await Promise.allSettled(running.values());
  }
  return stages.map(({ id }) => verdicts.get(id)).filter((verdict) => verdict !== undefined);
}

/** The verdict of a stage that is not carried out, or undefined where it is. */
function passOver(
  { recorder, halt }: StagePorts,
  stage: PlannedStage,
  start: StageStart,
  verdicts: ReadonlyMap<string, StageVerdict>,
): StageVerdict | undefined {
  const known = recorder.state().stages.get(stage.id);
  if (start.how === 'keep') return { status: known?.status ?? 'skipped', exit: EXIT.done };
  // What still runs at the site is taken to its end whatever happened elsewhere.
  if (start.how === 'follow') return undefined;
  if (start.how === 'override' && !halt.soft.aborted) return undefined;
  const obstacle = halt.soft.aborted
    ? 'not run because the run was cancelled'
    : findObstacle(stage, verdicts);
  if (obstacle === undefined) return undefined;
  const end = { kind: 'stage.finished', stage: stage.id } as const;
  if (known === undefined || known.attempt === 0)
    recorder.record({ ...end, status: 'skipped', text: obstacle });
  // The result of an earlier attempt says more than that there was no other; one that was broken off has none.
  else if (known.status === 'running')
    recorder.record({ ...end, status: 'cancelled', text: `interrupted on the laptop; ${obstacle}` });
  return { status: 'skipped', exit: EXIT.done, blocked: true };
}
