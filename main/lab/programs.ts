import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { BringupError } from '../../src/contract/errors.ts';
import { type LabContext, projectFile } from './context.ts';
import { namespacePath } from './network.ts';
import { TOOL_ENV } from './run-tool.ts';

/** Starts a program of the lab in the background, in a machine's network; what it says goes to `logFile`. */
export async function startProgram(
  lab: LabContext,
  machine: string,
  { command, logFile }: { readonly command: readonly string[]; readonly logFile: string },
): Promise<void> {
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn('nsenter', [`--net=${namespacePath(lab, machine)}`, '--', ...command], {
    detached: true,
    stdio: ['ignore', log, log],
    env: TOOL_ENV,
  });
  closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', resolve);
  });
  child.unref();
}

/** Command of a simulator. It runs by plain Node, so from the built files even when this module is run from its source. */
export function simulatorCommand(name: 'bmc-simulator' | 'ome-simulator'): readonly string[] {
  const file = projectFile('dist', 'main', 'lab', `${name}.js`);
  if (existsSync(file)) return [process.execPath, file];
  throw new BringupError({
    code: 'LAB_NOT_BUILT',
    message: `The simulator ${name} has not been built.`,
    hint: 'npm run build',
  });
}
