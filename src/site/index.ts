export type { CheckContext, RoleRule } from './checks/check.ts';
export { networkOf, prefixLength } from './networks.ts';
export { renderInventory } from './inventory.ts';
export {
  normaliseSite,
  type NormalisedDeploymentVm,
  type NormalisedHost,
  type NormalisedKvmHost,
  type NormalisedNetwork,
  type NormalisedServices,
  type NormalisedSite,
  type NormalisedSsh,
} from './normalise.ts';
export { parseSite, type ParseInput, type ParseResult } from './parse.ts';
export type { DeploymentVmEntry, HostEntry, InterfaceEntry, KvmHostEntry } from './schema/machines.ts';
export type { NetworkEntry } from './schema/networks.ts';
export type { ServicesEntry } from './schema/services.ts';
export { siteJsonSchema, type Site } from './schema/site.ts';
