import { openReplay, type Replay } from '../clients/replay.ts';

/** The runs that Bringup carries with it to be looked at: rehearsals that main/setup/make-tour.mjs made. */
export type Example = 'example-failed' | 'example-done';

const JOURNALS: Readonly<Record<Example, () => Promise<{ readonly default: string }>>> = {
  'example-failed': () => import('./failed-run.jsonl?raw'),
  'example-done': () => import('./done-run.jsonl?raw'),
};

/** True for the name of a run that is an example. */
export function isExample(run: string): run is Example {
  return Object.hasOwn(JOURNALS, run);
}

/** Opens an example as a file of another machine would be: the same page, nothing to act on. */
export async function openExample(run: Example): Promise<Replay> {
  const { default: journal } = await JOURNALS[run]();
  return openReplay(new Blob([journal]));
}
