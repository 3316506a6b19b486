import { once } from 'node:events';
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createLabContext } from '../../../main/lab/context.ts';
import { LAB } from '../../../main/lab/layout.ts';
import { namespacePath } from '../../../main/lab/network.ts';

const WATCHER = fileURLToPath(new URL('outside.py', import.meta.url));
/** Names that are the site's: its domain, and what its addresses are called in reverse. */
const ZONES = [LAB.domain, '20.18.198.in-addr.arpa', '21.18.198.in-addr.arpa'];

/** What watches the lab's networks for anything that asks for a name or an address outside the site. */
export interface OutsideWatch {
  /** Ends the watch; one line for each thing that was asked for outside, empty where there was none. */
  stop(): Promise<string[]>;
}

/**
 * Watches the lab's way out, its gateway, for packets to addresses of other networks, and its switch for DNS questions for names
 * that are not the site's. Rejects where it cannot watch.
 */
export async function watchOutside(): Promise<OutsideWatch> {
  const found: string[] = [];
  const children = await Promise.all([
    watch('gateway', [], found),
    watch(LAB.kvmHost.name, ['--names'], found),
  ]);
  return {
    stop: async () => {
      for (const child of children.splice(0)) {
        if (child.exitCode !== null) throw new Error('the watch of the lab ended by itself');
        const ended = once(child, 'exit');
        child.kill();
        await ended;
      }
      return found;
    },
  };
}

async function watch(machine: string, flags: readonly string[], found: string[]): Promise<ChildProcess> {
  const inside = `--net=${namespacePath(createLabContext({}), machine)}`;
  const child = spawn('nsenter', [inside, '--', 'python3', WATCHER, LAB.range, ...ZONES, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout);
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the watch of ${machine} ended with ${String(code)}`)));
    lines.once('line', () => resolve());
  });
  lines.on('line', (line) => found.push(`${machine}: ${line}`));
  return child;
}
