import { targetsOf } from './discovery.ts';
import { refusal, unknownUri } from './errors.ts';
import { addJob, findJob, startJob } from './jobs.ts';
import { idsOf, listOf, neededText, objectOf, timeOf } from './json.ts';
import { collection, single } from './query.ts';
import { type OmeCall, type Route, created, done, ok } from './router.ts';
import type { Discovery, Json, Ome } from './types.ts';

const PATH = '/api/DiscoveryConfigService/DiscoveryConfigGroups';
const TYPE = 'DiscoveryConfigService.DiscoveryConfigGroup';

/** What can be discovered by which protocol; the simulator itself speaks Redfish to servers. */
const PROTOCOLS = [
  ...['WSMAN', 'REDFISH', 'SNMP', 'IPMI', 'SSH', 'VMWARE'].map((name) => [name, 'SERVER', 1000] as const),
  ...['WSMAN', 'REDFISH'].map((name) => [name, 'CHASSIS', 2000] as const),
  ['SNMP', 'NETWORK SWITCH', 7000] as const,
  ...['STORAGE', 'SNMP'].map((name) => [name, 'DELL STORAGE', 5000] as const),
];

/** Discovery groups and their jobs. */
export const discoveryRoutes: readonly Route[] = [
  ['GET', 'DiscoveryConfigService/ProtocolToDeviceType', (call) => ok(listProtocols(call))],
  ['GET', 'DiscoveryConfigService/DiscoveryConfigGroups', (call) => ok(listDiscoveries(call))],
  ['POST', 'DiscoveryConfigService/DiscoveryConfigGroups', create],
  ['GET', 'DiscoveryConfigService/DiscoveryConfigGroups(#)', (call) => ok(view(discoveryOf(call)))],
  ['PUT', 'DiscoveryConfigService/DiscoveryConfigGroups(#)', modify],
  ['GET', 'DiscoveryConfigService/Jobs', (call) => ok(listJobs(call))],
  ['GET', 'DiscoveryConfigService/Jobs(#)', (call) => ok(jobOf(call))],
  ['POST', 'DiscoveryConfigService/Actions/DiscoveryConfigService.RemoveDiscoveryGroup', remove],
];

function listProtocols({ query }: OmeCall): Json {
  const items = PROTOCOLS.map(([protocol, device, id], index) => ({
    ProtocolId: index + 1,
    ProtocolName: protocol,
    DeviceTypeId: id,
    DeviceTypeName: device,
  }));
  const path = '/api/DiscoveryConfigService/ProtocolToDeviceType';
  return collection(items, query, {
    path,
    type: 'DiscoveryConfigService.ProtocolToDeviceType',
    pageSize: 100,
  });
}

function listDiscoveries({ ome, query }: OmeCall): Json {
  return collection(ome.state.discoveries.map(view), query, {
    path: PATH,
    type: TYPE,
    pageSize: ome.pageSize,
  });
}

function create({ ome, body }: OmeCall) {
  const name = neededText(body, 'DiscoveryConfigGroupName');
  const expected = targetsOf(body).length;
  const [id, jobId] = [ome.takeId(), ome.takeId()];
  const discovery: Discovery = { id, jobId, payload: body, expected, discovered: 0, updatedAt: ome.now() };
  ome.state.discoveries = [...ome.state.discoveries, discovery];
  const { Cron: cron } = objectOf(body['Schedule']);
  addJob(ome, {
    id: jobId,
    name,
    description: 'Discovery of devices',
    type: 'Discovery_Task',
    schedule: typeof cron === 'string' ? cron : 'startnow',
  });
  return created(single(view(discovery), { path: PATH, type: TYPE }));
}

