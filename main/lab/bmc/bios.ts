import { lockableAttributes, lockedFor } from './attribute-locks.ts';
import { enqueue, openConfigurationJob } from './jobs.ts';
import type { Machine } from './types.ts';
import { type RedfishAnswer, messageOf, refusal, refuse, success } from './messages.ts';
import { at, listOf, objectOf, type Resource, wordsOf } from './resource.ts';

/** PATCH of the BIOS settings: checked against the attribute registry, then pending until a boot (on Dell: until its job ran). */
export function patchBios(machine: Machine, body: Resource): RedfishAnswer {
  const { state, capture } = machine;
  const attributes = objectOf(body['Attributes']);
  const applyTime = at(body, '@Redfish.SettingsApplyTime', 'ApplyTime');
  if (body['Attributes'] === undefined || Object.keys(attributes).length === 0)
    return refuse(400, 'PropertyMissing', 'The property Attributes is required and was not in the request.');
  const problems = checkAttributes(machine, attributes);
  if (problems.length > 0) return refusal(400, problems);
  if (capture.outline.maker !== 'Dell') {
    Object.assign(state.biosPending, attributes);
    machine.save();
    return keptForReset('SystemResetRequired', 'The settings are kept and apply when the system is reset.');
  }
  if (openConfigurationJob(machine) !== undefined) return committed();
  const times = listOf(
    at(machine.at(capture.outline.systems[0]?.bios), '@Redfish.Settings', 'SupportedApplyTimes'),
  );
  if (applyTime !== undefined && !times.includes(applyTime)) {
    const text = `The value ${JSON.stringify(applyTime)} for ApplyTime is not in the list of acceptable values.`;
    return refuse(400, 'PropertyValueNotInList', text, { property: '@Redfish.SettingsApplyTime/ApplyTime' });
  }
  Object.assign(state.biosPending, attributes);
  if (applyTime === undefined) {
    machine.save();
    return success();
  }
  return accepted(machine, `${capture.outline.tasks ?? ''}`, biosJob(machine));
}

/** POST to Dell's job queue: makes a job of what is pending. */
export function createConfigurationJob(machine: Machine, body: Resource): RedfishAnswer {
  const { capture, state } = machine;
  const target = wordsOf(body['TargetSettingsURI']);
  const settings = capture.outline.systems[0]?.biosSettings ?? '';
  if (capture.keyOf(target) !== capture.keyOf(settings))
    return refuse(400, 'PropertyValueNotInList', `TargetSettingsURI must be ${settings}.`, {
      property: 'TargetSettingsURI',
    });
  if (openConfigurationJob(machine) !== undefined) return committed();
  if (Object.keys(state.biosPending).length === 0)
    return refuse(400, 'NoOperation', 'There are no pending settings to make a job of.');
  return accepted(machine, capture.outline.dellJobs ?? '', biosJob(machine), 200);
}

/** Drops what is pending; a scheduled job holds it fast. */
export function clearPending(machine: Machine): RedfishAnswer {
  if (openConfigurationJob(machine) !== undefined) return committed();
  machine.state.biosPending = {};
  machine.save();
  return success();
}

/** Bios.ResetBios: the captured values count as the defaults, back at the next boot. */
export function resetBios(machine: Machine): RedfishAnswer {
  if (machine.capture.outline.maker === 'Dell') {
    enqueue(machine, {
      name: 'ResetBios',
      type: 'SystemResetBios',
      waitsForBoot: true,
      work: { biosDefaults: true },
    });
  } else {
    const captured = objectOf(machine.at(machine.capture.outline.systems[0]?.bios)?.['Attributes']);
    machine.state.biosPending = Object.fromEntries(
      Object.keys(machine.state.bios).map((name) => [name, captured[name]]),
    );
  }
  machine.save();
  return success();
}

function biosJob(machine: Machine) {
  const work = { bios: { ...machine.state.biosPending } };
  return enqueue(machine, {
    name: 'Configure: BIOS.Setup.1-1',
    type: 'BIOSConfiguration',
    waitsForBoot: true,
    work,
  });
}

/** 202 with where to follow a job. */
export function accepted(
  machine: Machine,
  queue: string,
  job: { readonly id: string },
  status = 202,
): RedfishAnswer {
  machine.save();
  return success({ Location: `${queue}/${job.id}` }, status);
}

