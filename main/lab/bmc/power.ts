import { enqueue } from './jobs.ts';
import type { Machine } from './types.ts';
import { type RedfishAnswer, refuse } from './messages.ts';
import { allowableValues } from './outline.ts';
import { type Resource, wordsOf } from './resource.ts';
import { bootAt } from './settle.ts';

const KNOWN = [
  'On',
  'ForceOn',
  'ForceOff',
  'GracefulShutdown',
  'ForceRestart',
  'GracefulRestart',
  'PowerCycle',
  'PushPowerButton',
  'Nmi',
];

/** ComputerSystem.Reset: what the capture allows, with the time a graceful one takes. */
export function resetSystem(machine: Machine, system: Resource, body: Resource): RedfishAnswer {
  const { state } = machine;
  const type = wordsOf(body['ResetType']);
  const allowed = allowableValues(system, 'ComputerSystem.Reset', 'ResetType') ?? KNOWN;
  if (body['ResetType'] === undefined)
    return refuse(
      400,
      'ActionParameterMissing',
      'The action ComputerSystem.Reset needs the parameter ResetType.',
    );
  if (!allowed.includes(type)) {
    const text = `The value ${type} for the parameter ResetType is not in the list of acceptable values.`;
    return refuse(400, 'ActionParameterValueNotInList', text, {
      args: [type, 'ResetType', 'ComputerSystem.Reset'],
      resolution: `Use one of ${allowed.join(', ')}.`,
    });
  }
  const isOn = state.power === 'On';
  const action = type === 'PushPowerButton' ? (isOn ? 'GracefulShutdown' : 'On') : type;
  const isStart = action === 'On' || action === 'ForceOn';
  if (isStart ? isOn : !isOn) {
    const text = `The machine is ${isOn ? 'on' : 'off'} already, so ${type} changes nothing.`;
    return refuse(409, 'ResourceInUse', text, { severity: 'Warning' });
  }
  schedule(machine, action);
  machine.settle();
  machine.save();
  return { status: 204 };
}

function schedule(machine: Machine, action: string): void {
  const { state, timings } = machine;
  const now = machine.now();
  const down = now + timings.graceful * 1000;
  const up = timings.restart * 1000;
  state.steps = [];
  switch (action) {
    case 'On':
    case 'ForceOn':
      return bootAt(machine, now);
    case 'ForceOff':
      state.power = 'Off';
      return;
    case 'GracefulShutdown':
      state.steps = [{ at: down, to: 'off' }];
      return;
    case 'ForceRestart':
      return bootAt(machine, now);
    case 'PowerCycle':
      state.power = 'Off';
      state.steps = [{ at: now + up, to: 'boot' }];
      return;
    case 'GracefulRestart': {
      // An iDRAC queues a reboot job for this, and the module idrac_boot waits for that job.
      const isDell = machine.capture.outline.maker === 'Dell';
      const job = isDell
        ? enqueue(machine, {
            prefix: 'RID',
            name: 'Reboot1',
            type: 'RebootNoForce',
            waitsForBoot: true,
            work: {},
          })
        : undefined;
      state.steps = [
        { at: down, to: 'off' },
        { at: down + up, to: 'boot', ...(job === undefined ? {} : { job: job.id }) },
      ];
      return;
    }
  }
}
