import { takeFault } from './faults.ts';
import type { Machine } from './types.ts';
import { type RedfishAnswer, refuse } from './messages.ts';
import { type Resource, textOf } from './resource.ts';

/** InsertMedia: refused when something is inserted already, as BMCs do. The image itself is never fetched. */
export function insertMedia(machine: Machine, uri: string, body: Resource): RedfishAnswer {
  const { state, capture } = machine;
  const key = capture.keyOf(uri);
  const image = textOf(body['Image']);
  if (image === undefined)
    return refuse(
      400,
      'ActionParameterMissing',
      'The action VirtualMedia.InsertMedia needs the parameter Image.',
    );
  if (!/^(?:https?|nfs|cifs|smb):\/\/\S+|^\/\/\S+|^[\w.-]+:\/\S+/i.test(image)) {
    const text = `The value ${image} for the parameter Image is of a different format than the parameter can accept.`;
    return refuse(400, 'ActionParameterValueFormatError', text, {
      args: [image, 'Image', 'VirtualMedia.InsertMedia'],
    });
  }
  if (state.media[key] !== undefined) {
    const id = {
      Dell: 'IDRAC.2.7.VRM0012',
      HPE: 'iLO.2.14.MaxVirtualMediaConnectionEstablished',
      other: 'ResourceInUse',
    };
    return refuse(400, id[capture.outline.maker], 'Virtual media is inserted in this slot already.', {
      resolution: 'Eject it first.',
    });
  }
  const userName = textOf(body['UserName']);
  state.media[key] = {
    image,
    writeProtected: body['WriteProtected'] !== false,
    ...(userName === undefined ? {} : { userName }),
  };
  machine.save();
  return { status: 204 };
}

/** EjectMedia: refused when the slot is empty; with the fault media-stuck it fails, or claims success and changes nothing. */
export function ejectMedia(machine: Machine, uri: string): RedfishAnswer {
  const { state, capture } = machine;
  const key = capture.keyOf(uri);
  if (state.media[key] === undefined) {
    const id = {
      Dell: 'IDRAC.2.7.VRM0009',
      HPE: 'iLO.2.14.NoVirtualMediaConnectionAvailable',
      other: 'ResourceInUse',
    };
    return refuse(400, id[capture.outline.maker], 'No virtual media is inserted in this slot.');
  }
  const stuck = takeFault(machine.faults, 'media-stuck', uri);
  if (stuck?.how === 'refused')
    return refuse(
      500,
      'InternalError',
      'The virtual media cannot be ejected; the service is still operational.',
    );
  if (stuck === undefined) {
    state.media = Object.fromEntries(Object.entries(state.media).filter(([known]) => known !== key));
    machine.save();
  }
  return { status: 204 };
}

/** PATCH of a slot, the way of BMCs without the actions: `Inserted` or `Image` decides. */
export function patchMedia(machine: Machine, uri: string, body: Resource): RedfishAnswer {
  const isEject = body['Inserted'] === false || body['Image'] === null || body['Image'] === '';
  const answer = isEject ? ejectMedia(machine, uri) : insertMedia(machine, uri, body);
  return answer.status === 204 ? { status: 200, body: {} } : answer;
}
