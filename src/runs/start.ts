import type { StageAttempt } from '../contract/ports.ts';
import type { RunState, StageState } from './run-state.ts';

/** How a run takes a stage up. */
export type StageStart =
  /** It was carried out and stands. */
  | { readonly how: 'keep' }
  /** Its attempt was begun and not told to the end: it is found again on its machine. */
  | { readonly how: 'follow'; readonly reason: string }
  | {
      readonly how: 'begin';
      /** Why, where it is not the first attempt. */
      readonly reason?: string;
      readonly onlyHosts?: readonly string[];
      readonly fromTask?: string;
      readonly tag?: string;
    }
  /** An engineer passes over it. */
  | { readonly how: 'override'; readonly reason: string };

export type BeginStart = Extract<StageStart, { how: 'begin' }>;

/** Hosts that the stages before went on without, among those of the stage. */
export function hostsLeftOut(state: RunState, stage: Pick<StageState, 'after' | 'hosts'>): string[] {
  const failed = new Set<string>();
  const seen = new Set<string>();
  const look = (ids: readonly string[]): void => {
    for (const id of ids) {
      const before = state.stages.get(id);
      if (before === undefined || seen.has(id)) continue;
      seen.add(id);
      for (const host of before.failed_hosts ?? []) failed.add(host);
      look(before.after);
    }
  };
  look(stage.after);
  return stage.hosts.filter((host) => failed.has(host));
}

/** What the journal has of an attempt that is followed again. */
export function attemptSeen(stage: StageState): Pick<StageAttempt, 'attempt' | 'seen' | 'knows'> {
  return {
    attempt: stage.attempt,
    seen: stage.tail,
    knows: (task, host) => {
      const known = stage.tasks.get(task);
      return host === undefined ? known !== undefined : known?.hosts.has(host) === true;
    },
  };
}
