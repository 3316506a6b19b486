// Reads mutated site files one after the other; the seed it works on stands in the shared memory, for the watchdog.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { runnerImport } from 'vite';

const { first, count, shared } = workerData;
const current = new Int32Array(shared);
const file = path.join(fileURLToPath(new URL('.', import.meta.url)), 'site.ts');
const { module } = await runnerImport(file);
const total = { valid: 0, problems: 0, bad: [], slowest: { seed: first, ms: 0 } };
for (let seed = first; seed < first + count; seed += 1) {
  Atomics.store(current, 0, seed);
  const started = performance.now();
  const { valid, problems, bad } = module.fuzzSite(seed);
  const ms = performance.now() - started;
  if (ms > total.slowest.ms) total.slowest = { seed, ms };
  if (valid) total.valid += 1;
  total.problems += problems;
  for (const what of bad) total.bad.push({ seed, what });
}
parentPort.postMessage(total);
