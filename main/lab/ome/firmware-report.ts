import type { Device, Json, Package } from './types.ts';

/** Below zero when the first version is the older one, zero when they are the same; pieces are compared as numbers where both are. */
export function compareVersions(left: string, right: string): number {
  const pieces = (text: string) => text.toUpperCase().match(/\d+|[A-Z]+/g) ?? [];
  const [first, second] = [pieces(left), pieces(right)];
  for (let index = 0; index < Math.max(first.length, second.length); index += 1) {
    const [a = '0', b = '0'] = [first[index], second[index]];
    const order = /^\d+$/.test(a) && /^\d+$/.test(b) ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0;
    if (order !== 0) return order;
  }
  return 0;
}

/** Whether a package is for this model: catalogs name it `R750`, BMCs `PowerEdge R750`. */
export function fitsModel(pack: Package, model: string): boolean {
  return pack.models.some((name) => model.split(/\s+/).includes(name) || model === name);
}

/** What packages would change on a device, item by item of its firmware inventory. */
export function componentReports(
  device: Device,
  packages: readonly Package[],
  isDowngradeAllowed: boolean,
): readonly Json[] {
  return device.software.map((item, index) => {
    const pack = newest(
      packages.filter((one) => one.componentIds.includes(item.componentId) && fitsModel(one, device.model)),
    );
    const order = pack === undefined ? 0 : compareVersions(item.version, pack.version);
    const action =
      pack === undefined
        ? 'UNKNOWN'
        : order < 0
          ? 'UPGRADE'
          : order > 0 && isDowngradeAllowed
            ? 'DOWNGRADE'
            : 'EQUAL';
    return {
      Id: device.id * 1000 + index,
      Version: pack?.version ?? '',
      CurrentVersion: item.version,
      Path: pack?.path ?? '',
      Name: item.name,
      Criticality: pack === undefined ? 'Ok' : order === 0 ? 'Ok' : pack.criticality,
      UniqueIdentifier: pack?.packageId ?? '',
      TargetIdentifier: item.componentId,
      UpdateAction: action,
      SourceName: item.instance,
      PrerequisiteInfo: '',
      ImpactAssessment: '',
      Uri: '',
      RebootRequired: pack?.rebootRequired ?? false,
      ComplianceStatus: statusOf(action, pack),
      ComplianceDependencies: [],
      ComponentType: /bios/i.test(item.name) ? 'BIOS' : 'FRMW',
    };
  });
}

/** The report of one device, as a baseline holds it. */
export function deviceReport(device: Device, components: readonly Json[]): Json {
  const worst = ['CRITICAL', 'WARNING', 'DOWNGRADE'].find((status) =>
    components.some((component) => component['ComplianceStatus'] === status),
  );
  return {
    Id: device.id,
    DeviceId: device.id,
    ServiceTag: device.tag,
    DeviceModel: device.model,
    DeviceTypeName: 'CPGCGS',
    DeviceTypeId: 1000,
    DeviceName: device.hostName === '' ? device.tag : device.hostName,
    FirmwareStatus: worst === undefined ? 'Compliant' : 'Non-Compliant',
    ComplianceStatus: worst ?? 'OK',
    RebootRequired: components.some(
      (component) => component['RebootRequired'] === true && component['UpdateAction'] === 'UPGRADE',
    ),
    ComponentComplianceReports: components,
  };
}

function newest(packages: readonly Package[]): Package | undefined {
  return [...packages].sort((left, right) => compareVersions(right.version, left.version))[0];
}

function statusOf(action: string, pack: Package | undefined): string {
  if (action === 'UPGRADE') return pack?.criticality === 'Optional' ? 'WARNING' : 'CRITICAL';
  return action === 'DOWNGRADE' || action === 'UNKNOWN' ? action : 'OK';
}
