export { builtinCapture } from './builtin/index.ts';
export { type Capture, createCapture } from './capture.ts';
export { type BmcCertificate, certificatePin, makeCertificate } from './certificate.ts';
export { type BmcFault, parseFaults } from './faults.ts';
export type { BmcIdentity } from './identity.ts';
export type { BmcLogin, BmcTimings } from './types.ts';
export {
  type BmcSimulator,
  type SimulatedBmc,
  type SimulatedMachineOptions,
  createBmcSimulator,
} from './simulator.ts';
export { type RunBmcSimulatorOptions, runBmcSimulator } from './run.ts';
