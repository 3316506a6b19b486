import { refreshBaseline } from './baselines.ts';
import { withBmc } from './bmc-client.ts';
import { type Restart, installPackage } from './bmc-changes.ts';
import { devicesById, takeInventory } from './devices.ts';
import { invalidValue } from './errors.ts';
import { takeOmeFault } from './faults.ts';
import { compareVersions, fitsModel } from './firmware-report.ts';
import { forEach } from './jobs.ts';
import { textOf } from './json.ts';
import type { Device, Job, JobResult, Ome, Package, Software } from './types.ts';

/** One item to be updated, and by what. */
interface Step {
  readonly item: Software;
  readonly pack: Package;
}

/**
 * The job of an update: each target names a device and, separated by semicolons, the items of its firmware inventory; an item
 * with `=TOKEN` takes the uploaded package, others the newest of the catalog. Every device is worked on alone, its items in turn.
 */
export async function runUpdate(ome: Ome, job: Job): Promise<readonly JobResult[]> {
  const paramOf = (key: string) => textOf(job.params.find((param) => param['Key'] === key)?.['Value']);
  const restart: Restart =
    paramOf('stagingValue') === 'true' ? 'none' : paramOf('rebootType') === '1' ? 'forced' : 'graceful';
  const packages = packagesOf(ome, paramOf('catalogId'));
  const results = await forEach(
    job.targets,
    (target) => ome.state.devices.find(({ id }) => id === target['Id'])?.tag ?? textOf(target['Id']),
    async (target) => {
      const [device] = devicesById(ome, [Number(target['Id'])]);
      if (device === undefined) throw invalidValue('Targets');
      const steps = textOf(target['Data'])
        .split(';')
        .map((source) => stepOf(ome, device, source, packages));
      return updateDevice(ome, device, steps, restart);
    },
  );
  for (const baseline of ome.state.baselines) refreshBaseline(ome, baseline);
  return results;
}

async function updateDevice(
  ome: Ome,
  device: Device,
  steps: readonly Step[],
  restart: Restart,
): Promise<string> {
  const isThis = (fault: { readonly device?: string }) =>
    fault.device === undefined || fault.device === device.tag;
  const fault = takeOmeFault(ome.faults, 'update-fails', isThis);
  if (fault !== undefined) {
    const path = steps[0]?.pack.path ?? '';
    throw new Error(
      fault.text ?? `RED016: Unable to verify the update package ${path}. This failure is simulated.`,
    );
  }
  const lines: string[] = [];
  await withBmc(ome.connect(device.access), async (client) => {
    for (const { item, pack } of steps) {
      const image = `https://simulated-ome/${pack.path}`;
      const update = { image, target: item.uri, rebootRequired: pack.rebootRequired };
      await installPackage(client, update, restart, ome);
      lines.push(
        restart === 'none'
          ? `${item.name}: ${pack.version} is staged for the next reboot.`
          : `${item.name}: ${item.version} was replaced by ${pack.version}.`,
      );
    }
  });
  await takeInventory(ome, device.access);
  return lines.join('\n');
}

function packagesOf(ome: Ome, catalogId: string): readonly Package[] {
  return ome.state.catalogs.find(({ id }) => String(id) === catalogId)?.packages ?? [];
}

function stepOf(ome: Ome, device: Device, source: string, packages: readonly Package[]): Step {
  const [instance = '', token] = source.split('=');
  const item = device.software.find((one) => one.instance === instance);
  if (item === undefined) throw new Error(`${device.tag} has no component ${instance}.`);
  const fitting = packages
    .filter((pack) => pack.componentIds.includes(item.componentId) && fitsModel(pack, device.model))
    .sort((left, right) => compareVersions(right.version, left.version));
  const pack = token === undefined ? fitting[0] : ome.state.uploads[token];
  if (pack === undefined) throw new Error(`There is no update package for ${item.name} of ${device.tag}.`);
  return { item, pack };
}
