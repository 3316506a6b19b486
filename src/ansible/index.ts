export { createPlaybookExecutor } from './executor.ts';
export type { PlaybookPorts } from './ports.ts';
export type { RemoteShell, ShellOptions, ShellResult } from './shell.ts';
