export { runBmcSimulator, type RunBmcSimulatorOptions } from './bmc/index.ts';
export { readLabCredentials } from './credentials.ts';
export { labDown } from './down.ts';
export { labStatus } from './status.ts';
export type {
  LabCredential,
  LabCredentials,
  LabOptions,
  LabPart,
  LabProgress,
  LabStatus,
  OnLabProgress,
} from './types.ts';
export { labUp } from './up.ts';
