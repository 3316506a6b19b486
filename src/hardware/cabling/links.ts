import type { HardwareFinding } from '../../contract/hardware.ts';
import { about, groupBy, names, type Seen } from './finding.ts';
import { type Cable, label, type SeenMachine } from './plan.ts';
import { portKey, switchKey } from './port-names.ts';

/** Planned ports without a link, and ports of which the BMC tells too little to judge. */
export function checkLinks({ cables }: Seen): HardwareFinding[] {
  const tied = cables.filter((cable) => cable.port !== undefined);
  const down = tied.filter((cable) => cable.port?.link === 'down').map(noLink);
  return [...down, ...unknowns(cables)];
}

function noLink(cable: Cable): HardwareFinding {
  const off = cable.machine?.power_state === 'Off';
  const goal = cable.planned === undefined ? 'its switch' : cable.planned.text;
  return about(
    cable,
    off ? 'warning' : 'error',
    'cable.no_link',
    `${label(cable)} has no link${off ? '; the host is off, so that may be all' : ''}.`,
    {
      seen: 'down',
      wanted: cable.planned === undefined ? 'up' : `up, in ${cable.planned.text}`,
      repair: off
        ? `Switch ${cable.host} on and look again.`
        : `Check the cable and transceiver from ${label(cable)} to ${goal}, and that the port is enabled.`,
    },
  );
}

/** What is not known is said as not known, once a host, and never as wrong. */
function unknowns(cables: readonly Cable[]): HardwareFinding[] {
  const findings: HardwareFinding[] = [];
  for (const [host, own] of groupBy(cables, (cable) => cable.host)) {
    if (own[0]?.machine === undefined) continue;
    const say = (code: string, some: readonly Cable[], message: (which: string) => string) => {
      if (some.length > 0) findings.push(about({ host }, 'note', code, `${host}: ${message(names(some))}`));
    };
    const untied = own.filter(
      (cable) => cable.port === undefined && cable.mac === undefined && cable.planned !== undefined,
    );
    if (tellsAll(own)) findings.push(...untied.map(notSeen));
    else
      say(
        'cable.port_unknown',
        untied,
        (which) =>
          `which port is ${which} is not known; give its MAC address in the site file to have it checked.`,
      );
    const quiet = own.filter((cable) => cable.port !== undefined && cable.port.lldp === undefined);
    say(
      'cable.unknown',
      quiet.filter((cable) => cable.port?.link === 'unknown'),
      (which) => `the BMC tells neither link nor neighbour of ${which}; the cabling is not checked.`,
    );
    say(
      'cable.neighbour_unknown',
      quiet.filter((cable) => cable.port?.link === 'up' && cable.planned !== undefined),
      (which) => `the BMC tells a link, but no neighbour, of ${which}; where it ends is not checked.`,
    );
  }
  return findings;
}

/** Whether every port of the machine that has a link, or may have one, tells its neighbour. */
function tellsAll(own: readonly Cable[]): boolean {
  const nics = own[0]?.machine?.nics ?? [];
  return nics.length > 0 && nics.every((nic) => nic.link === 'down' || nic.lldp !== undefined);
}

function notSeen(cable: Cable): HardwareFinding {
  const goal = cable.planned?.text ?? '';
  return about(
    cable,
    'error',
    'cable.not_seen',
    `${label(cable)}: no port of ${cable.host} is seen in ${goal}.`,
    {
      wanted: goal,
      repair: `Plug the cable of ${label(cable)} into ${goal}, or give the MAC address of the port in the site file.`,
    },
  );
}

/** Ports that run slower than the same interface elsewhere, or than they can. */
export function checkSpeeds({ cables }: Seen): HardwareFinding[] {
  const running = cables.filter((cable) => cable.port?.link === 'up' && speedOf(cable) > 0);
  const usual = new Map(
    [...groupBy(running, (cable) => cable.name)].map(([name, own]) => [name, mostCommon(own)]),
  );
  return running.flatMap((cable) => {
    const speed = speedOf(cable);
    const others = usual.get(cable.name) ?? 0;
    if (speed < others)
      return [
        about(
          cable,
          'warning',
          'cable.slow',
          `${label(cable)} runs at ${rate(speed)}; the other hosts' ${cable.name} runs at ${rate(others)}.`,
          {
            seen: rate(speed),
            wanted: rate(others),
            repair: `Check the cable, the transceiver and the speed set in the switch for ${label(cable)}.`,
          },
        ),
      ];
    const max = cable.port?.max_speed_mbps ?? 0;
    if (speed >= max) return [];
    return [
      about(
        cable,
        'note',
        'cable.below_capability',
        `${label(cable)} runs at ${rate(speed)}; the port can do ${rate(max)}.`,
        {
          seen: rate(speed),
          wanted: rate(max),
        },
      ),
    ];
  });
}

function speedOf(cable: Cable): number {
  return cable.port?.speed_mbps ?? 0;
}

/** The speed of more than half of the cables; none where fewer than three can be compared. */
function mostCommon(cables: readonly Cable[]): number {
  const best = [...groupBy(cables, speedOf)].sort((a, b) => b[1].length - a[1].length)[0];
  return best !== undefined && cables.length >= 3 && best[1].length * 2 > cables.length ? best[0] : 0;
}

function rate(mbps: number): string {
  return mbps >= 1000 ? `${mbps / 1000} Gbit/s` : `${mbps} Mbit/s`;
}

/** One switch port that two machines' ports both claim: one of the two answers is stale. */
export function checkDuplicates(machines: readonly SeenMachine[]): HardwareFinding[] {
  const ends = machines.flatMap(({ host, snapshot }) =>
    (snapshot?.nics ?? []).flatMap((nic) =>
      nic.lldp === undefined || nic.link === 'down'
        ? []
        : [
            {
              host: host ?? snapshot?.serial ?? 'unknown machine',
              nic,
              text: `${nic.lldp.switch}:${nic.lldp.port}`,
              key: `${switchKey(nic.lldp.switch)} ${portKey(nic.lldp.port)}`,
            },
          ],
    ),
  );
  return [...groupBy(ends, (end) => end.key).values()].flatMap((group) => {
    const [first, second] = group;
    if (first === undefined || second === undefined) return [];
    const who = group.map((end) => `${end.host} ${end.nic.id}`).join(' and ');
    return [
      about(
        first,
        'warning',
        'cable.port_seen_twice',
        `${who} all report ${first.text} as their neighbour; one port takes one cable, so one of the answers is old.`,
        {
          seen: who,
          repair: 'Wait a minute for fresh LLDP packets and discover again.',
        },
      ),
    ];
  });
}
