import type { CheckResult } from '../contract/events.ts';
import type { RemoteConnection } from '../remote/index.ts';
import { CHECKS } from './checks/index.ts';
import { provedVirtualization } from './checks/virtualization.ts';
import { collectFacts } from './facts.ts';
import { installMissing } from './install.ts';
import { prepareRemoteLayout } from './layout.ts';
import type { Facts, Need, PreflightInput, PreflightResult } from './types.ts';

/**
 * Checks the KVM host and tells every result, also after one failed. When all passed, the folders of the remote layout
 * are made. Rejects only when the link fails; a failed check is a result.
 */
export async function runPreflight(
  connection: RemoteConnection,
  input: PreflightInput,
  onCheck: (check: CheckResult) => void,
): Promise<PreflightResult> {
  let facts = await collectFacts(connection, input);
  const checks: CheckResult[] = [];
  const needs = missingNeeds(facts);
  if (input.installMissing === true && facts.sudo.ok && needs.length > 0) {
    const installed = await installMissing(connection, facts, needs, input);
    checks.push(installed);
    onCheck(installed);
    facts = await collectFacts(connection, input);
  }
  for (const check of judgeFacts(facts, input)) {
    checks.push(check);
    onCheck(check);
  }
  const ok = checks.every((check) => check.status !== 'failed');
  if (ok) await prepareRemoteLayout(connection);
  return { ok, checks, virtualization: provedVirtualization(facts, input) };
}

/** Judges all facts; pure. */
export function judgeFacts(facts: Facts, input: PreflightInput): readonly CheckResult[] {
  return CHECKS.map((check) => ({
    id: check.id,
    title: check.title,
    wanted: check.wanted(input),
    ...check.judge(facts, input),
  }));
}

/** Everything that is missing and that packages can mend. */
export function missingNeeds(facts: Facts): readonly Need[] {
  return [...new Set(CHECKS.flatMap((check) => check.missing?.(facts) ?? []))];
}
