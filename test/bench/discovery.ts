import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { runDiscovery } from '../../src/hardware/index.ts';
import { DEFAULT_LIMITS } from '../../src/hardware/redfish/limits.ts';
import { rowOf, type BenchRow } from './row.ts';

const MACHINES = 500;
const LATENCY = 0.1;
const AT_ONCE = 64;
const PROGRAM = fileURLToPath(new URL('discovery-bmcs.mjs', import.meta.url));

interface Started {
  readonly url: string;
  readonly login: { readonly username: string; readonly password: string };
  readonly pin: string;
}

/**
 * Reads 500 simulated BMCs, each 100 ms away, over https, against the time that latency alone takes: round trips of one
 * machine that follow each other (its time far away less its time near by), times the machines, by those read at once.
 */
export async function benchDiscovery(): Promise<BenchRow[]> {
  const bmcs = fork(PROGRAM, [String(MACHINES), String(LATENCY * 1000)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    const { started } = await answer<{ started: readonly Started[] }>(bmcs);
    const one = started.slice(0, 1);
    await ask(bmcs, { latency: 0 });
    await read(one, bmcs);
    const near = await read(one, bmcs);
    await ask(bmcs, { latency: LATENCY * 1000 });
    const far = await read(one, bmcs);
    const trips = Math.round((far.seconds - near.seconds) / LATENCY);
    const all = await read(started, bmcs);
    const floor = (trips * LATENCY * MACHINES) / AT_ONCE;
    const about = `${MACHINES} machines, ${AT_ONCE} at once, ${(all.requests / MACHINES).toFixed(0)} requests each, ${DEFAULT_LIMITS.perBmc} at once to one`;
    const memory = process.resourceUsage().maxRSS / 1024;
    return [
      rowOf('discovery against its latency floor', all.seconds, floor, 's', about),
      rowOf(
        'one machine against its latency floor',
        far.seconds,
        trips * LATENCY,
        's',
        `${trips} round trips one after the other`,
      ),
      {
        name: 'discovery, peak memory',
        ours: memory,
        rival: 0,
        unit: 'MiB',
        ratio: 0,
        note: `of the whole process, ${MACHINES} machines`,
      },
    ];
  } finally {
    const ended = once(bmcs, 'exit');
    bmcs.disconnect();
    await ended;
  }
}

async function read(
  started: readonly Started[],
  bmcs: ChildProcess,
): Promise<{ readonly seconds: number; readonly requests: number }> {
  const before = (await ask(bmcs)).requests;
  const from = performance.now();
  const result = await runDiscovery({
    targets: started.map(({ url, login, pin }) => ({ base: url, credential: login, trust: { pin } })),
    concurrency: AT_ONCE,
  });
  const seconds = (performance.now() - from) / 1000;
  const bad = result.machines.find(({ ok }) => !ok);
  if (bad !== undefined) throw new Error(`${bad.bmc} was not read: ${bad.error?.message}`);
  return { seconds, requests: (await ask(bmcs)).requests - before };
}

/** Sets the latency where told, and tells how many requests were answered so far. */
async function ask(
  bmcs: ChildProcess,
  order: { readonly latency?: number } = {},
): Promise<{ readonly requests: number }> {
  bmcs.send(order);
  return answer(bmcs);
}

async function answer<T>(bmcs: ChildProcess): Promise<T> {
  const [message] = (await once(bmcs, 'message')) as [T];
  return message;
}
