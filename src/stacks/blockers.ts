import type { HardwareFinding } from '../contract/hardware.ts';
import type { PlanBlocker, PlanHost } from '../contract/plan.ts';

/** What stops `apply`: hosts without one clear profile or that a stack cannot run on, and findings of severity error. */
export function findBlockers(
  hosts: readonly PlanHost[],
  findings: readonly HardwareFinding[],
): PlanBlocker[] {
  return [...hosts.flatMap(hostBlockers), ...findings.flatMap(findingBlocker)];
}

function hostBlockers(host: PlanHost): PlanBlocker[] {
  const fromFindings = host.findings.flatMap(findingBlocker);
  const told = fromFindings.some(({ code }) => code.startsWith('profile.'));
  return [...(told ? [] : profileBlocker(host)), ...compatBlockers(host), ...fromFindings];
}

function profileBlocker({ name, match, why, overridden }: PlanHost): PlanBlocker[] {
  if (match === 'matched' || match === 'unknown') return [];
  const remedy = overridden
    ? `Correct the profile of ${name} in the site file.`
    : `Name the profile of ${name} in the site file (profile, profile_reason), or write one that fits it.`;
  return [{ code: overridden ? 'profile.unknown' : `profile.${match}`, host: name, message: why, remedy }];
}

function compatBlockers({ name, compat_checks: checks }: PlanHost): PlanBlocker[] {
  return checks
    .filter((check) => check.status === 'fail')
    .map(({ application, field, wanted, seen, why }) => ({
      code: 'compat.fail',
      host: name,
      message: `${application} cannot run on ${name}: it wants ${field} ${wanted}; seen: ${seen}.${why === undefined ? '' : ` ${why}`}`,
      remedy: `Give ${name} other roles, or put in what is missing and discover it again.`,
    }));
}

function findingBlocker({ severity, code, host, message, repair }: HardwareFinding): PlanBlocker[] {
  if (severity !== 'error') return [];
  const remedy = `${repair?.title ?? 'Mend it, and discover the site again'}.`.replace(/\.\.$/, '.');
  return [{ code, ...(host === undefined ? {} : { host }), message, remedy }];
}
