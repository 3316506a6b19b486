import { dressRegistry } from './attribute-locks.ts';
import { jobResource } from './job-views.ts';
import type { Machine } from './types.ts';
import { dressNeighbour } from './neighbours.ts';
import { at, collection, linkOf, listOf, objectOf, resource, type Resource } from './resource.ts';
import { rolesOf } from './roles.ts';

/** A resource as the machine would show it now: as captured, with its own identity and state. */
export function readResource(machine: Machine, uri: string): Resource | undefined {
  const job = jobResource(machine, uri);
  if (job !== undefined) return job;
  const key = machine.capture.keyOf(uri);
  const found = machine.at(uri);
  if (found === undefined) return logEntry(machine, key);
  const dressed = { ...dress(machine, key, found), ...machine.state.changed[key] };
  return withWholeMembers(machine, dressed);
}

/** The same as JSON text; a resource without a state is never parsed. */
export function readText(machine: Machine, uri: string): string | undefined {
  const key = machine.capture.keyOf(uri);
  const isPlain = !rolesOf(machine.capture).has(key) && machine.state.changed[key] === undefined;
  const text = isPlain && jobResource(machine, uri) === undefined ? machine.textAt(uri) : undefined;
  if (text !== undefined) return text;
  const found = readResource(machine, uri);
  return found === undefined ? undefined : JSON.stringify(found);
}

function dress(machine: Machine, key: string, found: Resource): Resource {
  const { state, capture } = machine;
  switch (rolesOf(capture).get(key)) {
    case 'system':
      return dressSystem(machine, found);
    case 'chassis':
      return found['PowerState'] === undefined ? found : { ...found, PowerState: state.power };
    case 'manager': {
      const clock = { DateTime: machine.time(), DateTimeLocalOffset: state.localOffset };
      return { ...found, ...clock, ...versionOf(machine, found, 'FirmwareVersion', /^(?:idrac|ilo|bmc)\b/i) };
    }
    case 'clock':
      return { ...found, DateTime: machine.time() };
    case 'bios':
      return { ...found, Attributes: { ...objectOf(found['Attributes']), ...state.bios } };
    case 'bios-settings': {
      const current = objectOf(machine.at(capture.outline.systems[0]?.bios)?.['Attributes']);
      const shown = capture.outline.maker === 'Dell' ? {} : { ...current, ...state.bios };
      return { ...found, Attributes: { ...shown, ...state.biosPending } };
    }
    case 'bios-registry':
      return dressRegistry(machine, found);
    case 'media':
      return dressMedia(machine, key, found);
    case 'firmware':
      return { ...found, Version: state.firmware[key] ?? found['Version'] };
    case 'boot-option':
      return {
        ...found,
        BootOptionEnabled:
          state.bootEnabled[String(found['BootOptionReference'])] ?? found['BootOptionEnabled'],
      };
    case 'boot-sources':
      return dressBootSources(machine, found);
    case 'account':
      return { ...found, UserName: machine.login.username };
    case 'log':
      return logEntries(machine, key);
    case 'neighbour':
      return dressNeighbour(machine, found);
    case undefined:
      return found;
  }
}

function dressSystem(machine: Machine, found: Resource): Resource {
  const { state } = machine;
  const boot = objectOf(found['Boot']);
  const { mode, uefiTarget } = state.boot;
  return {
    ...found,
    PowerState: state.power,
    LastResetTime: machine.time(state.lastReset),
    ...versionOf(machine, found, 'BiosVersion', /^(?:bios|system rom)\b/i),
    Boot: {
      ...boot,
      BootSourceOverrideEnabled: state.boot.enabled,
      BootSourceOverrideTarget: state.boot.target,
      ...(mode === undefined ? {} : { BootSourceOverrideMode: mode }),
      ...(uefiTarget === undefined ? {} : { UefiTargetBootSourceOverride: uefiTarget }),
      ...(state.bootOrder === undefined ? {} : { BootOrder: state.bootOrder }),
    },
  };
}

