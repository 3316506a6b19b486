import { devicesById } from './devices.ts';
import { invalidValue, refusal, unknownUri } from './errors.ts';
import { parseFilter } from './filter.ts';
import { findJob } from './jobs.ts';
import { idsOf, neededText, objectOf, textOf, timeOf } from './json.ts';
import { assign, createProfiles, unassign } from './profiles.ts';
import { collection, single } from './query.ts';
import { type OmeCall, type Route, created, done, ok } from './router.ts';
import { attributeDetails, changed } from './template-attributes.ts';
import { readyTemplate, templateName } from './templates.ts';
import type { Json, Ome, Profile } from './types.ts';

const KIND = { path: '/api/ProfileService/Profiles', type: 'ProfileService.Profile' };
const ACTION = 'ProfileService/Actions/ProfileService';

/** Profiles: made of templates, brought to devices, moved and taken away. */
export const profileRoutes: readonly Route[] = [
  ['GET', 'ProfileService/Profiles', (call) => ok(listProfiles(call))],
  ['POST', 'ProfileService/Profiles', create],
  ['GET', 'ProfileService/Profiles(#)', (call) => ok(single(view(call.ome, profileOf(call)), KIND))],
  ['PUT', 'ProfileService/Profiles(#)', modify],
  ['DELETE', 'ProfileService/Profiles(#)', (call) => remove(call.ome, [profileOf(call)])],
  ['GET', 'ProfileService/Profiles(#)/AttributeDetails', (call) => ok(details(profileOf(call)))],
  ['POST', `${ACTION}.AssignProfile`, assignOne],
  ['POST', `${ACTION}.AssignProfileForAutoDeploy`, assignLater],
  ['POST', `${ACTION}.GetInvalidTargetsForAssignProfile`, (call) => ok(invalidTargets(call))],
  ['POST', `${ACTION}.UnassignProfiles`, takeAway],
  ['POST', `${ACTION}.MigrateProfile`, migrate],
  ['POST', `${ACTION}.Delete`, (call) => remove(call.ome, chosen(call))],
];

function listProfiles({ ome, query }: OmeCall): Json {
  const items = ome.state.profiles.map((profile) => view(ome, profile));
  return collection(items, query, { ...KIND, pageSize: ome.pageSize });
}

function create({ ome, body }: OmeCall) {
  const count = Number(body['NumberOfProfilesToCreate']);
  if (!Number.isInteger(count) || count < 1 || count > 100) throw invalidValue('NumberOfProfilesToCreate');
  const profiles = createProfiles(ome, {
    template: readyTemplate(ome, body['TemplateId']),
    prefix: neededText(body, 'NamePrefix'),
    count,
    description: textOf(body['Description']),
    bootIso: body['NetworkBootToIso'] ?? null,
  });
  return created(profiles.map(({ id }) => id));
}

function modify(call: OmeCall) {
  const { ome, body } = call;
  const profile = profileOf(call);
  const name = neededText(body, 'Name');
  if (ome.state.profiles.some((other) => other !== profile && other.name === name))
    throw refusal(400, 'CTEM9005', `A profile with the name  ${name}  already exists.`, { args: [name] });
  const next: Profile = {
    ...profile,
    name,
    description: textOf(body['Description'] ?? profile.description),
    bootIso: body['NetworkBootToIso'] ?? profile.bootIso,
    attributes: changed(profile.attributes, body['Attributes']),
  };
  ome.state.profiles = ome.state.profiles.map((other) => (other === profile ? next : other));
  ome.save();
  return ok(profile.id);
}

function remove(ome: Ome, profiles: readonly Profile[]) {
  if (profiles.some(({ state }) => state > 0))
    throw refusal(400, 'CTEM9004', 'Unable to delete a profile that is assigned to a device.', {
      resolution: 'Unassign the profile and retry the operation.',
    });
  ome.state.profiles = ome.state.profiles.filter((profile) => !profiles.includes(profile));
  ome.save();
  return done();
}

