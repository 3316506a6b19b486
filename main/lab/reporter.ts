import type { OnLabProgress } from './types.ts';

/** Turns a plain sentence into a progress report with the seconds since the reporter was made. */
export function createReporter(onProgress: OnLabProgress | undefined): (text: string) => void {
  const started = performance.now();
  return (text) => onProgress?.({ text, seconds: Math.round((performance.now() - started) / 100) / 10 });
}
