import { offsetMs } from './clock.ts';
import { accepted } from './bios.ts';
import { enqueue, openConfigurationJob } from './jobs.ts';
import type { Machine } from './types.ts';
import { type RedfishAnswer, messageOf, refusal, refuse, success } from './messages.ts';
import { at, listOf, objectOf, type Resource, wordsOf } from './resource.ts';
import type { MachineState } from './state.ts';

/** PATCH of a system: boot override, boot order, and plain properties such as AssetTag. */
export function patchSystem(machine: Machine, key: string, shown: Resource, body: Resource): RedfishAnswer {
  const { Boot: boot, ...rest } = body;
  const isPlain = Object.keys(rest).length > 0;
  const plain = isPlain ? patchPlain(machine, key, shown, rest) : undefined;
  if (plain !== undefined && plain.status >= 400) return plain;
  if (boot === undefined) return plain ?? success();
  const wanted = objectOf(boot);
  const offered = objectOf(shown['Boot']);
  const problem = bootProblem(wanted, offered);
  if (problem !== undefined) return problem;
  const { state } = machine;
  const target = wanted['BootSourceOverrideTarget'];
  const next: MachineState['boot'] = { ...state.boot };
  if (target !== undefined) next.target = wordsOf(target);
  const enabled = wanted['BootSourceOverrideEnabled'];
  if (enabled !== undefined) next.enabled = enabled as MachineState['boot']['enabled'];
  if (next.enabled === 'Disabled') next.target = 'None';
  if (wanted['BootSourceOverrideMode'] !== undefined) next.mode = wordsOf(wanted['BootSourceOverrideMode']);
  if (wanted['UefiTargetBootSourceOverride'] !== undefined)
    next.uefiTarget = wanted['UefiTargetBootSourceOverride'] as string | null;
  state.boot = next;
  const order = wanted['BootOrder'];
  if (order !== undefined && machine.capture.outline.maker === 'Dell') {
    if (openConfigurationJob(machine) !== undefined)
      return refuse(
        400,
        'IDRAC.2.7.SYS011',
        'A configuration job is scheduled already; nothing more can be set.',
      );
    bootJob(machine, { bootOrder: listOf(order).map(String) });
  } else if (order !== undefined) state.bootOrder = listOf(order).map(String);
  machine.save();
  return success();
}

/** PATCH of Dell's boot sources: a job that switches boot options on and off and orders them. */
export function patchBootSources(machine: Machine, body: Resource): RedfishAnswer {
  const sequence = listOf(at(body, 'Attributes', 'UefiBootSeq')).map(objectOf);
  if (sequence.length === 0) return refuse(400, 'PropertyMissing', 'The property UefiBootSeq is required.');
  const enabled = sequence.map((source) => [String(source['Name']), source['Enabled'] !== false] as const);
  const order = [...sequence]
    .sort((a, b) => Number(a['Index']) - Number(b['Index']))
    .map((source) => String(source['Name']));
  const job = bootJob(machine, { bootOrder: order, bootEnabled: Object.fromEntries(enabled) });
  return accepted(machine, machine.capture.outline.tasks ?? '', job);
}

function bootJob(
  machine: Machine,
  work: { bootOrder: readonly string[]; bootEnabled?: Record<string, boolean> },
) {
  return enqueue(machine, {
    name: 'Configure: BIOS.Setup.1-1',
    type: 'BIOSConfiguration',
    waitsForBoot: true,
    work,
  });
}

