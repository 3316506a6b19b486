import { setTimeout as sleep } from 'node:timers/promises';
import type { RedfishClient } from '../../../src/hardware/index.ts';
import { actionOf, firstOf, follow, linkOf } from './bmc-client.ts';
import { listOf, objectOf, textOf } from './json.ts';
import type { AttributeValue, Ome } from './types.ts';

/** How a machine is restarted: `graceful` asks its operating system first, `forced` does not, `none` leaves it to somebody else. */
export type Restart = 'graceful' | 'forced' | 'none';

type Timing = Pick<Ome, 'timings' | 'closing' | 'now'>;

/** Sets BIOS attributes by Redfish, restarts the machine and waits for the job that carries them; throws what the BMC says. */
export async function setBios(
  client: RedfishClient,
  attributes: Readonly<Record<string, AttributeValue>>,
  restart: Restart,
  ome: Timing,
): Promise<void> {
  const system = await firstOf(client, await client.root(), 'Systems');
  const bios = await follow(client, system, 'Bios');
  const settings = linkOf(objectOf(bios['@Redfish.Settings'])['SettingsObject']);
  const { location } = await client.patch(settings, {
    Attributes: attributes,
    '@Redfish.SettingsApplyTime': { ApplyTime: 'OnReset' },
  });
  if (restart === 'none') return;
  await restartMachine(client, restart);
  if (location !== undefined) await waitForJob(client, location, ome);
}

/** Installs an update package on one item of the firmware inventory; what has to wait for a boot gets one unless it is staged. */
export async function installPackage(
  client: RedfishClient,
  update: { readonly image: string; readonly target: string; readonly rebootRequired: boolean },
  restart: Restart,
  ome: Timing,
): Promise<void> {
  const service = await follow(client, await client.root(), 'UpdateService');
  const { target } = actionOf(service, 'UpdateService.SimpleUpdate');
  const { location } = await client.post(textOf(target), {
    ImageURI: update.image,
    TransferProtocol: update.image.startsWith('https:') ? 'HTTPS' : 'HTTP',
    Targets: [update.target],
  });
  if (restart === 'none') return;
  if (update.rebootRequired) await restartMachine(client, restart);
  if (location !== undefined) await waitForJob(client, location, ome);
}

async function restartMachine(client: RedfishClient, restart: Exclude<Restart, 'none'>): Promise<void> {
  const system = await firstOf(client, await client.root(), 'Systems');
  const action = actionOf(system, 'ComputerSystem.Reset');
  const allowed = listOf(action['ResetType@Redfish.AllowableValues']).map(textOf);
  const wanted =
    restart === 'graceful' ? ['GracefulRestart', 'ForceRestart'] : ['ForceRestart', 'PowerCycle'];
  const type =
    system['PowerState'] === 'On' ? (wanted.find((one) => allowed.includes(one)) ?? 'ForceRestart') : 'On';
  await client.post(textOf(action['target']), { ResetType: type });
}

/** Waits for a task of the BMC; throws its last message when it failed, or when the patience is at its end. */
async function waitForJob(client: RedfishClient, location: string, ome: Timing): Promise<void> {
  const deadline = ome.now() + ome.timings.patience * 1000;
  for (;;) {
    const task = await client.get(location);
    const state = textOf(task['TaskState']) || textOf(task['JobState']);
    if (state === 'Completed') return;
    if (/^(?:Exception|Failed|Killed|Cancelled|CompletedWithErrors)$/.test(state))
      throw new Error(
        `${textOf(objectOf(listOf(task['Messages'])[0])['Message']) || textOf(task['Message'])}`,
      );
    if (ome.now() > deadline)
      throw new Error(`The job ${location} of the BMC has not ended after ${ome.timings.patience} s.`);
    await sleep(ome.timings.poll * 1000, undefined, { signal: ome.closing });
  }
}
