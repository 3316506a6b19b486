import { complianceDevices } from './compliance.ts';
import { invalidValue, refusal, unknownUri } from './errors.ts';
import { addJob, findJob, startJob } from './jobs.ts';
import { idsOf, listOf, neededText, objectOf, textOf, timeOf } from './json.ts';
import { collection, single } from './query.ts';
import { type OmeCall, type Route, created, done, ok } from './router.ts';
import { readyTemplate, templateName } from './templates.ts';
import type { ComplianceBaseline, ComplianceReport, Json, Ome } from './types.ts';

const PATH = '/api/TemplateService/Baselines';
const TYPE = 'TemplateService.Baseline';

/** Configuration compliance: devices held against a template, and set right. */
export const complianceRoutes: readonly Route[] = [
  ['GET', 'TemplateService/Baselines', (call) => ok(listBaselines(call))],
  ['POST', 'TemplateService/Baselines', create],
  ['GET', 'TemplateService/Baselines(#)', (call) => ok(shown(call.ome, baselineOf(call)))],
  ['PUT', 'TemplateService/Baselines(#)', modify],
  ['GET', 'TemplateService/Baselines(#)/DeviceConfigComplianceReports', (call) => ok(listReports(call))],
  [
    'GET',
    'TemplateService/Baselines(#)/DeviceConfigComplianceReports(#)/DeviceComplianceDetails',
    (call) => ok(details(call)),
  ],
  ['POST', 'TemplateService/Actions/TemplateService.RemoveBaseline', remove],
  ['POST', 'TemplateService/Actions/TemplateService.Remediate', remediate],
];

function fieldsOf(ome: Ome, body: Json, own?: number) {
  const name = neededText(body, 'Name');
  if (ome.state.complianceBaselines.some((other) => other.id !== own && other.name === name))
    throw refusal(400, 'CTEM1207', `A baseline with the name  ${name}  already exists.`, { args: [name] });
  const targetIds = idsOf(listOf(body['BaselineTargets']).map((target) => objectOf(target)['Id']));
  if (targetIds.length === 0) throw invalidValue('BaselineTargets');
  complianceDevices(ome, targetIds);
  const templateId = readyTemplate(ome, body['TemplateId']).id;
  return { name, targetIds, templateId, description: textOf(body['Description']) };
}

function create({ ome, body }: OmeCall) {
  const fields = fieldsOf(ome, body);
  const [id, taskId] = [ome.takeId(), ome.takeId()];
  const baseline: ComplianceBaseline = { id, taskId, ...fields, reports: [] };
  ome.state.complianceBaselines = [...ome.state.complianceBaselines, baseline];
  addJob(ome, { id: taskId, name: `Compliance ${fields.name}`, type: 'Config_Compliance_Task' });
  return created(shown(ome, baseline));
}

function modify(call: OmeCall) {
  const { ome, body } = call;
  const baseline = baselineOf(call);
  const next = { ...baseline, ...fieldsOf(ome, body, baseline.id), reports: [] };
  ome.state.complianceBaselines = ome.state.complianceBaselines.map((other) =>
    other === baseline ? next : other,
  );
  const job = findJob(ome, baseline.taskId);
  if (job !== undefined) startJob(ome, job);
  ome.save();
  return ok(shown(ome, next));
}

function remove({ ome, body }: OmeCall) {
  const ids = idsOf(body['BaselineIds']);
  const known = ome.state.complianceBaselines.filter(({ id }) => ids.includes(id));
  if (ids.length === 0 || known.length !== ids.length) throw invalidValue('BaselineIds');
  ome.state.complianceBaselines = ome.state.complianceBaselines.filter(
    (baseline) => !known.includes(baseline),
  );
  ome.save();
  return done();
}

/** Devices come as TargetIds or as DeviceIds, by the version of OME that a module believes in. */
function remediate({ ome, body }: OmeCall) {
  const baseline = ome.state.complianceBaselines.find(({ id }) => id === Number(body['Id']));
  if (baseline === undefined) throw invalidValue('Id');
  const ids = idsOf(body['TargetIds'] ?? body['DeviceIds']);
  const devices = complianceDevices(ome, ids.length === 0 ? baseline.targetIds : ids);
  const job = addJob(ome, {
    name: `Remediate ${baseline.name}`,
    type: 'Remediation_Task',
    targets: devices.map(({ id }) => ({ Id: id, Data: '', TargetType: { Id: 1000, Name: 'DEVICE' } })),
    params: [{ Key: 'baselineId', Value: String(baseline.id) }],
  });
  return ok(job.id);
}

