export type { OmeFault } from './faults.ts';
export { runOmeSimulator } from './run.ts';
export { type OmeSimulator, type OmeSimulatorOptions, createOmeSimulator } from './simulator.ts';
