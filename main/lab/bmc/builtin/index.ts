import { type Capture, createCapture } from '../capture.ts';
import type { Resource } from '../resource.ts';
import { biosResources } from './bios.ts';
import { chassisResources } from './chassis.ts';
import { firmwareResources } from './firmware.ts';
import { managerResources } from './manager.ts';
import { networkResources } from './network.ts';
import { storageResources } from './storage.ts';
import { rootResources, systemResources } from './system.ts';

let made: Capture | undefined;

/**
 * The tree that is served when no capture is given: a PowerEdge R750 with an iDRAC 9, two processors, 256 GiB, a mirrored
 * boot device, four SSDs and four network ports. All that a discovery reads is there; sensors and schemas are not.
 */
export function builtinCapture(): Capture {
  return (made ??= createCapture(builtinTree()));
}

function builtinTree(): Readonly<Record<string, Resource>> {
  const all = [
    ...rootResources(),
    ...systemResources(),
    ...biosResources(),
    ...storageResources(),
    ...networkResources(),
    ...chassisResources(),
    ...managerResources(),
    ...firmwareResources(),
  ];
  return Object.fromEntries(all.map((resource) => [String(resource['@odata.id']), resource]));
}
