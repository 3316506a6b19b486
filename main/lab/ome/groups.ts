import { devicesById, listDevices } from './devices.ts';
import { refusal, unknownUri } from './errors.ts';
import { idsOf, neededText, objectOf, textOf, timeOf } from './json.ts';
import { collection, single } from './query.ts';
import { type OmeCall, type Route, done, ok } from './router.ts';
import type { Device, Group, Json, Ome } from './types.ts';

const PATH = '/api/GroupService/Groups';
const TYPE = 'GroupService.Group';
const STATIC_ROOT = 1021;
const ALL_DEVICES = 1031;

/** Groups, their devices, and the actions that make, change and remove static ones. */
export const groupRoutes: readonly Route[] = [
  ['GET', 'GroupService/Groups', (call) => ok(listGroups(call))],
  [
    'GET',
    'GroupService/Groups(#)',
    (call) => ok(single(groupView(groupOf(call)), { path: PATH, type: TYPE })),
  ],
  ['GET', 'GroupService/Groups(#)/Devices', (call) => ok(listMembers(call, 'Devices'))],
  [
    'GET',
    'GroupService/Groups(#)/AllLeafMemberDevices',
    (call) => ok(listMembers(call, 'AllLeafMemberDevices')),
  ],
  ['POST', 'GroupService/Actions/GroupService.CreateGroup', createGroup],
  ['POST', 'GroupService/Actions/GroupService.UpdateGroup', updateGroup],
  ['POST', 'GroupService/Actions/GroupService.DeleteGroup', deleteGroups],
  ['POST', 'GroupService/Actions/GroupService.AddMemberDevices', (call) => changeMembers(call, true)],
  ['POST', 'GroupService/Actions/GroupService.RemoveMemberDevices', (call) => changeMembers(call, false)],
];

/** The groups that every OME has. */
export function builtinGroups(at: number): readonly Group[] {
  const group = (id: number, name: string, parentId: number, membershipId: number): Group => ({
    ...{ id, name, parentId, membershipId, typeId: 2000 },
    ...{ description: name, devices: [], createdAt: at },
  });
  return [
    group(STATIC_ROOT, 'Static Groups', 0, 12),
    group(1022, 'Query Groups', 0, 24),
    group(ALL_DEVICES, 'All Devices', 0, 24),
    group(1009, 'Servers', ALL_DEVICES, 24),
  ];
}

/** The devices of groups, each once; members of groups below count. Refused when a group is unknown. */
export function devicesOfGroups(ome: Ome, ids: readonly number[]): readonly Device[] {
  const members = ids.flatMap((id) => {
    const group = ome.state.groups.find((known) => known.id === id);
    if (group === undefined) throw unknownUri();
    return membersOf(ome, group);
  });
  return [...new Set(members)];
}

function membersOf(ome: Ome, group: Group): readonly Device[] {
  const { devices, groups } = ome.state;
  if (group.typeId === 2000 && group.membershipId === 24) return group.id === 1022 ? [] : devices;
  const below = groups.filter((other) => other.parentId === group.id && other.typeId === 3000);
  return [
    ...devices.filter(({ id }) => group.devices.includes(id)),
    ...below.flatMap((one) => membersOf(ome, one)),
  ];
}

function groupOf({ ome, params }: OmeCall): Group {
  const group = ome.state.groups.find(({ id }) => id === Number(params[0]));
  if (group === undefined) throw unknownUri();
  return group;
}

function listGroups({ ome, query }: OmeCall): Json {
  return collection(ome.state.groups.map(groupView), query, {
    path: PATH,
    type: TYPE,
    pageSize: ome.pageSize,
  });
}

function listMembers(call: OmeCall, what: string): Json {
  const group = groupOf(call);
  return listDevices(call, devicesOfGroups(call.ome, [group.id]), `${PATH}(${group.id})/${what}`);
}

function createGroup(call: OmeCall) {
  const { ome, body } = call;
  const model = objectOf(body['GroupModel']);
  const name = neededText(model, 'Name');
  refuseTaken(ome, name);
  const group: Group = {
    id: ome.takeId(),
    name,
    description: textOf(model['Description']),
    parentId: parentOf(ome, model),
    typeId: 3000,
    membershipId: 12,
    devices: [],
    createdAt: ome.now(),
  };
  ome.state.groups = [...ome.state.groups, group];
  ome.save();
  return ok(group.id);
}

