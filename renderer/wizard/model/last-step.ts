import type { StepId } from '../types.ts';
import { stepNamed } from './step-status.ts';

const KEY = 'bringup.steps';
/** Site files whose step is remembered. */
const KEPT = 50;

/** The step on which a site file was left; the first one where that is not known. */
export function lastStep(file: string): StepId {
  return stepNamed(remembered().find(([name]) => name === file)?.[1] ?? '');
}

/** Remembers the step for the next time; a browser that keeps nothing is no reason to fail. */
export function rememberStep(file: string, step: StepId): void {
  const others = remembered().filter(([name]) => name !== file);
  try {
    localStorage.setItem(KEY, JSON.stringify([[file, step], ...others].slice(0, KEPT)));
  } catch {
    return;
  }
}

function remembered(): (readonly [string, string])[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(value) ? (value as (readonly [string, string])[]).filter(Array.isArray) : [];
  } catch {
    return [];
  }
}
