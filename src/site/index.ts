export type { CheckContext, RoleRule } from './checks/check.ts';
export { describedParameters } from './checks/parameter-words.ts';
export type { DraftSite } from './draft.ts';
export { jsonPath, quoted, type Path } from './finding.ts';
export { migrateSite, type Migration } from './migrate.ts';
export { networkOf, prefixLength } from './networks.ts';
export { siteDocument } from './document.ts';
export { editSite, editText, type EditResult } from './edit/edit.ts';
export type { SiteEdit } from './edit/edits.ts';
export { hardwareVars, type HostFacts } from './host-facts.ts';
export { renderInventory } from './inventory.ts';
export {
  normaliseSite,
  type NormalisedBmc,
  type NormalisedDeploymentVm,
  type NormalisedDiscovery,
  type NormalisedHost,
  type NormalisedKvmHost,
  type NormalisedNetwork,
  type NormalisedServices,
  type NormalisedSite,
  type NormalisedSsh,
} from './normalise.ts';
export { openSite, parseSite, type OpenedSite, type ParseInput, type ParseResult } from './parse.ts';
export type { DeploymentVmEntry, HostEntry, InterfaceEntry, KvmHostEntry } from './schema/machines.ts';
export type { NetworkEntry } from './schema/networks.ts';
export type { ServicesEntry } from './schema/services.ts';
export { siteJsonSchema, type Site } from './schema/site.ts';
export { suggest } from './suggest.ts';
export { TYPE_NAMES } from './type-names.ts';
