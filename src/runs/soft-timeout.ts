import type { PlannedStage, StageWarning } from '../contract/events.ts';

/** Calls back after so many seconds, once; returns what calls that off. */
export type Timer = (seconds: number, call: () => void) => () => void;

/** Warns once when a stage takes longer than its soft limit; the stage goes on. Returns what ends the watch. */
export function watchSoftTimeout(
  timer: Timer | undefined,
  stage: PlannedStage,
  spentSeconds: number,
  warned: readonly StageWarning[],
  warn: (warning: StageWarning) => void,
): () => void {
  const { soft_timeout_seconds: limit, expect_seconds: expected } = stage;
  if (timer === undefined || limit === undefined) return () => undefined;
  if (warned.some(({ code }) => code === 'soft-timeout')) return () => undefined;
  return timer(Math.max(0, limit - spentSeconds), () => {
    const spent = Math.max(limit, spentSeconds);
    const usual = expected === undefined ? '' : `, ${duration(expected)} were expected`;
    warn({
      code: 'soft-timeout',
      text: `runs for ${duration(spent)}${usual}; it goes on`,
      spent_seconds: spent,
      ...(expected === undefined ? {} : { expected_seconds: expected }),
    });
  });
}

function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}
