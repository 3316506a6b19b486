import type { PlanBlocker } from '../../../src/contract/plan.ts';
import type { StepId } from '../types.ts';
import type { SiteHost } from './site-view.ts';

/** Where something that stops a run is mended: the step, and the place in the site file where that is known. */
export function placeOf(
  { code, host }: PlanBlocker,
  hosts: readonly SiteHost[],
): { readonly step: StepId; readonly focus?: string } {
  const index = hosts.find(({ name }) => name === host)?.index;
  const at = index === undefined ? {} : { focus: `$.hosts[${index}]` };
  if (code.startsWith('profile.')) return { step: 'profiles', ...at };
  if (code.startsWith('compat.')) return { step: 'compatibility' };
  if (code.startsWith('cable.')) return { step: 'cabling', ...at };
  if (code.startsWith('credential.')) return { step: 'credentials' };
  return { step: 'discovery' };
}
