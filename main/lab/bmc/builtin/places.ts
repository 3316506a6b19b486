/** Where the built-in tree keeps its things: the URIs of a PowerEdge with an iDRAC 9. */
export const ROOT = '/redfish/v1';
export const SYSTEM = `${ROOT}/Systems/System.Embedded.1`;
export const CHASSIS = `${ROOT}/Chassis/System.Embedded.1`;
export const MANAGER = `${ROOT}/Managers/iDRAC.Embedded.1`;
export const UPDATE = `${ROOT}/UpdateService`;

/** Identifying texts of the built-in tree; each machine puts its own in their place. */
export const SERVICE_TAG = 'BLTIN01';
export const BMC_MAC = '02:00:5e:0b:0c:00';

export const OK = { State: 'Enabled', Health: 'OK' };
export const OK_ROLLUP = { ...OK, HealthRollup: 'OK' };
