export { prepareRemoteLayout, REMOTE_ROOT, uploadedPath } from './layout.ts';
export { runPreflight } from './run.ts';
export type { PackageArchive, PreflightInput, PreflightResult, Virtualization } from './types.ts';
