import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LIMIT_MS = 5000;

/**
 * When a process started, in the words of this machine: two processes that had the same number at different times differ
 * in it. Null where the process is gone or the machine does not say.
 */
export async function processStart(pid: number): Promise<string | null> {
  try {
    if (process.platform === 'linux') return await linuxStart(pid);
    if (process.platform === 'win32') return await ask('powershell.exe', windowsWords(pid));
    return await ask('ps', ['-o', 'lstart=', '-p', String(pid)]);
  } catch {
    return null;
  }
}

/** Clock ticks since boot, with the boot they count from: neither depends on the wall clock. */
async function linuxStart(pid: number): Promise<string | null> {
  const [status, boot] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
  ]);
  // The name of the program stands in parentheses and may hold any character.
  const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
  const [state, ticks] = [fields[0], fields[19]];
  return state === 'Z' || state === 'X' || ticks === undefined ? null : `${boot.trim()} ${ticks}`;
}

function windowsWords(pid: number): string[] {
  return ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`];
}

async function ask(program: string, words: readonly string[]): Promise<string | null> {
  const { stdout } = await run(program, [...words], { timeout: LIMIT_MS, windowsHide: true });
  const text = stdout.trim();
  return text === '' ? null : text;
}
