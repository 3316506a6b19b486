export { checkCompat } from './compat.ts';
export { machinesOf, type Machine } from './machines.ts';
export { matchProfiles } from './match.ts';
export { loadProfiles, parseProfile, type Profile, type ProfileResult } from './parse.ts';
export { parseRequirements, type Requirement } from './requirements.ts';
export { biosAttributesFor, profileFindings, profileVars } from './settings.ts';
export { compareVersions } from './versions.ts';
