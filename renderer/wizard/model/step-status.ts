import type { Problem } from '../../../src/contract/api.ts';
import { STEP_IDS, type StepId } from '../types.ts';
import { placeOfProblem, stepOfPath } from './paths.ts';

/** The problems of each step; those without a field of their own belong to the first. */
export function problemsByStep(problems: readonly Problem[]): ReadonlyMap<StepId, readonly Problem[]> {
  const byStep = new Map<StepId, Problem[]>(STEP_IDS.map((step) => [step, []]));
  for (const problem of problems) byStep.get(stepOfPath(placeOfProblem(problem)))?.push(problem);
  return byStep;
}

export interface ProblemCount {
  readonly errors: number;
  readonly warnings: number;
}

/** How many of the problems stop a run, and how many do not. */
export function countProblems(problems: readonly Problem[]): ProblemCount {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return { errors, warnings: problems.length - errors };
}

/** The step so many places before or behind another one; undefined beyond the ends. */
export function neighbour(step: StepId, by: number): StepId | undefined {
  const at = STEP_IDS.indexOf(step) + by;
  return at < 0 ? undefined : STEP_IDS[at];
}

/** The step of an address; the first one for a name that is none. */
export function stepNamed(name: string): StepId {
  return STEP_IDS.find((step) => step === name) ?? STEP_IDS[0];
}
