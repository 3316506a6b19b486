import { BringupError, EXIT } from '../contract/errors.ts';
import type { PlannedStage } from '../contract/events.ts';
import type { PlanBlocker, PlanDocument } from '../contract/plan.ts';
import type { CredentialStore } from '../contract/ports.ts';
import type { NormalisedSite } from '../site/index.ts';
import { stageCredentials } from './stage-credentials.ts';

/** The error for names that are wanted and not stored. */
export function missingCredential(...names: readonly string[]): BringupError {
  const commands = names.map((name) => `bringup credentials set ${name}`);
  const [it, is] = names.length === 1 ? ['it', 'credential'] : ['them', 'credentials'];
  return new BringupError({
    code: 'CREDENTIAL_MISSING',
    exit: EXIT.invalid,
    message: `No ${is} ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} stored.`,
    hint: `Store ${it} with: ${commands.join('; ')}`,
  });
}

type Stages = readonly Pick<PlannedStage, 'runs_on' | 'logs_in_to'>[];

/** Names of the credentials that stages need: that of the KVM host, which every run logs in to, and those given to a stage. */
export function neededCredentials(
  site: Pick<NormalisedSite, 'hosts' | 'kvm_host' | 'parameters' | 'services'>,
  stages: Stages,
): string[] {
  const given = stages.flatMap((stage) => stageCredentials(stage, site));
  return [...new Set([site.kvm_host.credential, ...given])];
}

/** Refuses to begin where a credential that a stage needs is not stored; a store that cannot be read is told by the stage. */
export async function checkStored(
  store: CredentialStore,
  site: NormalisedSite,
  stages: Stages,
): Promise<void> {
  const missing: string[] = [];
  for (const name of neededCredentials(site, stages)) {
    const found = await store.get(name).catch(orUnknown);
    if (found === null) missing.push(name);
  }
  if (missing.length > 0) throw missingCredential(...missing);
}

/** The plan with the credentials that stand in its way, first: not stored, or in a store that cannot be read. */
export async function withCredentials(
  store: CredentialStore,
  plan: PlanDocument,
  site: NormalisedSite,
): Promise<PlanDocument> {
  const found: PlanBlocker[] = [];
  for (const name of neededCredentials(site, plan.stages)) {
    const credential = await store.get(name).catch(orUnknown);
    if (credential === null) found.push(blocker('credential.missing', missingCredential(name)));
    else if (credential instanceof BringupError) found.push(blocker('credential.unknown', credential));
  }
  if (found.length === 0) return plan;
  // A store that cannot be read says the same of every name.
  const told = new Map(found.map((one) => [one.message, one]));
  return { ...plan, blockers: [...told.values(), ...plan.blockers], ready: false };
}

function blocker(code: string, { message, hint }: BringupError): PlanBlocker {
  return { code, message, remedy: hint ?? 'Look at the credentials of this site.' };
}

function orUnknown(thrown: unknown): BringupError {
  if (thrown instanceof BringupError) return thrown;
  throw thrown;
}
