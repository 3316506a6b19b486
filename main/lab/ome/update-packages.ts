import { readUpdatePackage } from './catalog-document.ts';
import { devicesById } from './devices.ts';
import { invalidValue, refusal } from './errors.ts';
import { takeOmeFault } from './faults.ts';
import { compareVersions, fitsModel } from './firmware-report.ts';
import { devicesOfGroups } from './groups.ts';
import { idsOf, textOf } from './json.ts';
import { type OmeCall, type Route, ok } from './router.ts';
import type { Device, Json, Package, Software } from './types.ts';

/** Single update packages: uploaded, then held against devices. */
export const updatePackageRoutes: readonly Route[] = [
  ['POST', 'UpdateService/Actions/UpdateService.UploadFile', upload],
  ['POST', 'UpdateService/Actions/UpdateService.GetSingleDupReport', report],
];

/** Keeps what the package says of itself, not the package; the token is what later requests name it by. */
function upload({ ome, raw }: OmeCall) {
  const pack = readUpdatePackage(raw);
  if (pack === undefined)
    throw refusal(400, 'CUPD3001', 'Unable to upload the file because it is no valid update package.', {
      resolution: 'Make sure that the file is a Dell Update Package and retry the operation.',
    });
  const token = String(1_700_000_000_000 + ome.takeId());
  ome.state.uploads = { ...ome.state.uploads, [token]: pack };
  ome.save();
  return ok(Number(token));
}

/** The devices that a package fits, with the components it would change; refused when it fits none of those asked for. */
function report({ ome, body }: OmeCall) {
  const pack = ome.state.uploads[textOf(body['SingleUpdateReportFileToken'])];
  if (pack === undefined) throw invalidValue('SingleUpdateReportFileToken');
  const devices = [
    ...devicesById(ome, idsOf(body['SingleUpdateReportTargets'])),
    ...devicesOfGroups(ome, idsOf(body['SingleUpdateReportGroup'])),
  ];
  const isForOther = takeOmeFault(ome.faults, 'dup-other-model') !== undefined;
  const fitting = isForOther ? [] : devices.filter((device) => fitsModel(pack, device.model));
  const found = fitting.flatMap((device) => {
    const components = device.software.filter((item) => pack.componentIds.includes(item.componentId));
    return components.length === 0
      ? []
      : [{ DeviceId: device.id, DeviceReport: deviceView(device, components, pack) }];
  });
  if (found.length > 0) return ok(found);
  throw refusal(
    400,
    'CUPD3024',
    'Unable to complete the operation because the update package is not applicable to the selected devices.',
    { resolution: 'Select devices that the update package supports and retry the operation.' },
  );
}

function deviceView(device: Device, components: readonly Software[], pack: Package): Json {
  return {
    DeviceId: String(device.id),
    DeviceName: device.hostName,
    DeviceIPAddress: device.access.address,
    DeviceServiceTag: device.tag,
    DeviceModel: device.model,
    DeviceTypeId: '1000',
    DeviceTypeName: 'DEVICE',
    Components: components.map((item) => {
      const order = compareVersions(item.version, pack.version);
      return {
        ComponentName: pack.name,
        ComponentSourceName: item.instance,
        ComponentTargetIdentifier: item.componentId,
        ComponentUniqueIdentifier: pack.packageId,
        ComponentCurrentVersion: item.version,
        ComponentVersion: pack.version,
        ComponentUpdateAction: order < 0 ? 'UPGRADE' : order > 0 ? 'DOWNGRADE' : 'EQUAL',
        ComponentCriticality: pack.criticality,
        ComponentRebootRequired: String(pack.rebootRequired),
        ComponentUriInformation: null,
        IsCompliant: order === 0 ? 'OK' : 'CRITICAL',
        PrerequisiteInfo: '',
        ImpactAssessment: '',
      };
    }),
  };
}
