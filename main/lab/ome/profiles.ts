import { refusal } from './errors.ts';
import { addJob, findJob } from './jobs.ts';
import { objectOf, textOf } from './json.ts';
import { changed } from './template-attributes.ts';
import type { Device, Json, Ome, Profile, Template } from './types.ts';

/** Profiles to be made of a template. */
interface NewProfiles {
  readonly template: Template;
  readonly prefix: string;
  readonly count: number;
  readonly description: string;
  readonly bootIso: unknown;
}

/** Makes unassigned profiles named `PREFIX 00001` and so on. */
export function createProfiles(ome: Ome, wanted: NewProfiles): readonly Profile[] {
  const taken = new Set(ome.state.profiles.map(({ name }) => name));
  const names: string[] = [];
  for (let number = 1; names.length < wanted.count; number += 1) {
    const name = `${wanted.prefix} ${String(number).padStart(5, '0')}`;
    if (!taken.has(name)) names.push(name);
  }
  const made = names.map((name): Profile => ({
    id: ome.takeId(),
    name,
    description: wanted.description,
    templateId: wanted.template.id,
    bootIso: wanted.bootIso,
    createdAt: ome.now(),
    state: 0,
    targetId: 0,
    targetName: '',
    taskId: 0,
    attributes: wanted.template.attributes,
  }));
  ome.state.profiles = [...ome.state.profiles, ...made];
  ome.save();
  return made;
}

/** A profile and the device it goes to, with the attributes that differ there. */
export interface Assignment {
  readonly profile: Profile;
  readonly device: Device;
  readonly changes?: unknown;
}

/** Assigns profiles to devices and starts the job that deploys them; answers its id. Refused where a device has a profile. */
export function assign(ome: Ome, pairs: readonly Assignment[], body: Json): number {
  for (const { profile, device } of pairs) {
    const other = ome.state.profiles.find(
      (one) => one !== profile && one.targetId === device.id && one.state > 0,
    );
    if (other !== undefined)
      throw refusal(
        400,
        'CTEM1060',
        `Unable to deploy because the device  ${device.tag}  has the profile  ${other.name}  already.`,
        { args: [device.tag, other.name], resolution: 'Unassign the profile and retry the operation.' },
      );
  }
  const jobId = ome.takeId();
  for (const { profile, device, changes } of pairs) {
    profile.state = 1;
    profile.targetId = device.id;
    profile.targetName = device.tag;
    profile.taskId = jobId;
    profile.attributes = changed(profile.attributes, changes);
  }
  const options = objectOf(body['Options']);
  const schedule = objectOf(body['Schedule']);
  addJob(ome, {
    id: jobId,
    name: 'Deploy template',
    type: 'Device_Config_Task',
    schedule: schedule['RunLater'] === true ? textOf(schedule['Cron']) || 'later' : 'startnow',
    targets: pairs.map(({ device }) => ({
      Id: device.id,
      Data: '',
      TargetType: { Id: 1000, Name: 'DEVICE' },
    })),
    params: [{ Key: 'shutdownType', Value: textOf(options['ShutdownType'] ?? 0) }],
  });
  return jobId;
}

/** Takes profiles from their devices, which keep their settings; a running deployment is not interrupted. */
export function unassign(ome: Ome, profiles: readonly Profile[]): void {
  for (const profile of profiles) {
    if (findJob(ome, profile.taskId)?.lastStatus === 2050)
      throw refusal(
        400,
        'CTEM1061',
        `Unable to unassign the profile  ${profile.name}  because its task is running.`,
        {
          args: [profile.name],
        },
      );
  }
  for (const profile of profiles) {
    profile.state = 0;
    profile.targetId = 0;
    profile.targetName = '';
    profile.taskId = 0;
  }
  ome.save();
}
