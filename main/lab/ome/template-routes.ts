import { devicesById } from './devices.ts';
import { invalidValue } from './errors.ts';
import { idsOf, neededText, objectOf, textOf, timeOf } from './json.ts';
import { assign, createProfiles } from './profiles.ts';
import { collection, single } from './query.ts';
import { type OmeCall, type Route, created, done, ok } from './router.ts';
import { attributeDetails, changed, fromProfileXml, numbered, toProfileXml } from './template-attributes.ts';
import { addTemplate, modelOf, readyTemplate, refuseTaken, templateById, templateView } from './templates.ts';
import type { Json, Template } from './types.ts';

const PATH = '/api/TemplateService/Templates';
const KIND = { path: PATH, type: 'TemplateService.Template' };
const VIEW_TYPES = ['None', 'Compliance', 'Deployment', 'Inventory', 'Sample'];
const TYPES = [
  [2, 'Server'],
  [3, 'Chassis'],
  [4, 'Switch'],
] as const;

/** Templates: made from a device, from XML or from another one; changed, exported, deployed. */
export const templateRoutes: readonly Route[] = [
  ['GET', 'TemplateService/TemplateViewTypes', listViewTypes],
  ['GET', 'TemplateService/TemplateTypes', listTypes],
  ['GET', 'TemplateService/Templates', (call) => ok(listTemplates(call))],
  ['POST', 'TemplateService/Templates', create],
  ['GET', 'TemplateService/Templates(#)', (call) => ok(single(view(templateOf(call)), KIND))],
  ['PUT', 'TemplateService/Templates(#)', modify],
  ['DELETE', 'TemplateService/Templates(#)', remove],
  ['GET', 'TemplateService/Templates(#)/AttributeDetails', (call) => ok(details(templateOf(call)))],
  ['POST', 'TemplateService/Actions/TemplateService.Import', importXml],
  ['POST', 'TemplateService/Actions/TemplateService.Export', exportXml],
  ['POST', 'TemplateService/Actions/TemplateService.Clone', clone],
  ['POST', 'TemplateService/Actions/TemplateService.Deploy', deploy],
];

function listViewTypes({ query }: OmeCall) {
  const items = VIEW_TYPES.map((name, id) => ({ Id: id, Description: name }));
  const path = '/api/TemplateService/TemplateViewTypes';
  return ok(collection(items, query, { path, type: 'TemplateService.TemplateViewType', pageSize: 50 }));
}

function listTypes({ query }: OmeCall) {
  const items = TYPES.map(([id, name]) => ({ Id: id, Name: name }));
  const path = '/api/TemplateService/TemplateTypes';
  return ok(collection(items, query, { path, type: 'TemplateService.TemplateType', pageSize: 50 }));
}

function listTemplates({ ome, query }: OmeCall): Json {
  return collection(ome.state.templates.map(view), query, { ...KIND, pageSize: ome.pageSize });
}

function create({ ome, body }: OmeCall) {
  const template = addTemplate(ome, {
    name: neededText(body, 'Name'),
    description: textOf(body['Description']),
    viewTypeId: body['ViewTypeId'],
    typeId: body['TypeId'],
    sourceDeviceId: Number(body['SourceDeviceId']),
  });
  return created(template.id);
}

function modify(call: OmeCall) {
  const { ome, body } = call;
  const template = templateOf(call);
  const name = neededText(body, 'Name');
  if (name !== template.name) refuseTaken(ome, name);
  const next: Template = {
    ...template,
    name,
    description: textOf(body['Description'] ?? template.description),
    attributes: changed(template.attributes, body['Attributes']),
    updatedAt: ome.now(),
  };
  ome.state.templates = ome.state.templates.map((other) => (other.id === template.id ? next : other));
  ome.save();
  return ok(template.id);
}

function remove(call: OmeCall) {
  const { ome } = call;
  const template = templateOf(call);
  ome.state.templates = ome.state.templates.filter((other) => other !== template);
  ome.save();
  return done();
}

function importXml({ ome, body }: OmeCall) {
  const content = neededText(body, 'Content');
  if (fromProfileXml(content, 0) === undefined) throw invalidValue('Content');
  const template = addTemplate(ome, {
    name: neededText(body, 'Name'),
    viewTypeId: body['ViewTypeId'],
    typeId: body['Type'],
    attributes: (id) => fromProfileXml(content, id) ?? [],
  });
  return ok(template.id);
}

function exportXml({ ome, body }: OmeCall) {
  const template = readyTemplate(ome, body['TemplateId']);
  return ok({ TemplateId: template.id, Content: toProfileXml(template.attributes, modelOf(ome, template)) });
}

function clone({ ome, body }: OmeCall) {
  const source = readyTemplate(ome, body['SourceTemplateId']);
  const template = addTemplate(ome, {
    name: neededText(body, 'NewTemplateName'),
    description: source.description,
    viewTypeId: body['ViewTypeId'] ?? source.viewTypeId,
    typeId: source.typeId,
    attributes: (id) => numbered(source.attributes, id),
  });
  return ok(template.id);
}

/** A deployment makes a profile for each device and assigns it; one job carries all of them. Answers the job's id. */
function deploy({ ome, body }: OmeCall) {
  const template = readyTemplate(ome, body['Id']);
  const devices = devicesById(ome, idsOf(body['TargetIds']));
  if (devices.length === 0) throw invalidValue('TargetIds');
  const prefix = `Profile from template ${template.name}`;
  const profiles = createProfiles(ome, {
    template,
    prefix,
    count: devices.length,
    description: '',
    bootIso: null,
  });
  const overrides = Array.isArray(body['Attributes']) ? body['Attributes'].map(objectOf) : [];
  const pairs = profiles.map((profile, index) => ({ profile, device: devices[index] }));
  const jobId = assign(
    ome,
    pairs.flatMap(({ profile, device }) => {
      const own = overrides.find((one) => one['DeviceId'] === device?.id)?.['Attributes'];
      return device === undefined ? [] : [{ profile, device, changes: own }];
    }),
    body,
  );
  return ok(jobId);
}

function templateOf({ ome, params }: OmeCall): Template {
  return templateById(ome, params[0]);
}

const view = (template: Template): Json => templateView(template, timeOf);

function details(template: Template): Json {
  return attributeDetails(template.id, template.name, template.attributes);
}
