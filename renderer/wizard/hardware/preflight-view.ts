import type { CheckResult } from '../../../src/contract/events.ts';
import type { FailureRecord } from '../../../src/contract/failure.ts';
import type { RunState } from '../../../src/runs/state.ts';

/** What a preflight says: its checks in the order in which they ended, failed ones first once it is over. */
export interface PreflightView {
  readonly running: boolean;
  readonly ended?: string;
  readonly checks: readonly CheckResult[];
  readonly failed: number;
  /** A failure that no check tells: the KVM host could not be reached, or shows a key nobody has confirmed. */
  readonly obstacle?: FailureRecord;
  /** Fingerprint of the host key that waits to be compared. */
  readonly hostKey?: string;
  /** The host lacks packages that Bringup can install. */
  readonly canInstall: boolean;
  /** What it does right now, word by word, where one task takes long. */
  readonly saying?: string;
}

const RANK = { failed: 0, warning: 1, skipped: 2, ok: 3 } as const;

/** Reads a run that ends at the preflight; undefined before its first event. */
export function preflightView(run: RunState): PreflightView | undefined {
  const [stage] = [...run.stages.values()];
  if (run.lastSeq === 0 || stage === undefined) return undefined;
  const tasks = [...stage.tasks.values()];
  const checks = tasks.flatMap(({ hosts }) => [...hosts.values()].flatMap(({ check }) => check ?? []));
  const running = run.status === 'running' && run.interrupted === undefined;
  const failed = checks.filter(({ status }) => status === 'failed').length;
  const [obstacle] = failed === 0 ? stage.failures : [];
  const hostKey =
    obstacle?.why.key === 'ssh.host_key_unknown'
      ? /SHA256:[A-Za-z0-9+/]{43}/.exec(JSON.stringify(obstacle))?.[0]
      : undefined;
  const saying = running
    ? tasks.findLast(({ progress }) => progress !== undefined)?.progress?.text
    : undefined;
  return {
    running,
    failed,
    checks: running ? checks : [...checks].sort((a, b) => RANK[a.status] - RANK[b.status]),
    canInstall: stage.failures.some(({ why }) => why.key === 'host.packages_missing'),
    ...(run.finished === undefined ? {} : { ended: run.finished }),
    ...(obstacle === undefined ? {} : { obstacle }),
    ...(hostKey === undefined ? {} : { hostKey }),
    ...(saying === undefined ? {} : { saying }),
  };
}
