import { accepted } from './bios.ts';
import { enqueue } from './jobs.ts';
import type { Machine } from './types.ts';
import { type RedfishAnswer, refuse } from './messages.ts';
import { allowableValues } from './outline.ts';
import { listOf, type Resource, textOf, wordsOf } from './resource.ts';
import type { JobWork } from './state.ts';

/** SimpleUpdate: an image by URI, or one pushed before. Nothing is fetched; the file's name says what and which version. */
export function simpleUpdate(machine: Machine, body: Resource): RedfishAnswer {
  const { capture, state } = machine;
  const image = textOf(body['ImageURI']);
  if (image === undefined)
    return refuse(
      400,
      'ActionParameterMissing',
      'The action UpdateService.SimpleUpdate needs the parameter ImageURI.',
    );
  const protocols = allowableValues(
    machine.at(capture.outline.update) ?? {},
    'UpdateService.SimpleUpdate',
    'TransferProtocol',
  );
  const protocol = body['TransferProtocol'];
  if (protocol !== undefined && protocols !== undefined && !protocols.includes(wordsOf(protocol))) {
    const text = `The value ${JSON.stringify(protocol)} for TransferProtocol is not in the list of acceptable values.`;
    return refuse(400, 'ActionParameterValueNotInList', text, {
      resolution: `Use one of ${protocols.join(', ')}.`,
    });
  }
  const targets = listOf(body['Targets']).map(String);
  return install(machine, state.uploads[capture.keyOf(image)] ?? image, targets);
}

/**
 * What an image pushed to this URI meets: it is stored for a later SimpleUpdate, or installed at once. Undefined where
 * no image is taken, which is everywhere else: there a body is JSON whatever its Content-Type says, because the module
 * redfish_firmware keeps the Content-Type of its push in every later request and an iDRAC takes that.
 */
export function uploadPlace(machine: Machine, uri: string): 'store' | 'install' | undefined {
  const { keyOf, outline } = machine.capture;
  const update = machine.at(outline.update) ?? {};
  const is = (other: string | undefined) => other !== undefined && keyOf(other) === keyOf(uri);
  if (is(textOf(update['HttpPushUri']))) return 'store';
  return is(textOf(update['MultipartHttpPushUri'])) ? 'install' : undefined;
}

/** A pushed image that waits for its SimpleUpdate: 201 with where it is now, which for the same image is the same place. */
export function storeUpload(machine: Machine, fileName: string): RedfishAnswer {
  const { capture, state } = machine;
  const base = capture.outline.firmwareUri ?? '/redfish/v1/UpdateService/FirmwareInventory';
  const softwareId = textOf(machine.at(findItem(machine, fileName, [])?.uri)?.['SoftwareId']);
  const id = `Available-${softwareId ?? Object.keys(state.uploads).length}-${versionIn(fileName) ?? '0'}`;
  const uri = `${base}/${id}`;
  state.uploads[capture.keyOf(uri)] = fileName;
  machine.save();
  return { status: 201, headers: { Location: uri }, body: { '@odata.id': uri, Id: id, Name: fileName } };
}

/** An image pushed whole, to be installed at once: a job for it. */
export function installUpload(machine: Machine, fileName: string, targets: readonly string[]): RedfishAnswer {
  return install(machine, fileName, targets);
}

/** The file name of a multipart upload, from the head of its body; undefined when there is none. */
export function uploadName(body: string): string | undefined {
  return /filename="?([^";\r\n]+)"?/i.exec(body)?.[1];
}

function install(machine: Machine, image: string, targets: readonly string[]): RedfishAnswer {
  const { outline } = machine.capture;
  const file = image.split(/[/\\]/).at(-1) ?? image;
  const item = findItem(machine, file, targets);
  const version = versionIn(file);
  const key = item === undefined ? undefined : machine.capture.keyOf(item.uri);
  // An iDRAC takes a second update of a device that has one in its queue, and lets that job fail at once.
  const isPresent = outline.maker === 'Dell' && key !== undefined && hasOpenUpdate(machine, key);
  const work: JobWork = isPresent
    ? { fails: 'A job for this device is already present.' }
    : key === undefined || version === undefined
      ? { fails: `The update file ${file} fits no component of this machine.` }
      : { firmware: { uri: key, version } };
  const isBios = /bios|system rom/i.test(item?.name ?? '');
  const job = enqueue(machine, {
    name: `Firmware Update: ${item?.name ?? file}`,
    type: 'FirmwareUpdate',
    // A BIOS is flashed while the machine boots, everything else by the BMC alone.
    waitsForBoot: isBios && !isPresent,
    work,
  });
  const queue = outline.tasks ?? outline.jobs ?? outline.dellJobs ?? '';
  return accepted(machine, queue, job);
}

function hasOpenUpdate(machine: Machine, key: string): boolean {
  return machine.state.jobs.some(
    ({ phase, work }) => (phase === 'scheduled' || phase === 'running') && work.firmware?.uri === key,
  );
}

/** File names of images end in the version, such as `BIOS_7H3K0_LN64_1.9.2.BIN`. */
function versionIn(file: string): string | undefined {
  return file
    .replace(/\.[a-z]\w*$/i, '')
    .match(/\d+(?:\.\d+)+/g)
    ?.at(-1);
}

/** The inventory item an update is for: the one named, or the installed one whose name the file's name begins with. */
function findItem(
  machine: Machine,
  file: string,
  targets: readonly string[],
): { readonly uri: string; readonly name: string } | undefined {
  const { keyOf, outline } = machine.capture;
  const items = outline.firmware
    .map((uri) => ({ uri, name: wordsOf(machine.at(uri)?.['Name']) }))
    .filter(({ uri }) => !/\/Previous-/.test(uri));
  const named = items.find(({ uri }) => targets.some((target) => keyOf(target) === keyOf(uri)));
  if (named !== undefined || targets.length > 0) return named;
  const word = /^[a-z]+/i.exec(file)?.[0].toLowerCase();
  if (word === undefined) return undefined;
  const alias = { idrac: 'integrated dell remote access controller' }[word];
  return items.find(({ uri, name }) => {
    const known = name.toLowerCase();
    return (
      (alias !== undefined && known.startsWith(alias)) ||
      known.startsWith(word) ||
      uri.toLowerCase().includes(`__${word}.`)
    );
  });
}
