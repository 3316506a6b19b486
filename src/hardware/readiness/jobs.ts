import type { BmcJob } from '../../contract/hardware.ts';
import { type Draft, repair, type Seen } from './finding.ts';

/** A failed job older than this is history, not a reason to look before a run. */
const RECENT_DAYS = 7;

/** iDRAC keeps 256 jobs and refuses the next one (JobService.ServiceCapabilities.MaxJobs); others keep fewer. */
const NEARLY_FULL = 230;

/** Jobs that a run would collide with, jobs that failed lately, and a queue that is nearly full. */
export function checkJobs({ snapshot, now }: Seen): Draft[] {
  const { jobs } = snapshot;
  const findings = jobs.flatMap((job) => pending(job) ?? []);
  const failed = jobs.filter((job) => job.state === 'failed' || job.state === 'completed-with-errors');
  findings.push(...failed.filter((job) => isRecent(job, now)).map(failure));
  if (jobs.length >= NEARLY_FULL) findings.push(full(jobs));
  return findings;
}

function pending(job: BmcJob): Draft | undefined {
  if (job.state !== 'scheduled' && job.state !== 'running') return undefined;
  const running = job.state === 'running';
  const percent = running && job.percent !== undefined ? ` (${job.percent} %)` : '';
  return {
    severity: 'warning',
    code: 'bmc.job_pending',
    message: running
      ? `Job ${job.id} (${job.name}) is running${percent}; the BMC refuses changes until it is done.`
      : `Job ${job.id} (${job.name}) waits in the queue and would run at the next restart.`,
    seen: job.state,
    wanted: 'no open job',
    repair: running
      ? repair(`Wait until job ${job.id} is done.`)
      : repair(`Delete job ${job.id} if nobody waits for it.`, removal(job)),
  };
}

function failure(job: BmcJob): Draft {
  const reason = job.message === undefined ? '' : `: ${job.message}`;
  return {
    severity: 'warning',
    code: 'bmc.job_failed',
    message: `Job ${job.id} (${job.name}) ${job.state === 'failed' ? 'failed' : 'ended with errors'}${reason}`,
    seen: job.state,
    repair: repair(`Look at the reason, then delete job ${job.id}.`, removal(job)),
  };
}

function isRecent(job: BmcJob, now: Date): boolean {
  const created = job.created === undefined ? Number.NaN : Date.parse(job.created);
  return Number.isNaN(created) || now.getTime() - created < RECENT_DAYS * 86_400_000;
}

function removal({ uri }: BmcJob) {
  return uri === '' ? undefined : ({ method: 'DELETE', uri } as const);
}

function full(jobs: readonly BmcJob[]): Draft {
  const manager = jobs
    .map((job) => /^(.*\/Managers\/[^/]+)\/(Oem\/Dell\/)?Jobs\//i.exec(job.uri)?.[1])
    .find(Boolean);
  return {
    severity: 'warning',
    code: 'bmc.job_queue_full',
    message: `The job queue holds ${jobs.length} jobs; when it is full the BMC refuses new ones.`,
    seen: String(jobs.length),
    wanted: `fewer than ${NEARLY_FULL}`,
    repair: repair(
      'Clear the job queue.',
      manager === undefined
        ? undefined
        : {
            method: 'POST',
            uri: `${manager}/Oem/Dell/DellJobService/Actions/DellJobService.DeleteJobQueue`,
            body: { JobID: 'JID_CLEARALL' },
          },
    ),
  };
}
