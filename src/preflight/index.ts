export { prepareRemoteLayout, REMOTE_ROOT } from './layout.ts';
export { runPreflight } from './run.ts';
export type { PreflightInput, PreflightResult, Virtualization } from './types.ts';
