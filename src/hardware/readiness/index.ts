import type { HardwareFinding, HardwareSnapshot } from '../../contract/hardware.ts';
import { checkBios, checkCertificate, checkClock, checkLicense, checkSessions } from './bmc.ts';
import type { Draft, Seen } from './finding.ts';
import { checkJobs } from './jobs.ts';
import { checkMedia } from './media.ts';
import { checkDisks, checkHealth, checkMemory, checkPower, checkState } from './parts.ts';

const CHECKS: readonly ((seen: Seen) => Draft[])[] = [
  checkMedia,
  checkJobs,
  checkBios,
  checkClock,
  checkLicense,
  checkSessions,
  checkCertificate,
  checkPower,
  checkDisks,
  checkMemory,
  checkHealth,
  checkState,
];

const RANK = { error: 0, warning: 1, note: 2 } as const;

/**
 * What would trip a run on this machine, errors first, each with the one step that mends it. Messages name no host;
 * `host` is set on each finding when given.
 */
export function checkReadiness(
  snapshot: HardwareSnapshot,
  context: { readonly now: Date; readonly host?: string },
): HardwareFinding[] {
  const { now, host } = context;
  return CHECKS.flatMap((check) => check({ snapshot, now }))
    .map((draft) => (host === undefined ? draft : { ...draft, host }))
    .sort((a, b) => RANK[a.severity] - RANK[b.severity]);
}
