import { readFileSync } from 'node:fs';
import { builtinGroups } from './groups.ts';
import type { Job, OmeState } from './types.ts';

/** An OME that has just been set up. */
export function initialOmeState(now: number): OmeState {
  return {
    nextId: 10_100,
    devices: [],
    groups: builtinGroups(now),
    jobs: [],
    discoveries: [],
    catalogs: [],
    baselines: [],
    templates: [],
    profiles: [],
    complianceBaselines: [],
    uploads: {},
  };
}

/** A state kept on disk; undefined where there is none or it was of another version. Jobs that ran then were aborted. */
export function readOmeState(file: string): OmeState | undefined {
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as Partial<OmeState>;
    if (typeof state.nextId !== 'number' || !Array.isArray(state.jobs) || !Array.isArray(state.groups))
      return undefined;
    const whole = { ...initialOmeState(0), ...(state as OmeState) };
    return { ...whole, jobs: whole.jobs.map(aborted) };
  } catch {
    return undefined;
  }
}

function aborted(job: Job): Job {
  if (job.lastStatus !== 2050) return job;
  const executions = job.executions.map((one) => (one.status === 2050 ? { ...one, status: 2100 } : one));
  return { ...job, status: 2100, lastStatus: 2100, executions };
}
