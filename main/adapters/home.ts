import { homedir } from 'node:os';
import path from 'node:path';

/** Where Bringup keeps runs, locks and pinned host keys: BRINGUP_HOME, or the platform's place for user data. */
export function bringupHome(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (env['BRINGUP_HOME']) return path.resolve(env['BRINGUP_HOME']);
  if (platform === 'win32')
    return path.join(env['LOCALAPPDATA'] ?? path.join(homedir(), 'AppData', 'Local'), 'Bringup');
  if (platform === 'darwin') return path.join(homedir(), 'Library', 'Application Support', 'Bringup');
  return path.join(env['XDG_DATA_HOME'] ?? path.join(homedir(), '.local', 'share'), 'bringup');
}
