import { BringupError } from '../../src/contract/errors.ts';

const MISSING = new Set(['LOGS_NOT_MANAGED', 'LOGS_ELSEWHERE', 'LOGS_NO_VM', 'LOGS_NO_STORE']);

/** Whether there are no logs to be read, which only the site file, or a run, can change. */
export function isMissing(error: Error): boolean {
  return error instanceof BringupError && MISSING.has(error.code);
}
