// node test/fuzz/run.mjs [COUNT] [SEED]: reads COUNT mutated site files. No crash, no hang, every problem with its place.
import { Worker } from 'node:worker_threads';

/** Seconds that one file may take before it counts as a hang. */
const BUDGET_SECONDS = 10;
const count = Number(process.argv[2] ?? 100_000);
const first = Number(process.argv[3] ?? 1);
const shared = new SharedArrayBuffer(4);
const current = new Int32Array(shared);
const started = performance.now();

process.stdout.write(`${count} mutated site files from seed ${first}\n`);
const worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData: { first, count, shared } });
let [seed, since] = [0, performance.now()];
const watchdog = setInterval(() => {
  const now = Atomics.load(current, 0);
  if (now !== seed) [seed, since] = [now, performance.now()];
  else if (now !== 0 && performance.now() - since > BUDGET_SECONDS * 1000) {
    process.stdout.write(`HANG: seed ${now} took more than ${BUDGET_SECONDS} s\n`);
    process.exit(1);
  }
}, 500);
worker.on('error', (error) => {
  process.stdout.write(`CRASH at seed ${Atomics.load(current, 0)}: ${error.stack ?? error.message}\n`);
  process.exit(1);
});
worker.on('message', ({ valid, problems, bad, slowest }) => {
  clearInterval(watchdog);
  const seconds = (performance.now() - started) / 1000;
  for (const { seed: at, what } of bad.slice(0, 20)) process.stdout.write(`seed ${at}: ${what}\n`);
  process.stdout.write(
    `${count} files, ${valid} still valid, ${problems} problems, ${bad.length} failures in ${seconds.toFixed(0)} s; ` +
      `slowest: seed ${slowest.seed}, ${slowest.ms.toFixed(0)} ms\n`,
  );
  process.exitCode = bad.length === 0 ? 0 : 1;
});
