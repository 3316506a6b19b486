import { devicesById, takeInventory } from './devices.ts';
import { invalidValue, refusal, unknownUri } from './errors.ts';
import { componentReports, deviceReport } from './firmware-report.ts';
import { devicesOfGroups } from './groups.ts';
import { addJob, findJob, forEach, startJob } from './jobs.ts';
import { idsOf, listOf, neededText, objectOf, textOf, timeOf } from './json.ts';
import { collection, single } from './query.ts';
import { type OmeCall, type Route, created, done, ok } from './router.ts';
import type { Baseline, Device, Job, JobResult, Json, Ome } from './types.ts';

const PATH = '/api/UpdateService/Baselines';
const TYPE = 'UpdateService.Baselines';

/** Firmware baselines: devices held against a catalog. */
export const baselineRoutes: readonly Route[] = [
  ['GET', 'UpdateService/Baselines', (call) => ok(listBaselines(call))],
  ['POST', 'UpdateService/Baselines', create],
  ['GET', 'UpdateService/Baselines(#)', (call) => ok(shown(call.ome, baselineOf(call)))],
  ['PUT', 'UpdateService/Baselines(#)', modify],
  ['GET', 'UpdateService/Baselines(#)/DeviceComplianceReports', (call) => ok(listReports(call))],
  ['POST', 'UpdateService/Actions/UpdateService.RemoveBaselines', remove],
  [
    'POST',
    'UpdateService/Actions/UpdateService.GetBaselinesReportByDeviceids',
    (call) => ok(reportsByDevice(call)),
  ],
];

/** The job of a baseline: reads each device anew and holds it against the catalog. */
export async function runBaselineJob(ome: Ome, job: Job): Promise<readonly JobResult[]> {
  const baseline = ome.state.baselines.find(({ taskId }) => taskId === job.id);
  if (baseline === undefined) return [];
  const results = await forEach(
    devicesOf(ome, baseline),
    (device) => device.tag,
    async (device) => {
      await takeInventory(ome, device.access);
      return 'The compliance of the device was checked.';
    },
  );
  refreshBaseline(ome, baseline);
  return results;
}

/** Works the reports of a baseline out from the inventories as they are. */
export function refreshBaseline(ome: Ome, baseline: Baseline): void {
  const catalog = ome.state.catalogs.find(({ id }) => id === baseline.payload['CatalogId']);
  const isDowngradeAllowed = baseline.payload['DowngradeEnabled'] === true;
  const reports = devicesOf(ome, baseline).map((device) =>
    deviceReport(device, componentReports(device, catalog?.packages ?? [], isDowngradeAllowed)),
  );
  const changed = { ...baseline, reports, lastRun: ome.now() };
  ome.state.baselines = ome.state.baselines.map((other) => (other.id === baseline.id ? changed : other));
}

function devicesOf(ome: Ome, { payload }: Pick<Baseline, 'payload'>): readonly Device[] {
  const targets = listOf(payload['Targets']).map(objectOf);
  const isGroup = (target: Json) => textOf(objectOf(target['Type'])['Name']) === 'GROUP';
  const ids = (of: readonly Json[]) => of.map((target) => Number(target['Id']));
  return [
    ...new Set([
      ...devicesById(ome, ids(targets.filter((target) => !isGroup(target)))),
      ...devicesOfGroups(ome, ids(targets.filter(isGroup))),
    ]),
  ];
}

function checked(ome: Ome, body: Json, own?: number): Json {
  const name = neededText(body, 'Name');
  if (ome.state.baselines.some(({ id, payload }) => id !== own && payload['Name'] === name))
    throw refusal(400, 'CUPD3015', `A baseline with the name  ${name}  already exists.`, { args: [name] });
  if (!ome.state.catalogs.some(({ id }) => id === body['CatalogId'])) throw invalidValue('CatalogId');
  if (listOf(body['Targets']).length === 0) throw invalidValue('Targets');
  devicesOf(ome, { payload: body });
  return body;
}

function create({ ome, body }: OmeCall) {
  const payload = checked(ome, body);
  const [id, taskId] = [ome.takeId(), ome.takeId()];
  const baseline: Baseline = { id, taskId, payload, reports: [] };
  ome.state.baselines = [...ome.state.baselines, baseline];
  addJob(ome, { id: taskId, name: `Baseline ${textOf(body['Name'])}`, type: 'Baseline_Task' });
  return created(shown(ome, baseline));
}

