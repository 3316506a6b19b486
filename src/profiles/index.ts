export { createCatalogReader, type FirmwareCatalog } from './catalog/catalog.ts';
export { checkFirmware, indexCatalog, type CatalogIndex } from './catalog/check.ts';
export { canonicalJson } from './canonical.ts';
export { checkCompat } from './compat.ts';
export { machinesOf, type Machine } from './machines.ts';
export { matchProfiles } from './match.ts';
export { loadProfiles, parseProfile, type Profile, type ProfileResult } from './parse.ts';
export { findRegistries, readRegistry, type AttributeRegistry } from './registry/attribute-registry.ts';
export { checkBios, speaksFor, titleOf, type RegistrySource } from './registry/check.ts';
export { parseRequirements, type Requirement } from './requirements.ts';
export {
  askedOf,
  biosAttributesFor,
  isMeant,
  profileFindings,
  profileVars,
  type MachineKind,
} from './settings.ts';
export { unusedProfile } from './unused.ts';
export { compareVersions } from './versions.ts';
