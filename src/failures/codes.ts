import type { Owner } from '../contract/failure.ts';

/** Who acts on a failure Bringup noticed itself, by the longest prefix of its code; null where nobody is named. */
const OWNERS: readonly (readonly [prefix: string, owner: Owner])[] = [
  ['SSH_UNREACHABLE', 'customer-network'],
  ['SSH_TIMEOUT', 'customer-network'],
  ['SSH_DNS', 'customer-network'],
  ['SSH_CLOSED', 'customer-network'],
  ['SSH_', 'field-engineer'],
  ['SUDO_', 'customer-it'],
  ['PREFLIGHT', 'field-engineer'],
  ['UPLOAD_', 'field-engineer'],
  ['CREDENTIAL', 'field-engineer'],
  ['BASE_IMAGE_', 'field-engineer'],
  ['REDFISH_UNREACHABLE', 'customer-network'],
  ['REDFISH_CLOSED', 'customer-network'],
  ['REDFISH_', 'field-engineer'],
  ['TUNNEL_', 'customer-it'],
  ['REMOTE_', 'field-engineer'],
  ['PROJECT_', 'field-engineer'],
  ['CANCELLED', 'field-engineer'],
  ['SITE_', 'field-engineer'],
  ['JOURNAL_', 'field-engineer'],
  ['STAGE_CONTACT_LOST', 'customer-network'],
  ['OVA_', 'software'],
  ['STACK_', 'software'],
  ['PLAN_', 'software'],
];

/** Cause key of a Bringup error code: `SSH_AUTH_FAILED` becomes `ssh.auth_failed`. */
export function keyOfCode(code: string): string {
  const lower = code.toLowerCase();
  const cut = lower.indexOf('_');
  return cut < 0 ? `bringup.${lower}` : `${lower.slice(0, cut)}.${lower.slice(cut + 1)}`;
}

/** Owner of a Bringup error code, or null where the table names none. */
export function ownerOfCode(code: string): Owner | null {
  return OWNERS.find(([prefix]) => code.startsWith(prefix))?.[1] ?? null;
}
