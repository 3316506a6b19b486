/** What is shown of a stage; one without a matrix shows its tasks in its place. */
export type StageMode = 'tasks' | 'log' | 'matrix';

/** The single keys of the run page: next and previous stage, the failure, its request, tasks, log or matrix, the search field. */
export function runKeys(
  stages: readonly string[],
  selected: string | undefined,
  failed: string | undefined,
  mode: StageMode,
  choose: (stage: string) => void,
  setMode: (mode: StageMode) => void,
): Record<string, () => void> {
  const move = (step: number) => () => {
    const target = stages[stages.indexOf(selected ?? '') + step];
    if (target !== undefined) choose(target);
  };
  return {
    j: move(1),
    k: move(-1),
    f: () => {
      if (failed !== undefined) choose(failed);
    },
    c: () => {
      document.getElementById('copy-request')?.click();
    },
    l: () => {
      setMode(mode === 'log' ? 'tasks' : 'log');
    },
    m: () => {
      setMode(mode === 'matrix' ? 'tasks' : 'matrix');
    },
    '/': () => {
      document.getElementById('stage-search')?.focus();
    },
  };
}