function updateGroup({ ome, body }: OmeCall) {
  const model = objectOf(body['GroupModel']);
  const [group] = ownGroups(ome, [Number(model['Id'])]);
  if (group === undefined) throw unknownUri();
  const name = neededText(model, 'Name');
  if (name !== group.name) refuseTaken(ome, name);
  const parentId = parentOf(ome, model);
  if (isBelow(ome, parentId, group.id))
    throw refusal(
      400,
      'CGRP9013',
      `Unable to update group  ${group.id}  with the provided parent  ${parentId}  because a group/parent relationship already exists.`,
      { args: [String(group.id), String(parentId)], severity: 'Warning' },
    );
  const changed = { ...group, name, parentId, description: textOf(model['Description']) };
  ome.state.groups = ome.state.groups.map((other) => (other.id === group.id ? changed : other));
  ome.save();
  return ok(group.id);
}

function deleteGroups({ ome, body }: OmeCall) {
  const gone = new Set(ownGroups(ome, idsOf(body['GroupIds'])).map(({ id }) => id));
  ome.state.groups = ome.state.groups.filter(({ id }) => !gone.has(id));
  ome.save();
  return done();
}

function changeMembers({ ome, body }: OmeCall, isAdding: boolean) {
  const [group] = ownGroups(ome, [Number(body['GroupId'])]);
  if (group === undefined) throw unknownUri();
  const ids = idsOf(body['MemberDeviceIds']);
  devicesById(ome, ids);
  const others = group.devices.filter((id) => !ids.includes(id));
  const changed = { ...group, devices: isAdding ? [...others, ...ids] : others };
  ome.state.groups = ome.state.groups.map((other) => (other.id === group.id ? changed : other));
  ome.save();
  return done();
}

/** Groups that a user made; the built-in ones are refused. */
function ownGroups(ome: Ome, ids: readonly number[]): readonly Group[] {
  return ids.map((id) => {
    const group = ome.state.groups.find((known) => known.id === id && known.typeId === 3000);
    if (group !== undefined) return group;
    throw refusal(
      400,
      'CGRP9001',
      `The group  ${id}  does not exist or is not a static group made by a user.`,
      {
        args: [String(id)],
      },
    );
  });
}

function parentOf(ome: Ome, model: Json): number {
  const parentId = Number(model['ParentId'] ?? STATIC_ROOT);
  const isParent = (group: Group) => group.id === STATIC_ROOT || group.typeId === 3000;
  if (ome.state.groups.some((group) => group.id === parentId && isParent(group))) return parentId;
  throw refusal(400, 'CGRP9011', `The parent group  ${parentId}  is invalid.`, { args: [String(parentId)] });
}

function isBelow(ome: Ome, id: number, ancestor: number): boolean {
  if (id === ancestor) return true;
  const parent = ome.state.groups.find((group) => group.id === id)?.parentId;
  return parent !== undefined && parent !== 0 && isBelow(ome, parent, ancestor);
}

function refuseTaken(ome: Ome, name: string): void {
  if (!ome.state.groups.some((group) => group.name.toLowerCase() === name.toLowerCase())) return;
  throw refusal(400, 'CGRP9003', `A group with the name  ${name}  already exists.`, { args: [name] });
}

function groupView(group: Group): Json {
  return {
    Id: group.id,
    Name: group.name,
    Description: group.description,
    TypeId: group.typeId,
    MembershipTypeId: group.membershipId,
    ParentId: group.parentId,
    GlobalStatus: 5000,
    IdOwner: 0,
    DefinitionId: 400,
    DefinitionDescription: group.typeId === 3000 ? 'UserDefined' : 'System',
    CreatedBy: group.typeId === 3000 ? 'admin' : 'system',
    CreationTime: timeOf(group.createdAt),
    UpdatedBy: '',
    UpdatedTime: timeOf(group.createdAt),
    HasAttributes: false,
    Visible: true,
  };
}
