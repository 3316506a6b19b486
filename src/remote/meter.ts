import type { UploadProgress } from './types.ts';

const EVERY_MS = 200;
const WINDOW_MS = 5000;

/** Turns byte counts into progress at most five times a second; the rate is over the last five seconds. */
export function createMeter(
  total: number,
  from: number,
  onProgress: ((progress: UploadProgress) => void) | undefined,
  now: () => number = () => performance.now(),
): (done: number) => void {
  const samples = [{ at: now(), done: from }];
  let told = Number.NEGATIVE_INFINITY;
  return (done) => {
    const at = now();
    if (onProgress === undefined || (at - told < EVERY_MS && done < total)) return;
    told = at;
    samples.push({ at, done });
    while (samples.length > 2 && at - (samples[0]?.at ?? at) > WINDOW_MS) samples.shift();
    const first = samples[0] ?? { at, done };
    const rate = at > first.at ? ((done - first.done) / (at - first.at)) * 1000 : 0;
    onProgress({
      done,
      total,
      resumed_from: from,
      ...(rate > 0 ? { rate: Math.round(rate), left_seconds: Math.ceil((total - done) / rate) } : {}),
    });
  };
}
