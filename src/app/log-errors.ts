import { BringupError, EXIT } from '../contract/errors.ts';
import type { NormalisedSite } from '../site/index.ts';

/** Refuses a site whose logs Bringup does not keep. Throws LOGS_NOT_MANAGED, LOGS_ELSEWHERE. */
export function refuseUnmanaged({ site, services: { logging } }: NormalisedSite): void {
  if (logging.mode === 'managed') return;
  if (logging.mode === 'existing') {
    throw new BringupError({
      code: 'LOGS_ELSEWHERE',
      exit: EXIT.invalid,
      message: `The machines of ${site.name} send their logs to ${logging.server ?? 'a log server of the customer'}, which Bringup does not read.`,
      hint: 'Look there, or ask who runs that server; its address is services.logging.server of the site file.',
    });
  }
  throw new BringupError({
    code: 'LOGS_NOT_MANAGED',
    exit: EXIT.invalid,
    message: `The site file of ${site.name} asks for no central logs.`,
    hint: 'Set services.logging to {mode: managed} in the site file, then apply it: the stage Central logs keeps them from then on.',
  });
}

/** The keys of the deployment VM are not on the KVM host: it was never built from there. */
export function noDeploymentVm(site: NormalisedSite, cause: BringupError): BringupError {
  return new BringupError({
    code: 'LOGS_NO_VM',
    message: `The site ${site.site.name} has no deployment VM yet, and the central logs are kept there.`,
    hint: 'Apply the site file up to the stage Central logs first.',
    evidence: cause.evidence,
    cause,
  });
}

/** The deployment VM is there and keeps no logs. */
export function noStore(text: string): BringupError {
  return new BringupError({
    code: 'LOGS_NO_STORE',
    message: 'The deployment VM keeps no central logs yet.',
    hint: 'The stage Central logs sets them up: apply the site file, or resume its run.',
    evidence: [{ source: 'deployment VM', text }],
  });
}

/** What was asked makes no sense to the store. */
export function badQuestion(text: string): BringupError {
  return new BringupError({
    code: 'LOGS_QUESTION',
    exit: EXIT.invalid,
    message: `The central logs cannot be searched like this: ${text}.`,
    hint: 'Give times with date and zone, and the names of machines as the site file has them.',
  });
}

/** The deployment VM answered something else than a page. */
export function noAnswer(said: string): BringupError {
  return new BringupError({
    code: 'LOGS_UNREADABLE',
    message: 'The deployment VM did not answer the search of its central logs.',
    hint: 'Check there that python3 runs, that the disk is not full (df -h), and that its user may use sudo.',
    evidence: said === '' ? [] : [{ source: 'deployment VM', text: said.slice(-2000) }],
  });
}

/** The search was called off by whoever asked. */
export function searchCancelled(): BringupError {
  return new BringupError({
    code: 'CANCELLED',
    exit: EXIT.cancelled,
    message: 'The search of the central logs was cancelled.',
  });
}
