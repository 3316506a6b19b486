import { type Restart, setBios } from './bmc-changes.ts';
import { firstOf, withBmc } from './bmc-client.ts';
import { takeInventory } from './devices.ts';
import { readBios } from './inventory.ts';
import { forEach } from './jobs.ts';
import { textOf } from './json.ts';
import { differences } from './template-attributes.ts';
import type { Device, Job, JobResult, Ome, Profile, TemplateAttribute } from './types.ts';

/** Makes the BIOS of a device as attributes say, looks whether it is, and reads the device again. */
export async function deployTo(
  ome: Ome,
  device: Device,
  attributes: readonly TemplateAttribute[],
  restart: Restart,
): Promise<string> {
  const text = await withBmc(ome.connect(device.access), async (client) => {
    const system = await firstOf(client, await client.root(), 'Systems');
    const missing = differences(attributes, await readBios(client, system));
    if (missing.length === 0) return 'The device was as the template says already.';
    const wanted = Object.fromEntries(missing.map(({ name, wanted: value }) => [name, value]));
    await setBios(client, wanted, restart, ome);
    const left = differences(attributes, await readBios(client, system));
    if (left.length > 0)
      throw new Error(
        `These attributes are still not as wanted: ${left.map(({ name }) => name).join(', ')}.`,
      );
    return `Set ${missing.map(({ name, wanted: value }) => `${name} to ${String(value)}`).join(', ')}.`;
  });
  await takeInventory(ome, device.access);
  return text;
}

/** The job of a deployment: every profile that waits for this job is brought to its device. */
export async function runDeployment(ome: Ome, job: Job): Promise<readonly JobResult[]> {
  const profiles = ome.state.profiles.filter(({ taskId }) => taskId === job.id);
  const isForced = job.params.some(
    (param) => param['Key'] === 'shutdownType' && textOf(param['Value']) === '1',
  );
  const targetOf = (profile: Profile): Device | undefined =>
    ome.state.devices.find(({ id }) => id === profile.targetId);
  return forEach(
    profiles,
    (profile) => profile.targetName,
    async (profile) => {
      const device = targetOf(profile);
      if (device === undefined) throw new Error(`The device ${profile.targetName} is not known any more.`);
      const text = await deployTo(ome, device, profile.attributes, isForced ? 'forced' : 'graceful');
      // The profile may have been edited meanwhile, which makes it another object.
      const current = ome.state.profiles.find(({ id }) => id === profile.id);
      if (current !== undefined) current.state = 4;
      return text;
    },
  );
}