function baselineOf({ ome, params }: OmeCall): ComplianceBaseline {
  const found = ome.state.complianceBaselines.find(({ id }) => id === Number(params[0]));
  if (found === undefined) throw unknownUri();
  return found;
}

function listBaselines({ ome, query }: OmeCall): Json {
  const items = ome.state.complianceBaselines.map((baseline) => view(ome, baseline));
  return collection(items, query, { path: PATH, type: TYPE, pageSize: ome.pageSize });
}

function listReports(call: OmeCall): Json {
  const { id, reports } = baselineOf(call);
  const path = `${PATH}(${id})/DeviceConfigComplianceReports`;
  const kind = { path, type: 'TemplateService.DeviceConfigComplianceReport', pageSize: call.ome.pageSize };
  return collection(
    reports.map((report) => reportView(call.ome, report)),
    call.query,
    kind,
  );
}

function details(call: OmeCall): Json {
  const report = baselineOf(call).reports.find(({ deviceId }) => deviceId === Number(call.params[1]));
  if (report === undefined) throw unknownUri();
  const differs = report.differing.length > 0;
  const reason = differs
    ? 'One or more attributes on the target device(s) does not match the compliance template.'
    : null;
  const group = { ComplianceStatus: differs ? 2 : 1, ComplianceReason: reason, GroupNameId: 1 };
  const attributes = report.differing.map(({ name, wanted, seen }, index) => ({
    AttributeId: report.deviceId * 1000 + index,
    CustomId: 0,
    DisplayName: name,
    Description: null,
    Value: seen,
    ExpectedValue: wanted,
    ComplianceStatus: 3,
    ComplianceReason: 'Attribute has different value from template',
  }));
  const settings = {
    ...group,
    DisplayName: 'BIOS Settings',
    ComplianceSubAttributeGroups: [],
    Attributes: attributes,
  };
  return {
    ...reportView(call.ome, report),
    ComplianceAttributeGroups: [
      { ...group, DisplayName: 'BIOS', ComplianceSubAttributeGroups: [settings], Attributes: [] },
    ],
  };
}

function reportView(ome: Ome, report: ComplianceReport): Json {
  const device = ome.state.devices.find(({ id }) => id === report.deviceId);
  return {
    Id: report.deviceId,
    DeviceName: device?.hostName ?? '',
    IpAddress: device?.access.address ?? '',
    Model: device?.model ?? '',
    ServiceTag: device?.tag ?? '',
    ComplianceStatus: report.differing.length === 0 ? 'COMPLIANT' : 'NONCOMPLIANT',
    DeviceType: 1000,
    InventoryTime: timeOf(device?.inventoriedAt),
  };
}

const shown = (ome: Ome, baseline: ComplianceBaseline): Json =>
  single(view(ome, baseline), { path: PATH, type: TYPE });

function view(ome: Ome, baseline: ComplianceBaseline): Json {
  const job = findJob(ome, baseline.taskId);
  const bad = baseline.reports.filter(({ differing }) => differing.length > 0).length;
  const isGroup = (id: number) => ome.state.groups.some((group) => group.id === id);
  return {
    Id: baseline.id,
    Name: baseline.name,
    Description: baseline.description === '' ? null : baseline.description,
    TemplateId: baseline.templateId,
    TemplateName: templateName(ome, baseline.templateId),
    TemplateType: 2,
    TaskId: baseline.taskId,
    PercentageComplete: job?.lastStatus === 2050 ? '0' : '100',
    TaskStatus: job?.lastStatus ?? 2200,
    LastRun: timeOf(baseline.lastRun),
    BaselineTargets: baseline.targetIds.map((id) => ({
      Id: id,
      Type: isGroup(id) ? { Id: 2000, Name: 'GROUP' } : { Id: 1000, Name: 'DEVICE' },
    })),
    ConfigComplianceSummary: {
      ComplianceStatus: bad > 0 ? 'CRITICAL' : 'OK',
      NumberOfCritical: bad,
      NumberOfWarning: 0,
      NumberOfNormal: baseline.reports.length - bad,
      NumberOfIncomplete: 0,
    },
    'DeviceConfigComplianceReports@odata.navigationLink': `${PATH}(${baseline.id})/DeviceConfigComplianceReports`,
  };
}
