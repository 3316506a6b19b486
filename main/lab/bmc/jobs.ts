import { findJob } from './job-views.ts';
import type { Machine } from './types.ts';
import { type RedfishAnswer, refuse, success } from './messages.ts';
import type { Resource } from './resource.ts';
import type { JobWork, SimulatedJob } from './state.ts';

const MOST_JOBS = 256;

interface NewJob {
  readonly prefix?: 'JID' | 'RID';
  readonly name: string;
  readonly type: string;
  readonly waitsForBoot: boolean;
  readonly work: JobWork;
}

/** Puts a job into the queue. */
export function enqueue(machine: Machine, job: NewJob): SimulatedJob {
  const { state } = machine;
  const { prefix = 'JID', ...rest } = job;
  const added: SimulatedJob = {
    ...rest,
    id: `${prefix}_${String(100_000_000_000 + state.nextJob)}`,
    phase: 'scheduled',
    created: machine.now(),
    message: 'Task successfully scheduled.',
  };
  state.nextJob += 1;
  state.jobs.push(added);
  // As on a BMC, the oldest finished jobs make room.
  while (state.jobs.length > MOST_JOBS) state.jobs.shift();
  return added;
}

/** The job that holds BIOS settings and has not ended, or undefined. */
export function openConfigurationJob(machine: Machine): SimulatedJob | undefined {
  return machine.state.jobs.find(
    (job) => job.type === 'BIOSConfiguration' && (job.phase === 'scheduled' || job.phase === 'running'),
  );
}

/** DELETE of one job: a running one is refused; with a BIOS job its pending settings go. */
export function deleteJob(machine: Machine, uri: string): RedfishAnswer {
  const job = findJob(machine, uri);
  if (job === undefined) return refuse(404, 'ResourceMissingAtURI', `There is no job ${uri}.`);
  if (job.phase === 'running')
    return refuse(409, 'ResourceInUse', `The job ${job.id} is running and cannot be deleted.`);
  drop(machine, [job]);
  return success();
}

/** Dell's DeleteJobQueue: one job, all that are not running (`JID_CLEARALL`), or all (`JID_CLEARALL_FORCE`). */
export function deleteJobQueue(machine: Machine, body: Resource): RedfishAnswer {
  const id = body['JobID'];
  if (typeof id !== 'string')
    return refuse(400, 'ActionParameterMissing', 'The action DeleteJobQueue needs the parameter JobID.');
  if (id === 'JID_CLEARALL_FORCE') drop(machine, machine.state.jobs);
  else if (id === 'JID_CLEARALL')
    drop(
      machine,
      machine.state.jobs.filter(({ phase }) => phase !== 'running'),
    );
  else return deleteJob(machine, id);
  return success();
}

function drop(machine: Machine, jobs: readonly SimulatedJob[]): void {
  const { state } = machine;
  const gone = new Set(jobs);
  if (jobs.some((job) => job.phase !== 'completed' && job.work.bios !== undefined)) state.biosPending = {};
  state.jobs = state.jobs.filter((job) => !gone.has(job));
  machine.save();
}
