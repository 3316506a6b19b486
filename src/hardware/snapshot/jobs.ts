import type { BmcJob } from '../../contract/hardware.ts';
import type { Resource } from '../reader.ts';
import type { Collector } from './collector.ts';
import type { Entry } from './entry.ts';
import { at, byName, compact, firstText, idOf, link, number, text } from './values.ts';
import { locate } from './vendors/index.ts';

/** The job queue: the maker's own where it tells more, else JobService, and the tasks that neither of them lists. */
export async function readJobs(collector: Collector, entry: Entry): Promise<BmcJob[]> {
  const place = locate(entry.vendor.jobs, entry);
  const [own, tasks] = await Promise.all([
    place?.guessed === true ? collector.guess('jobs', place.uri) : collector.members('jobs', place?.uri),
    serviceMembers(collector, link(at(entry.root, 'Tasks')), 'Tasks'),
  ]);
  const jobs =
    own.length > 0 ? own : await serviceMembers(collector, link(at(entry.root, 'JobService')), 'Jobs');
  const found = new Map<string, BmcJob>();
  for (const job of [...jobs, ...tasks].map(jobOf)) if (!found.has(job.id)) found.set(job.id, job);
  return byName([...found.values()], (job) => job.id);
}

async function serviceMembers(collector: Collector, uri: string | undefined, name: string) {
  const service = await collector.resource('jobs', uri);
  return collector.members('jobs', link(at(service, name)));
}

/** Words of JobState, TaskState and Dell's JobState; lower case. A word not listed is unknown. */
const STATES: Readonly<Record<string, BmcJob['state']>> = {
  new: 'scheduled',
  scheduled: 'scheduled',
  scheduling: 'scheduled',
  pending: 'scheduled',
  waiting: 'scheduled',
  paused: 'scheduled',
  suspended: 'scheduled',
  interrupted: 'scheduled',
  downloaded: 'scheduled',
  readyforexecution: 'scheduled',
  rebootpending: 'scheduled',
  pendingactivation: 'scheduled',
  userintervention: 'scheduled',
  starting: 'running',
  running: 'running',
  continue: 'running',
  stopping: 'running',
  cancelling: 'running',
  service: 'running',
  downloading: 'running',
  completed: 'completed',
  rebootcompleted: 'completed',
  completedwitherrors: 'completed-with-errors',
  completedwithwarnings: 'completed-with-errors',
  exception: 'failed',
  failed: 'failed',
  rebootfailed: 'failed',
  cancelled: 'cancelled',
  canceled: 'cancelled',
  killed: 'cancelled',
};

function jobOf(resource: Resource): BmcJob {
  const word = firstText(at(resource, 'JobState'), at(resource, 'TaskState'));
  const verdict = firstText(at(resource, 'JobStatus'), at(resource, 'TaskStatus'));
  const state = STATES[(word ?? '').replace(/\s/g, '').toLowerCase()] ?? 'unknown';
  return compact({
    id: idOf(resource),
    uri: link(resource) ?? '',
    name: text(at(resource, 'Name')) ?? idOf(resource),
    state:
      state === 'completed' && /^(warning|critical)$/i.test(verdict ?? '') ? 'completed-with-errors' : state,
    percent: number(at(resource, 'PercentComplete')),
    message: firstText(at(resource, 'Message'), at(resource, 'Messages', '0', 'Message')),
    created: firstText(at(resource, 'CreationTime'), timeOf(at(resource, 'StartTime'))),
  });
}

/** Dell writes `TIME_NOW` and `TIME_NA` where there is no time. */
function timeOf(value: unknown): string | undefined {
  const word = text(value);
  return word !== undefined && /^\d{4}-/.test(word) ? word : undefined;
}
