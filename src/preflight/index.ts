export { prepareRemoteLayout } from './layout.ts';
export { runPreflight } from './run.ts';
export type { PreflightInput, PreflightResult, Virtualization } from './types.ts';