function modify(call: OmeCall) {
  const { ome, body } = call;
  const baseline = baselineOf(call);
  const changed = { ...baseline, payload: checked(ome, body, baseline.id) };
  ome.state.baselines = ome.state.baselines.map((other) => (other.id === baseline.id ? changed : other));
  const job = findJob(ome, baseline.taskId);
  if (job !== undefined) startJob(ome, job);
  ome.save();
  return ok(shown(ome, changed));
}

function remove({ ome, body }: OmeCall) {
  const ids = idsOf(body['BaselineIds']);
  if (ids.length === 0 || !ids.every((id) => ome.state.baselines.some((one) => one.id === id)))
    throw invalidValue('BaselineIds');
  ome.state.baselines = ome.state.baselines.filter(({ id }) => !ids.includes(id));
  ome.save();
  return done();
}

function baselineOf({ ome, params }: OmeCall): Baseline {
  const found = ome.state.baselines.find(({ id }) => id === Number(params[0]));
  if (found === undefined) throw unknownUri();
  return found;
}

function listBaselines({ ome, query }: OmeCall): Json {
  const items = ome.state.baselines.map((baseline) => view(ome, baseline));
  return collection(items, query, { path: PATH, type: TYPE, pageSize: ome.pageSize });
}

function listReports(call: OmeCall): Json {
  const { id, reports } = baselineOf(call);
  const path = `${PATH}(${id})/DeviceComplianceReports`;
  const kind = { path, type: 'UpdateService.DeviceComplianceReport', pageSize: call.ome.pageSize };
  return collection(reports, call.query, kind);
}

/** CUPD3090 is what the module ome_firmware_baseline_compliance_info takes for "in no baseline". */
function reportsByDevice({ ome, body }: OmeCall): readonly Json[] {
  const ids = idsOf(body['Ids']);
  const found = ome.state.baselines.flatMap((baseline) => {
    const reports = baseline.reports.filter((report) => ids.includes(Number(report['DeviceId'])));
    return reports.length === 0 ? [] : [{ ...view(ome, baseline), DeviceComplianceReports: reports }];
  });
  if (found.length > 0) return found;
  throw refusal(
    400,
    'CUPD3090',
    'Unable to retrieve baseline list either because the device ID(s) entered are invalid, the ID(s) provided are not associated with a baseline or a group is used as a target for a baseline.',
    { resolution: 'Make sure the entered device ID(s) are valid and retry the operation.' },
  );
}

const shown = (ome: Ome, baseline: Baseline): Json => single(view(ome, baseline), { path: PATH, type: TYPE });

function view(ome: Ome, { id, taskId, payload, reports, lastRun }: Baseline): Json {
  const catalog = ome.state.catalogs.find((one) => one.id === payload['CatalogId']);
  const repository = objectOf(catalog?.payload['Repository']);
  const count = (status: string) => reports.filter((report) => report['ComplianceStatus'] === status).length;
  const worst = ['CRITICAL', 'WARNING', 'DOWNGRADE'].find((status) => count(status) > 0);
  return {
    Id: id,
    Name: payload['Name'],
    Description: payload['Description'] ?? null,
    CatalogId: payload['CatalogId'],
    RepositoryId: payload['RepositoryId'],
    RepositoryName: repository['Name'] ?? null,
    RepositoryType: repository['RepositoryType'] ?? null,
    LastRun: timeOf(lastRun),
    DowngradeEnabled: payload['DowngradeEnabled'] === true,
    Is64Bit: payload['Is64Bit'] === true,
    TaskId: taskId,
    TaskStatusId: findJob(ome, taskId)?.lastStatus ?? 0,
    ComplianceSummary: {
      ComplianceStatus: worst ?? 'OK',
      NumberOfCritical: count('CRITICAL'),
      NumberOfWarning: count('WARNING'),
      NumberOfNormal: count('OK'),
      NumberOfDowngrade: count('DOWNGRADE'),
    },
    Targets: payload['Targets'],
    DeviceComplianceReports: [],
    'DeviceComplianceReports@odata.navigationLink': `${PATH}(${id})/DeviceComplianceReports`,
  };
}
