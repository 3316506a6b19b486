import type { HardwareFinding } from '../../contract/hardware.ts';
import { about, type Seen } from './finding.ts';
import { type Cable, label, type SeenMachine } from './plan.ts';

/** Planned MAC addresses that the machine does not have: another machine's, a slip of the pen, or nobody's. */
export function checkMacs({ cables }: Seen, machines: readonly SeenMachine[]): HardwareFinding[] {
  const owners = new Map(
    machines.flatMap((machine) => (machine.snapshot?.nics ?? []).map((nic) => [nic.mac, machine] as const)),
  );
  const taken = new Set(cables.map((cable) => cable.mac));
  return cables.flatMap((cable) => {
    const { mac, machine, port } = cable;
    if (mac === undefined || machine === undefined || port !== undefined) return [];
    const owner = owners.get(mac);
    if (owner !== undefined) return [elsewhere(cable, mac, owner)];
    const near = machine.nics.find(
      (nic) => nic.mac !== undefined && !taken.has(nic.mac) && isSlip(nic.mac, mac),
    );
    if (near?.mac !== undefined)
      return [
        about(
          cable,
          'error',
          'cable.mac_mistyped',
          `${label(cable)}: no port has the MAC address ${mac}; ${near.id} has ${near.mac}, which is nearly the same.`,
          {
            seen: near.mac,
            wanted: mac,
            repair: `Correct the MAC address of ${label(cable)} in the site file to ${near.mac}.`,
          },
        ),
      ];
    const known = machine.nics.flatMap((nic) => (nic.mac === undefined ? [] : [nic.mac]));
    if (known.length === 0) return [unread(cable, mac)];
    // A port without an address may be the one that is looked for.
    const certain = known.length === machine.nics.length;
    return [
      about(
        cable,
        certain ? 'error' : 'warning',
        'cable.mac_unknown',
        `${label(cable)}: the machine has no port with the MAC address ${mac}.`,
        {
          seen: known.join(', ') || undefined,
          wanted: mac,
          repair: 'Correct the MAC address in the site file, or check that the network card is installed.',
        },
      ),
    ];
  });
}

function unread(cable: Cable, mac: string): HardwareFinding {
  return about(
    cable,
    'note',
    'cable.mac_unread',
    `${label(cable)}: the BMC tells no MAC address of any port; whether the machine has ${mac} is not checked.`,
  );
}

function elsewhere(cable: Cable, mac: string, owner: SeenMachine): HardwareFinding {
  const whose =
    owner.host === undefined
      ? `a machine with serial number ${owner.snapshot?.serial ?? 'unknown'}`
      : owner.host;
  return about(
    cable,
    'error',
    'cable.mac_elsewhere',
    `${label(cable)}: the MAC address ${mac} belongs to ${whose}.`,
    {
      seen: whose,
      wanted: cable.host,
      repair: `Correct the MAC address of ${label(cable)} or the serial number of ${cable.host} in the site file.`,
    },
  );
}

/** One digit wrong, or two neighbouring digits the wrong way round. */
function isSlip(a: string, b: string): boolean {
  const [left, right] = [a.replaceAll(':', ''), b.replaceAll(':', '')];
  const wrong = [...left].flatMap((digit, index) => (digit === right[index] ? [] : [index]));
  const [first, second] = wrong;
  if (first === undefined) return false;
  if (second === undefined) return true;
  return (
    wrong.length === 2 &&
    second === first + 1 &&
    left[first] === right[second] &&
    left[second] === right[first]
  );
}
