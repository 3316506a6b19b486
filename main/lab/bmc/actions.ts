import { clearPending, createConfigurationJob, patchBios, resetBios } from './bios.ts';
import { deleteJob, deleteJobQueue } from './jobs.ts';
import { findJob } from './job-views.ts';
import type { Machine } from './types.ts';
import { ejectMedia, insertMedia, patchMedia } from './media.ts';
import { type RedfishAnswer, success } from './messages.ts';
import { actionTarget } from './outline.ts';
import { patchBootSources, patchManager, patchPlain, patchSystem } from './patch.ts';
import { resetSystem } from './power.ts';
import type { Resource } from './resource.ts';
import { rolesOf } from './roles.ts';
import { installUpload, simpleUpdate, storeUpload, uploadName, uploadPlace } from './update.ts';
import { readResource } from './views.ts';

/** What a POST to this URI does, or undefined when nothing takes it. `raw` is the head of a body that is no JSON. */
export function postHandler(
  machine: Machine,
  uri: string,
): ((body: Resource, raw: string) => RedfishAnswer) | undefined {
  const { outline, keyOf } = machine.capture;
  const key = keyOf(uri);
  const is = (other: string | undefined) => other !== undefined && keyOf(other) === key;
  if (is(outline.dellJobs)) return (body) => createConfigurationJob(machine, body);
  const place = uploadPlace(machine, uri);
  if (place === 'store') return (_, raw) => storeUpload(machine, uploadName(raw) ?? 'upload');
  if (place === 'install')
    return (_, raw) =>
      installUpload(
        machine,
        uploadName(raw) ?? 'upload',
        [...raw.matchAll(/"(\/redfish[^"]+)"/g)].map(([, target]) => String(target)),
      );

  const split = /^(.*)\/Actions\/(?:Oem\/)?(?:[^/]+\/)?([\w.]+)$/i.exec(uri);
  if (split === null) return undefined;
  const [, owner = '', name = ''] = split;
  const resource = readResource(machine, owner);
  if (resource === undefined) return undefined;
  const offers = (action: string) => keyOf(actionTarget(resource, action) ?? '') === key;
  switch (name.toLowerCase()) {
    case 'computersystem.reset':
      return offers('ComputerSystem.Reset') ? (body) => resetSystem(machine, resource, body) : undefined;
    case 'virtualmedia.insertmedia':
    case 'hpeilovirtualmedia.insertvirtualmedia':
      return (body) => insertMedia(machine, owner, body);
    case 'virtualmedia.ejectmedia':
    case 'hpeilovirtualmedia.ejectvirtualmedia':
      return () => ejectMedia(machine, owner);
    case 'bios.resetbios':
      return () => resetBios(machine);
    case 'dellmanager.clearpending':
      return () => clearPending(machine);
    case 'delljobservice.deletejobqueue':
      return (body) => deleteJobQueue(machine, body);
    case 'updateservice.simpleupdate':
      return (body) => simpleUpdate(machine, body);
    case 'manager.reset':
      return () => success({}, 200);
    default:
      return undefined;
  }
}

/** What a PATCH of this resource does, or undefined when it takes none. */
export function patchHandler(
  machine: Machine,
  uri: string,
  shown: Resource,
): ((body: Resource) => RedfishAnswer) | undefined {
  const key = machine.capture.keyOf(uri);
  switch (rolesOf(machine.capture).get(key)) {
    case 'system':
      return (body) => patchSystem(machine, key, shown, body);
    case 'manager':
      return (body) => patchManager(machine, key, shown, body);
    case 'bios-settings':
      return (body) => patchBios(machine, body);
    case 'media':
      return (body) => patchMedia(machine, uri, body);
    case undefined:
    case 'chassis':
    case 'clock':
      break;
    default:
      return undefined;
  }
  if (machine.capture.outline.maker === 'Dell' && key.endsWith('/BootSources/Settings'))
    return (body) => patchBootSources(machine, body);
  const type = /^#(\w+)\./.exec(String(shown['@odata.type']))?.[1] ?? '';
  const isSettable =
    /^(?:Chassis|EthernetInterface|ManagerNetworkProtocol|SecureBoot|SessionService|AccountService|HostInterface|DellAttributes)$/;
  return isSettable.test(type) ? (body) => patchPlain(machine, key, shown, body) : undefined;
}

/** What a DELETE of this URI does, or undefined when it takes none. */
export function deleteHandler(machine: Machine, uri: string): (() => RedfishAnswer) | undefined {
  return findJob(machine, uri) === undefined ? undefined : () => deleteJob(machine, uri);
}
