import type { DraftSite } from '../draft.ts';
import type { Finding } from '../finding.ts';
import { addressInside, addressUnique, dhcpRange } from './addresses.ts';
import type { CheckContext, SiteCheck } from './check.ts';
import { discoveryFits } from './discovery.ts';
import { hardwareUnique, namesUnique } from './names.ts';
import { gatewayInside, networkForm, networkOverlap } from './networks.ts';
import { bundleFits, repositoryAndLogsFit } from './offline.ts';
import { parameterNames } from './parameter-names.ts';
import { parametersFit } from './parameters.ts';
import { profileKnown, profileReason } from './profiles.ts';
import { networkKnown, placement, servicesFit } from './references.ts';
import { baseImagePresent, rolesFit, timezoneKnown, vmSize } from './surroundings.ts';

const CHECKS: readonly SiteCheck[] = [
  networkForm,
  networkOverlap,
  gatewayInside,
  networkKnown,
  placement,
  servicesFit,
  repositoryAndLogsFit,
  bundleFits,
  addressInside,
  addressUnique,
  dhcpRange,
  namesUnique,
  hardwareUnique,
  rolesFit,
  profileReason,
  profileKnown,
  discoveryFits,
  parametersFit,
  parameterNames,
  baseImagePresent,
  timezoneKnown,
  vmSize,
];

/** Runs every cross check; findings come in no particular order. */
export function checkSite(site: DraftSite, context: CheckContext): Finding[] {
  return CHECKS.flatMap((check) => [...check.find(site, context)]);
}