/** A version told beside the firmware inventory follows an update of the item it belongs to: the one of that version or name. */
function versionOf(machine: Machine, found: Resource, property: string, name: RegExp): Resource {
  for (const uri of machine.capture.outline.firmware) {
    const version = machine.state.firmware[machine.capture.keyOf(uri)];
    if (version === undefined) continue;
    const item = machine.capture.lookup(uri) ?? {};
    if (item['Version'] === found[property] || name.test(String(item['Name'])))
      return { [property]: version };
  }
  return {};
}

function dressMedia(machine: Machine, key: string, found: Resource): Resource {
  const inserted = machine.state.media[key];
  if (inserted === undefined) {
    if (found['Inserted'] !== true) return found;
    return { ...found, Inserted: false, Image: null, ImageName: null, ConnectedVia: 'NotConnected' };
  }
  const protocol = /^(https?|nfs|cifs)(?=:)/i.exec(inserted.image)?.[1]?.toUpperCase() ?? 'CIFS';
  return {
    ...found,
    Inserted: true,
    Image: inserted.image,
    ImageName: inserted.image.split('/').at(-1),
    ConnectedVia: 'URI',
    WriteProtected: inserted.writeProtected,
    ...(inserted.userName === undefined ? {} : { UserName: inserted.userName }),
    ...(found['TransferProtocolType'] === undefined ? {} : { TransferProtocolType: protocol }),
  };
}

function dressBootSources(machine: Machine, found: Resource): Resource {
  const { bootOrder, bootEnabled } = machine.state;
  const sequence = listOf(at(found, 'Attributes', 'UefiBootSeq')).map(objectOf);
  if (sequence.length === 0) return found;
  const order = bootOrder ?? sequence.map((source) => String(source['Name']));
  const sorted = [...sequence].sort(
    (a, b) => order.indexOf(String(a['Name'])) - order.indexOf(String(b['Name'])),
  );
  const shown = sorted.map((source, index) => ({
    ...source,
    Index: index,
    Enabled: bootEnabled[String(source['Name'])] ?? source['Enabled'],
  }));
  return { ...found, Attributes: { ...objectOf(found['Attributes']), UefiBootSeq: shown } };
}

function logEntries(machine: Machine, uri: string): Resource {
  const entries = machine.state.log.map((entry, index) =>
    resource(`${uri}/${index + 1}`, 'LogEntry.v1_11_0', {
      Name: `Log Entry ${index + 1}`,
      EntryType: 'Oem',
      Created: machine.time(entry.at),
      MessageId: entry.messageId,
      Message: entry.message,
      Severity: 'OK',
    }),
  );
  return collection(uri, 'LogEntryCollection', entries.reverse());
}

/** One log entry by its own URI. */
function logEntry(machine: Machine, key: string): Resource | undefined {
  const split = /^(.*)\/(\d+)$/.exec(key);
  if (split === null || rolesOf(machine.capture).get(split[1] ?? '') !== 'log') return undefined;
  const entries = listOf(logEntries(machine, split[1] ?? '')['Members']).map(objectOf);
  return entries.find((entry) => entry['Id'] === split[2]);
}

/** OEM collections of some makers hold their members whole; those must not lag behind the members themselves. */
function withWholeMembers(machine: Machine, found: Resource): Resource {
  const members = found['Members'];
  if (
    !Array.isArray(members) ||
    rolesOf(machine.capture).get(machine.capture.keyOf(String(found['@odata.id']))) === 'log'
  )
    return found;
  if (!members.some((member) => Object.keys(objectOf(member)).length > 1)) return found;
  const whole = members.map((member: unknown) => {
    const uri = linkOf(member);
    return uri === undefined ? member : (readResource(machine, uri) ?? member);
  });
  return { ...found, Members: whole };
}