function assignOne({ ome, body }: OmeCall) {
  const profile = profileById(ome, body['Id']);
  if (profile.state > 0 && findJob(ome, profile.taskId)?.lastStatus !== 2070)
    throw refusal(400, 'CTEM9003', `The profile  ${profile.name}  is assigned already.`, {
      args: [profile.name],
    });
  const [device] = devicesById(ome, [Number(body['TargetId'])]);
  if (device === undefined) throw invalidValue('TargetId');
  return ok(assign(ome, [{ profile, device, changes: body['Attributes'] }], body));
}

/** The device does not exist yet: the profile waits for its service tag. Nothing deploys it here. */
function assignLater({ ome, body }: OmeCall) {
  const profile = profileById(ome, body['Id']);
  profile.state = 1;
  profile.targetName = neededText(body, 'Identifier');
  ome.save();
  return ok([]);
}

/** Devices that have another profile already cannot take this one. */
function invalidTargets({ ome, body }: OmeCall): readonly number[] {
  const profile = profileById(ome, body['Id']);
  return ome.state.profiles
    .filter((other) => other !== profile && other.state > 0)
    .map(({ targetId }) => targetId);
}

function takeAway(call: OmeCall) {
  unassign(call.ome, chosen(call));
  return ok([]);
}

function migrate({ ome, body }: OmeCall) {
  const profile = profileById(ome, body['ProfileId']);
  const [device] = devicesById(ome, [Number(body['TargetId'])]);
  if (device === undefined || profile.state !== 4) throw invalidValue('TargetId');
  return ok(assign(ome, [{ profile, device }], body));
}

/** The profiles that an action names by ids or by a filter. */
function chosen({ ome, body }: OmeCall): readonly Profile[] {
  if (body['SelectAll'] !== true) return idsOf(body['ProfileIds']).map((id) => profileById(ome, id));
  const filter = textOf(body['Filters']);
  const fits = filter === '' ? () => true : parseFilter(filter);
  return ome.state.profiles.filter((profile) => fits(view(ome, profile)));
}

function profileById(ome: Ome, id: unknown): Profile {
  const profile = ome.state.profiles.find((known) => known.id === Number(id));
  if (profile === undefined) throw unknownUri();
  return profile;
}

function profileOf({ ome, params }: OmeCall): Profile {
  return profileById(ome, params[0]);
}

function details(profile: Profile): Json {
  return attributeDetails(profile.id, profile.name, profile.attributes);
}

function view(ome: Ome, profile: Profile): Json {
  const iso = objectOf(profile.bootIso);
  const share = objectOf(iso['ShareDetail']);
  return {
    Id: profile.id,
    ProfileName: profile.name,
    ProfileDescription: profile.description,
    TemplateId: profile.templateId,
    TemplateName: templateName(ome, profile.templateId),
    DataSchemaId: 0,
    TargetId: profile.targetId,
    TargetName: profile.targetName === '' ? null : profile.targetName,
    TargetTypeId: profile.targetId === 0 ? 0 : 1000,
    DeviceIdInSlot: 0,
    ChassisId: 0,
    ChassisName: null,
    GroupId: 0,
    GroupName: null,
    NetworkBootToIso:
      profile.bootIso === null || profile.bootIso === undefined
        ? null
        : { ...iso, ShareDetail: { ...share, Password: null } },
    ProfileState: profile.state,
    DeploymentTaskId: profile.taskId,
    LastRunStatus: findJob(ome, profile.taskId)?.lastStatus ?? 2200,
    ProfileModified: 0,
    CreatedBy: 'admin',
    EditedBy: null,
    CreatedDate: timeOf(profile.createdAt),
    LastEditDate: null,
    LastDeployDate: timeOf(findJob(ome, profile.taskId)?.executions.at(-1)?.ended),
  };
}
