import { BringupError, EXIT } from '../contract/errors.ts';
import type { PlannedStage } from '../contract/events.ts';

/** The named stage and every stage it waits for, in the order of the plan. Throws STAGE_UNKNOWN. */
export function stagesUntil(stages: readonly PlannedStage[], until: string): PlannedStage[] {
  if (!stages.some(({ id }) => id === until))
    throw new BringupError({
      code: 'STAGE_UNKNOWN',
      exit: EXIT.invalid,
      message: `There is no stage ${until} in the plan of this site file.`,
      hint: `Its stages: ${stages.map(({ id }) => id).join(', ')}.`,
    });
  const wanted = new Set([until]);
  // Stages stand behind those they wait for, so one look from the end finds all of them.
  for (const stage of [...stages].reverse())
    if (wanted.has(stage.id)) for (const before of stage.after) wanted.add(before);
  return stages.filter(({ id }) => wanted.has(id));
}