/** Every attribute that is unknown, read-only or has a value its registry entry does not allow. */
function checkAttributes(machine: Machine, attributes: Resource): readonly Resource[] {
  const system = machine.capture.outline.systems[0];
  const registry = machine.capture.lookup(system?.biosRegistry) ?? {};
  const entries = listOf(at(registry, 'RegistryEntries', 'Attributes')).map(objectOf);
  const lockable = lockableAttributes(registry);
  const locked = lockedFor(machine, registry, attributes);
  const isReadOnly = (name: string, entry: Resource | undefined): boolean =>
    lockable.has(name) ? locked.has(name) : entry?.['ReadOnly'] === true;
  const byName = new Map(entries.map((entry) => [String(entry['AttributeName']), entry]));
  const current = objectOf(machine.capture.lookup(system?.bios)?.['Attributes']);
  return Object.entries(attributes).flatMap(([name, value]) => {
    const property = `Attributes/${name}`;
    const entry = byName.get(name);
    if (entry === undefined && (byName.size > 0 || !(name in current))) {
      const text = `The property ${name} is not in the list of valid properties for the resource.`;
      return [messageOf('Base.1.12.PropertyUnknown', text, { property, args: [name], severity: 'Warning' })];
    }
    if (isReadOnly(name, entry) || entry?.['Immutable'] === true) {
      const text = `The property ${name} is a read only property and cannot be assigned a value.`;
      return [
        messageOf('Base.1.12.PropertyNotWritable', text, { property, args: [name], severity: 'Warning' }),
      ];
    }
    const problem = entry === undefined ? undefined : valueProblem(entry, value);
    if (problem === undefined) return [];
    const text = `The value ${JSON.stringify(value)} for the property ${name} ${problem.text}`;
    return [
      messageOf(`Base.1.12.${problem.id}`, text, {
        property,
        args: [String(value), name],
        severity: 'Warning',
      }),
    ];
  });
}

function valueProblem(
  entry: Resource,
  value: unknown,
): { readonly id: string; readonly text: string } | undefined {
  const wrongType = {
    id: 'PropertyValueTypeError',
    text: 'is of a different type than the property can accept.',
  };
  const notInList = { id: 'PropertyValueNotInList', text: 'is not in the list of acceptable values.' };
  const outOfRange = { id: 'PropertyValueOutOfRange', text: 'is not in the supported range.' };
  switch (entry['Type']) {
    case 'Enumeration': {
      const names = listOf(entry['Value']).map((option) => objectOf(option)['ValueName']);
      return names.includes(value) ? undefined : typeof value === 'string' ? notInList : wrongType;
    }
    case 'Integer': {
      if (typeof value !== 'number' || !Number.isInteger(value)) return wrongType;
      const low = Number(entry['LowerBound'] ?? -Infinity);
      return value < low || value > Number(entry['UpperBound'] ?? Infinity) ? outOfRange : undefined;
    }
    case 'Boolean':
      return typeof value === 'boolean' ? undefined : wrongType;
    case 'String':
    case 'Password': {
      if (typeof value !== 'string') return wrongType;
      const isLong =
        value.length > Number(entry['MaxLength'] ?? Infinity) ||
        value.length < Number(entry['MinLength'] ?? 0);
      return isLong && value !== ''
        ? { ...outOfRange, text: 'has a length that is not supported.' }
        : undefined;
    }
    default:
      return undefined;
  }
}

/** SYS011 is what an iDRAC answers while a job holds the settings. */
function committed(): RedfishAnswer {
  return refuse(
    400,
    'IDRAC.2.7.SYS011',
    'Pending settings are committed to a job already; nothing more can be set.',
    {
      resolution: 'Wait for the scheduled job to complete, or delete it.',
      severity: 'Warning',
    },
  );
}

function keptForReset(id: string, text: string): RedfishAnswer {
  const message = messageOf(`iLO.2.14.${id}`, text, { severity: 'Warning' });
  return {
    status: 200,
    body: { error: { code: 'iLO.0.10.ExtendedInfo', message: text, '@Message.ExtendedInfo': [message] } },
  };
}
