import { firstOf, withBmc } from './bmc-client.ts';
import { deployTo } from './deployment.ts';
import { devicesById } from './devices.ts';
import { invalidValue } from './errors.ts';
import { devicesOfGroups } from './groups.ts';
import { readBios } from './inventory.ts';
import { forEach } from './jobs.ts';
import { differences } from './template-attributes.ts';
import { readyTemplate } from './templates.ts';
import type { ComplianceBaseline, ComplianceReport, Device, Job, JobResult, Ome } from './types.ts';

/** The devices that a compliance baseline names, by themselves or by groups; refused when one is unknown. */
export function complianceDevices(ome: Ome, targetIds: readonly number[]): readonly Device[] {
  const isGroup = (id: number) => ome.state.groups.some((group) => group.id === id);
  return [
    ...new Set([
      ...devicesById(
        ome,
        targetIds.filter((id) => !isGroup(id)),
      ),
      ...devicesOfGroups(ome, targetIds.filter(isGroup)),
    ]),
  ];
}

/** The job of a compliance baseline: reads the BIOS of each device and keeps where it differs from the template. */
export async function runComplianceJob(ome: Ome, job: Job): Promise<readonly JobResult[]> {
  const baseline = ome.state.complianceBaselines.find(({ taskId }) => taskId === job.id);
  if (baseline === undefined) return [];
  const reports = new Map(baseline.reports.map((report) => [report.deviceId, report]));
  const results = await forEach(
    complianceDevices(ome, baseline.targetIds),
    (device) => device.tag,
    async (device) => {
      const report = await compare(ome, baseline, device);
      reports.set(device.id, report);
      return report.differing.length === 0
        ? 'The device is compliant.'
        : `These attributes differ: ${report.differing.map(({ name }) => name).join(', ')}.`;
    },
  );
  baseline.reports = [...reports.values()];
  baseline.lastRun = ome.now();
  return results;
}

/** The job of a remediation: sets what differs on the devices of the job, and looks again. */
export async function runRemediation(ome: Ome, job: Job): Promise<readonly JobResult[]> {
  const id = Number(job.params.find((param) => param['Key'] === 'baselineId')?.['Value']);
  const baseline = ome.state.complianceBaselines.find((known) => known.id === id);
  if (baseline === undefined) throw invalidValue('Id');
  const { attributes } = readyTemplate(ome, baseline.templateId);
  const devices = devicesById(
    ome,
    job.targets.map((target) => Number(target['Id'])),
  );
  return forEach(
    devices,
    (device) => device.tag,
    async (device) => {
      const text = await deployTo(ome, device, attributes, 'graceful');
      const report = await compare(ome, baseline, device);
      baseline.reports = [...baseline.reports.filter(({ deviceId }) => deviceId !== device.id), report];
      return text;
    },
  );
}

async function compare(ome: Ome, baseline: ComplianceBaseline, device: Device): Promise<ComplianceReport> {
  const { attributes } = readyTemplate(ome, baseline.templateId);
  const bios = await withBmc(ome.connect(device.access), async (client) =>
    readBios(client, await firstOf(client, await client.root(), 'Systems')),
  );
  const differing = differences(attributes, bios).map(({ name, wanted, seen }) => ({
    name,
    wanted: String(wanted),
    seen: String(seen ?? ''),
  }));
  return { deviceId: device.id, differing };
}