function modify(call: OmeCall) {
  const { ome, body } = call;
  const discovery = discoveryOf(call);
  const job = findJob(ome, discovery.jobId);
  if (job?.lastStatus === 2050)
    throw refusal(400, 'CDIS9005', 'Unable to change the discovery because its task is running.');
  const changed = { ...discovery, payload: body, expected: targetsOf(body).length, discovered: 0 };
  ome.state.discoveries = ome.state.discoveries.map((other) => (other.id === changed.id ? changed : other));
  if (job !== undefined && objectOf(body['Schedule'])['RunLater'] !== true) startJob(ome, job);
  ome.save();
  return ok(single(view(changed), { path: PATH, type: TYPE }));
}

function remove({ ome, body }: OmeCall) {
  const ids = idsOf(body['DiscoveryGroupIds']);
  const gone = ome.state.discoveries.filter(({ id }) => ids.includes(id));
  if (gone.length !== ids.length)
    throw refusal(400, 'CDIS9001', 'Unable to remove the discovery because it does not exist.');
  const jobs = gone.map(({ jobId }) => jobId);
  ome.state.discoveries = ome.state.discoveries.filter((one) => !gone.includes(one));
  ome.state.jobs = ome.state.jobs.filter(({ id }) => !jobs.includes(id));
  ome.save();
  return done();
}

function discoveryOf({ ome, params }: OmeCall): Discovery {
  const found = ome.state.discoveries.find(({ id }) => id === Number(params[0]));
  if (found === undefined) throw unknownUri();
  return found;
}

function listJobs({ ome, query }: OmeCall): Json {
  const items = ome.state.discoveries.map((discovery) => jobView(ome, discovery));
  const path = '/api/DiscoveryConfigService/Jobs';
  return collection(items, query, {
    path,
    type: 'DiscoveryConfigService.DiscoveryJob',
    pageSize: ome.pageSize,
  });
}

function jobOf({ ome, params }: OmeCall): Json {
  const discovery = ome.state.discoveries.find(({ jobId }) => jobId === Number(params[0]));
  if (discovery === undefined) throw unknownUri();
  return jobView(ome, discovery);
}

function jobView(ome: Ome, discovery: Discovery): Json {
  const job = findJob(ome, discovery.jobId);
  return {
    JobId: discovery.jobId,
    JobName: job?.name ?? '',
    JobSchedule: job?.schedule ?? '',
    DiscoveryConfigGroupId: discovery.id,
    CreatedBy: job?.createdBy ?? '',
    UpdatedBy: null,
    JobEnabled: true,
    JobStatusId: job?.lastStatus ?? 2200,
    JobStartTime: timeOf(job?.executions.at(-1)?.started),
    JobEndTime: timeOf(job?.executions.at(-1)?.ended),
    LastUpdateTime: timeOf(discovery.updatedAt),
    DiscoveryConfigExpectedDeviceCount: discovery.expected,
    DiscoveryConfigDiscoveredDeviceCount: discovery.discovered,
  };
}

function view(discovery: Discovery): Json {
  const { payload } = discovery;
  return {
    DiscoveryConfigGroupId: discovery.id,
    DiscoveryConfigGroupName: payload['DiscoveryConfigGroupName'],
    DiscoveryConfigGroupDescription: payload['DiscoveryConfigGroupDescription'] ?? '',
    DiscoveryStatusEmailRecipient: payload['DiscoveryStatusEmailRecipient'] ?? '',
    DiscoveryConfigParentGroupId: 0,
    CreateGroup: payload['CreateGroup'] ?? false,
    TrapDestination: payload['TrapDestination'] ?? false,
    CommunityString: payload['CommunityString'] ?? false,
    UseAllProfiles: payload['UseAllProfiles'] ?? false,
    // A connection profile holds passwords and is never shown.
    DiscoveryConfigModels: listOf(payload['DiscoveryConfigModels'])
      .map(objectOf)
      .map(({ ConnectionProfile: _, ...model }) => model),
    DiscoveryConfigTaskParam: [{ TaskId: discovery.jobId, TaskTypeId: 101, ExecutionSequence: 0 }],
    DiscoveryConfigTasks: [],
    Schedule: payload['Schedule'] ?? { RunNow: true, RunLater: false, Cron: 'startnow' },
  };
}
