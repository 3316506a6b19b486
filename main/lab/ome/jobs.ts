import { setTimeout as sleep } from 'node:timers/promises';
import { takeOmeFault } from './faults.ts';
import type { Execution, Job, JobResult, Json, Ome } from './types.ts';

/** What the states of a job are called, as module_utils/ome.py of dellemc.openmanage lists them. */
export const JOB_STATUS: Readonly<Record<number, string>> = {
  2020: 'Scheduled',
  2030: 'Queued',
  2040: 'Starting',
  2050: 'Running',
  2060: 'Completed',
  2070: 'Failed',
  2080: 'New',
  2090: 'Warning',
  2100: 'Aborted',
  2101: 'Paused',
  2102: 'Stopped',
  2103: 'Canceled',
  2200: 'NotRun',
};

export const RUNNING = 2050;
export const COMPLETED = 2060;
export const FAILED = 2070;

/** A job to be made; it starts at once unless a schedule says later. */
export interface NewJob {
  readonly id?: number;
  readonly name: string;
  readonly description?: string;
  readonly type: string;
  readonly schedule?: string;
  readonly targets?: readonly Json[];
  readonly params?: readonly Json[];
}

/** Adds a job, and starts it when it is for now. */
export function addJob(ome: Ome, wanted: NewJob): Job {
  const { schedule = 'startnow' } = wanted;
  const isNow = schedule === 'startnow' || schedule === '';
  const job: Job = {
    id: wanted.id ?? ome.takeId(),
    name: wanted.name,
    description: wanted.description ?? '',
    type: wanted.type,
    schedule,
    targets: wanted.targets ?? [],
    params: wanted.params ?? [],
    createdAt: ome.now(),
    createdBy: ome.login.username,
    status: isNow ? 2080 : 2020,
    lastStatus: isNow ? 2200 : 2020,
    executions: [],
  };
  ome.state.jobs = [...ome.state.jobs, job];
  if (isNow) startJob(ome, job);
  ome.save();
  return job;
}

/** Runs a job once more; a running one is left alone. */
export function startJob(ome: Ome, job: Job): void {
  if (job.lastStatus === RUNNING) return;
  const execution: Execution = { id: ome.takeId(), started: ome.now(), status: RUNNING, results: [] };
  job.executions = [...job.executions, execution];
  job.status = job.lastStatus = RUNNING;
  void carryOut(ome, job, execution);
}

/** The job of an id, or undefined. */
export function findJob(ome: Ome, id: number): Job | undefined {
  return ome.state.jobs.find((job) => job.id === id);
}

async function carryOut(ome: Ome, job: Job, execution: Execution): Promise<void> {
  const isOfThis = (fault: { readonly job?: string }) => fault.job === undefined || fault.job === job.type;
  const isStuck = takeOmeFault(ome.faults, 'job-stuck', isOfThis) !== undefined;
  const least = sleep(ome.timings.job * 1000, undefined, { signal: ome.closing }).catch(() => undefined);
  const results = isStuck ? undefined : await resultsOf(ome, job);
  await least;
  // A job that hangs, or whose OME goes away, stays as it is: running.
  if (results === undefined || ome.closing.aborted) return;
  const fault = takeOmeFault(ome.faults, 'job-fails', isOfThis);
  execution.results = results.map((result) =>
    fault !== undefined && (fault.device === undefined || fault.device === result.key)
      ? { ...result, status: FAILED, text: 'The task failed because of a simulated fault.' }
      : result,
  );
  execution.status = overall(execution.results);
  execution.ended = ome.now();
  job.status = job.lastStatus = execution.status;
  ome.save();
}

async function resultsOf(ome: Ome, job: Job): Promise<readonly JobResult[]> {
  const run = ome.runners[job.type];
  if (run === undefined)
    return [failed(job.name, `The simulator does nothing for jobs of the type ${job.type}.`)];
  try {
    return await run(ome, job);
  } catch (error) {
    return [failed(job.name, reasonOf(error))];
  }
}

/** All well: completed; all failed: failed; otherwise a warning. */
function overall(results: readonly JobResult[]): number {
  const bad = results.filter((result) => result.status === FAILED).length;
  return bad === 0 ? COMPLETED : bad === results.length ? FAILED : 2090;
}

/** As many devices are worked on at once; an OME has limits like this, and so has the machine that simulates them. */
const AT_ONCE = 64;

/** Does the same for each target, many at once; one that throws fails alone. Results are in the order of the targets. */
export async function forEach<T>(
  targets: readonly T[],
  keyOf: (target: T) => string,
  work: (target: T) => Promise<string>,
): Promise<readonly JobResult[]> {
  const results: JobResult[] = [];
  const rest = targets.entries();
  const worker = async (): Promise<void> => {
    for (const [index, target] of rest) {
      try {
        results[index] = { key: keyOf(target), status: COMPLETED, text: await work(target) };
      } catch (error) {
        results[index] = failed(keyOf(target), reasonOf(error));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, targets.length) }, worker));
  return results;
}

function failed(key: string, text: string): JobResult {
  return { key, status: FAILED, text };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
