import type { CompatCheck, CompatResult, HostCompat } from '../contract/profile.ts';
import { subjectOf, whyUnknown, type Machine } from './machines.ts';
import { asSeen } from './operators.ts';
import type { Requirement } from './requirements.ts';
import type { Subject } from './subject.ts';

type Status = CompatCheck['status'];

/**
 * Holds what a stack and its applications need against each machine that has a role they are about. A value that the BMC
 * does not tell is `warn`, never `pass`; a machine that was not discovered is `unknown`.
 */
export function checkCompat(
  machines: readonly Machine[],
  requirements: readonly Requirement[],
): CompatResult {
  return { hosts: machines.map((machine) => checkOne(machine, requirements)) };
}

function checkOne(machine: Machine, requirements: readonly Requirement[]): HostCompat {
  const { host, roles } = machine;
  const asked = requirements.filter(
    (one) => one.roles === undefined || one.roles.some((role) => roles.includes(role)),
  );
  if (asked.length === 0) {
    return { host, status: 'pass', reason: 'Nothing is required of a machine with its roles.', checks: [] };
  }
  const subject = subjectOf(machine);
  if (subject === undefined) {
    return { host, status: 'unknown', reason: `Not known, because ${whyUnknown(machine)}.`, checks: [] };
  }
  const checks = asked.map((requirement) => check(requirement, subject));
  const status = worst(checks.map((one) => one.status));
  return { host, status, reason: reasonOf(checks), checks };
}

function check({ application, severity, why, rule }: Requirement, subject: Subject): CompatCheck {
  const truth = rule.test(subject);
  const status: Status = truth === 'yes' ? 'pass' : truth === 'unseen' ? 'warn' : severity;
  return { application, status, field: rule.field, wanted: rule.wanted, seen: rule.see(subject), why };
}

function worst(statuses: readonly Status[]): Status {
  if (statuses.includes('fail')) return 'fail';
  return statuses.includes('warn') ? 'warn' : 'pass';
}

function reasonOf(checks: readonly CompatCheck[]): string {
  const bad = checks.filter((one) => one.status === 'fail');
  const missed = bad.length > 0 ? bad : checks.filter((one) => one.status === 'warn');
  const [first] = missed;
  if (first === undefined)
    return checks.length === 1
      ? 'The only requirement is met.'
      : `All ${checks.length} requirements are met.`;
  const { application, field, wanted, seen } = first;
  const rest = missed.length - 1;
  const more = rest === 0 ? '' : `, and ${rest} more`;
  return `${application} wants ${field} ${wanted}; ${asSeen(seen)}${more}.`;
}