function bootProblem(wanted: Resource, offered: Resource): RedfishAnswer | undefined {
  const target = wanted['BootSourceOverrideTarget'];
  const allowed = listOf(offered['BootSourceOverrideTarget@Redfish.AllowableValues']);
  if (target !== undefined && allowed.length > 0 && !allowed.includes(target))
    return notInList('Boot/BootSourceOverrideTarget', target);
  const enabled = wanted['BootSourceOverrideEnabled'];
  if (enabled !== undefined && !['Disabled', 'Once', 'Continuous'].includes(wordsOf(enabled)))
    return notInList('Boot/BootSourceOverrideEnabled', enabled);
  const mode = wanted['BootSourceOverrideMode'];
  if (mode !== undefined && !['Legacy', 'UEFI'].includes(wordsOf(mode)))
    return notInList('Boot/BootSourceOverrideMode', mode);
  const order = wanted['BootOrder'];
  const known = listOf(offered['BootOrder']);
  const stranger = listOf(order).find((option) => known.length > 0 && !known.includes(option));
  return stranger === undefined ? undefined : notInList('Boot/BootOrder', stranger);
}

/** PATCH of a manager: its clock, in its own offset or another, and plain properties. */
export function patchManager(machine: Machine, key: string, shown: Resource, body: Resource): RedfishAnswer {
  const { DateTime: time, DateTimeLocalOffset: offset, ...rest } = body;
  const { state } = machine;
  if (offset !== undefined) {
    if (!/^[+-]\d\d:\d\d$/.test(wordsOf(offset))) return notInList('DateTimeLocalOffset', offset);
    state.localOffset = wordsOf(offset);
  }
  if (time !== undefined) {
    const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(wordsOf(time));
    const at = match === null ? NaN : Date.parse(`${match[1]}Z`) - offsetMs(match[2] ?? '');
    if (Number.isNaN(at)) {
      const text = `The value ${wordsOf(time)} for the property DateTime is of a different format than the property can accept.`;
      return refuse(400, 'PropertyValueFormatError', text, { property: 'DateTime' });
    }
    state.clockOffsetMs = at - machine.now();
    // A clock that was set right is right: the fault that put it wrong is over.
    machine.faults = machine.faults.filter(({ kind }) => kind !== 'clock');
  }
  machine.save();
  return Object.keys(rest).length > 0 ? patchPlain(machine, key, shown, rest) : success();
}

/** PATCH of properties nothing hangs on: kept and shown. Unknown, read-only and wrongly typed ones are refused, all at once. */
export function patchPlain(machine: Machine, key: string, shown: Resource, body: Resource): RedfishAnswer {
  const problems = Object.entries(body).flatMap(([name, value]) => {
    if (name.startsWith('@')) return [];
    const current = shown[name];
    const info = { property: name, args: [name], severity: 'Warning' as const };
    if (current === undefined)
      return [
        messageOf(
          'Base.1.12.PropertyUnknown',
          `The property ${name} is not in the list of valid properties for the resource.`,
          info,
        ),
      ];
    if (
      /^(?:Id|Name|Description|Status|Links|Actions|PowerState|Model|Manufacturer|SerialNumber|SKU|UUID|\w*Version)$/.test(
        name,
      )
    )
      return [
        messageOf(
          'Base.1.12.PropertyNotWritable',
          `The property ${name} is a read only property and cannot be assigned a value.`,
          info,
        ),
      ];
    if (current !== null && value !== null && typeof current !== typeof value)
      return [
        messageOf(
          'Base.1.12.PropertyValueTypeError',
          `The value ${JSON.stringify(value)} for the property ${name} is of a different type than the property can accept.`,
          info,
        ),
      ];
    return [];
  });
  if (problems.length > 0) return refusal(400, problems);
  machine.state.changed[key] = merge(machine.state.changed[key] ?? {}, shown, body);
  machine.save();
  return success();
}

/** Objects are changed property by property; everything else is replaced. */
function merge(changed: Resource, shown: Resource, body: Resource): Resource {
  const next: Record<string, unknown> = { ...changed };
  for (const [name, value] of Object.entries(body)) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    next[name] = isObject ? { ...objectOf(shown[name]), ...value } : value;
  }
  return next;
}

function notInList(property: string, value: unknown): RedfishAnswer {
  const text = `The value ${JSON.stringify(value)} for the property ${property} is not in the list of acceptable values.`;
  return refuse(400, 'PropertyValueNotInList', text, {
    property,
    args: [String(value), property],
    severity: 'Warning',
  });
}
