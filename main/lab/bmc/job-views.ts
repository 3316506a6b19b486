import type { Machine } from './types.ts';
import { collection, resource, type Resource } from './resource.ts';
import { isReboot } from './settle.ts';
import type { SimulatedJob } from './state.ts';

type Form = 'dell' | 'job' | 'task';

/** The places a job queue is shown: Dell's under the manager (twice), the JobService, and the TaskService. */
function queuesOf(machine: Machine): ReadonlyMap<string, Form> {
  const { outline } = machine.capture;
  const queues = new Map<string, Form>();
  if (outline.dellJobs !== undefined) {
    queues.set(outline.dellJobs, 'dell');
    queues.set(outline.dellJobs.replace(/\/Jobs$/, '/Oem/Dell/Jobs'), 'dell');
  }
  if (outline.jobs !== undefined) queues.set(outline.jobs, 'job');
  if (outline.tasks !== undefined) queues.set(outline.tasks, 'task');
  return queues;
}

/** URIs of every job in one of the queues. */
function jobUris(machine: Machine, queue: string): readonly string[] {
  return machine.state.jobs.map((job) => `${queue}/${job.id}`);
}

/** A job queue or one of its jobs by URI, or undefined when the URI is neither. */
export function jobResource(machine: Machine, uri: string): Resource | undefined {
  const { keyOf } = machine.capture;
  const key = keyOf(uri);
  for (const [queue, form] of queuesOf(machine)) {
    if (key === keyOf(queue)) {
      const type = { dell: 'DellJobCollection', job: 'JobCollection', task: 'TaskCollection' }[form];
      return collection(queue, type, jobUris(machine, queue));
    }
    if (!key.startsWith(`${keyOf(queue)}/`)) continue;
    const job = findJob(machine, uri);
    if (job !== undefined)
      return { dell: dellJob, job: standardJob, task }[form](machine, `${queue}/${job.id}`, job);
  }
  return undefined;
}

/** The job a queue's URI names, or undefined. */
export function findJob(machine: Machine, uri: string): SimulatedJob | undefined {
  const id = uri.split('/').at(-1)?.toLowerCase();
  return machine.state.jobs.find((job) => job.id.toLowerCase() === id);
}

/** How far a job is, in percent; a job never says 100 before it ended. */
function percent(machine: Machine, job: SimulatedJob): number {
  if (job.phase === 'completed' || job.phase === 'failed') return 100;
  if (job.phase === 'scheduled') return 0;
  const seconds = (machine.now() - (job.started ?? job.created)) / 1000;
  return Math.min(99, Math.max(1, Math.round((seconds / Math.max(machine.timings.job, 0.001)) * 100)));
}

function dellJob(machine: Machine, uri: string, job: SimulatedJob): Resource {
  const reboot = {
    scheduled: 'RebootPending',
    running: 'RebootPending',
    completed: 'RebootCompleted',
    failed: 'RebootFailed',
  };
  const plain = { scheduled: 'Scheduled', running: 'Running', completed: 'Completed', failed: 'Failed' };
  return resource(uri, 'DellJob.v1_3_0', {
    Name: job.name,
    Description: 'Job Instance',
    JobType: job.type,
    JobState: (isReboot(job) ? reboot : plain)[job.phase],
    Message: job.message,
    MessageArgs: [],
    MessageId: { scheduled: 'PR20', running: 'PR21', completed: 'PR19', failed: 'PR21' }[job.phase],
    PercentComplete: percent(machine, job),
    StartTime: job.waitsForBoot ? 'TIME_NOW' : machine.time(job.created).slice(0, 19),
    EndTime: 'TIME_NA',
    ActualRunningStartTime: job.started === undefined ? null : machine.time(job.started),
    ActualRunningStopTime: job.ended === undefined ? null : machine.time(job.ended),
    CompletionTime: job.ended === undefined ? null : machine.time(job.ended).slice(0, 19),
    TargetSettingsURI: null,
  });
}

function standardJob(machine: Machine, uri: string, job: SimulatedJob): Resource {
  const { state, health, ...rest } = standardView(machine, job);
  return resource(uri, 'Job.v1_0_7', {
    JobState: state,
    JobStatus: health,
    CreatedTime: machine.time(job.created),
    ...rest,
  });
}

function task(machine: Machine, uri: string, job: SimulatedJob): Resource {
  const { state, health, ...rest } = standardView(machine, job);
  return resource(uri, 'Task.v1_5_1', { TaskState: state, TaskStatus: health, ...rest });
}

/** What a standard Job and a standard Task say alike. */
function standardView(machine: Machine, job: SimulatedJob) {
  const states = { scheduled: 'Pending', running: 'Running', completed: 'Completed', failed: 'Exception' };
  return {
    state: states[job.phase],
    health: job.phase === 'failed' ? 'Critical' : 'OK',
    Name: job.name,
    PercentComplete: percent(machine, job),
    StartTime: machine.time(job.started ?? job.created),
    ...(job.ended === undefined ? {} : { EndTime: machine.time(job.ended) }),
    Messages: [{ Message: job.message, MessageArgs: [], MessageId: 'PR19' }],
  };
}
