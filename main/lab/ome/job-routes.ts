import { invalidValue, unknownUri } from './errors.ts';
import { JOB_TYPES } from './job-types.ts';
import { JOB_STATUS, addJob, findJob, startJob } from './jobs.ts';
import { idsOf, listOf, neededText, objectOf, textOf, timeOf } from './json.ts';
import { collection, single } from './query.ts';
import { type OmeCall, type Route, created, done, ok } from './router.ts';
import type { Execution, Job, Json } from './types.ts';

const PATH = '/api/JobService/Jobs';
const TYPE = 'JobService.Job';

/** The job service: types, jobs, their executions, and what each said of each device. */
export const jobRoutes: readonly Route[] = [
  ['GET', 'JobService/JobTypes', (call) => ok(listTypes(call))],
  ['GET', 'JobService/Jobs', (call) => ok(list(call, call.ome.state.jobs.map(jobView), PATH, TYPE))],
  ['POST', 'JobService/Jobs', (call) => created(single(jobView(submit(call)), { path: PATH, type: TYPE }))],
  ['GET', 'JobService/Jobs(#)', (call) => ok(single(jobView(jobOf(call)), { path: PATH, type: TYPE }))],
  ['GET', 'JobService/Jobs(#)/ExecutionHistories', (call) => ok(listExecutions(call))],
  [
    'GET',
    'JobService/Jobs(#)/ExecutionHistories(#)',
    (call) => ok(executionView(jobOf(call), executionOf(call))),
  ],
  [
    'GET',
    'JobService/Jobs(#)/ExecutionHistories(#)/ExecutionHistoryDetails',
    (call) => ok(listDetails(call)),
  ],
  ['GET', 'JobService/Jobs(#)/LastExecutionDetail', (call) => ok(lastDetail(call))],
  ['POST', 'JobService/Actions/JobService.RunJobs', runJobs],
];

function list(call: OmeCall, items: readonly Json[], path: string, type: string): Json {
  return collection(items, call.query, { path, type, pageSize: call.ome.pageSize });
}

function listTypes(call: OmeCall): Json {
  const types = Object.entries(JOB_TYPES).map(([name, id]) => typeView(name, id));
  return list(call, types, '/api/JobService/JobTypes', 'JobService.JobType');
}

/** Jobs that clients submit themselves: updates and inventories; all others belong to what they are for. */
function submit({ ome, body }: OmeCall): Job {
  const type = textOf(objectOf(body['JobType'])['Name']);
  if (type !== 'Update_Task' && type !== 'Inventory_Task') throw invalidValue('JobType');
  return addJob(ome, {
    name: neededText(body, 'JobName'),
    description: textOf(body['JobDescription']),
    type,
    schedule: textOf(body['Schedule']),
    targets: listOf(body['Targets']).map(objectOf),
    params: listOf(body['Params']).map(objectOf),
  });
}

function jobOf({ ome, params }: OmeCall): Job {
  const job = findJob(ome, Number(params[0]));
  if (job === undefined) throw unknownUri();
  return job;
}

function executionOf(call: OmeCall): Execution {
  const found = jobOf(call).executions.find(({ id }) => id === Number(call.params[1]));
  if (found === undefined) throw unknownUri();
  return found;
}

function listExecutions(call: OmeCall): Json {
  const job = jobOf(call);
  // Newest first, as OME has them.
  const items = job.executions.map((execution) => executionView(job, execution)).reverse();
  return list(call, items, `${PATH}(${job.id})/ExecutionHistories`, 'JobService.ExecutionHistory');
}

function listDetails(call: OmeCall): Json {
  const [job, execution] = [jobOf(call), executionOf(call)];
  const path = `${PATH}(${job.id})/ExecutionHistories(${execution.id})/ExecutionHistoryDetails`;
  return list(call, detailsOf(execution), path, 'JobService.ExecutionHistoryDetail');
}

function lastDetail(call: OmeCall): Json {
  const execution = jobOf(call).executions.at(-1);
  const detail = execution === undefined ? undefined : detailsOf(execution).at(-1);
  if (detail === undefined) throw unknownUri();
  return detail;
}

function runJobs({ ome, body }: OmeCall) {
  const jobs = idsOf(body['JobIds']).map((id) => findJob(ome, id));
  if (jobs.length === 0) throw invalidValue('JobIds');
  for (const job of jobs) {
    if (job === undefined) throw invalidValue('JobIds');
    startJob(ome, job);
  }
  ome.save();
  return done();
}

const typeView = (name: string, id: number): Json => ({ Id: id, Name: name, Internal: false });
const statusView = (id: number): Json => ({ Id: id, Name: JOB_STATUS[id] ?? 'Unknown' });

function jobView(job: Job): Json {
  const last = job.executions.at(-1);
  return {
    Id: job.id,
    JobName: job.name,
    JobDescription: job.description,
    NextRun: null,
    LastRun: timeOf(last?.started),
    StartTime: timeOf(last?.started),
    EndTime: timeOf(last?.ended),
    Schedule: job.schedule,
    State: 'Enabled',
    CreatedBy: job.createdBy,
    UpdatedBy: null,
    Visible: true,
    Editable: true,
    Builtin: false,
    UserGenerated: true,
    Targets: job.targets.map((target) => ({ JobId: job.id, ...target })),
    Params: job.params.map((param) => ({ ...param, JobId: job.id })),
    LastRunStatus: statusView(job.lastStatus),
    JobType: typeView(job.type, JOB_TYPES[job.type] ?? 0),
    JobStatus: statusView(job.status),
    'ExecutionHistories@odata.navigationLink': `${PATH}(${job.id})/ExecutionHistories`,
    'LastExecutionDetail@odata.navigationLink': `${PATH}(${job.id})/LastExecutionDetail`,
  };
}

function executionView(job: Job, execution: Execution): Json {
  return {
    Id: execution.id,
    JobName: job.name,
    Progress: execution.ended === undefined ? '0' : '100',
    StartTime: timeOf(execution.started),
    EndTime: timeOf(execution.ended),
    LastUpdateTime: timeOf(execution.ended ?? execution.started),
    ExecutedBy: job.createdBy,
    JobId: job.id,
    JobStatus: statusView(execution.status),
    'ExecutionHistoryDetails@odata.navigationLink': `${PATH}(${job.id})/ExecutionHistories(${execution.id})/ExecutionHistoryDetails`,
  };
}

function detailsOf(execution: Execution): readonly Json[] {
  return execution.results.map((result, index) => ({
    Id: execution.id * 1000 + index,
    Progress: '100',
    StartTime: timeOf(execution.started),
    EndTime: timeOf(execution.ended),
    ElapsedTime: elapsed((execution.ended ?? execution.started) - execution.started),
    Key: result.key,
    Value: result.text,
    ExecutionHistoryId: execution.id,
    JobStatus: statusView(result.status),
  }));
}

/** `00:01:05`. */
function elapsed(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}
