import type { SiteEdit } from '../../../src/contract/api.ts';
import type { DiscoverResult, NicPort } from '../../../src/contract/hardware.ts';
import { compare, learnAliases, seenText } from '../../../src/hardware/cabling/compare.ts';
import { tie } from '../../../src/hardware/cabling/plan.ts';
import type { SiteHost } from './site-view.ts';

/** How a planned interface stands to what was seen. `unverified`: the BMC or the switch does not tell, so nobody knows. */
export type CableState = 'right' | 'swapped' | 'no-link' | 'wrong-mac' | 'not-found' | 'unverified';

/** One planned interface, and the port of the machine that it is as far as that is known. */
export interface CableRow {
  readonly host: string;
  readonly name: string;
  /** Places in `hosts` and in its `interfaces`. */
  readonly at: readonly [number, number];
  readonly state: CableState;
  readonly planned?: string;
  readonly seen?: string;
  readonly mac?: string;
  readonly seenMac?: string;
  readonly link: NicPort['link'];
  readonly speed?: number;
  /** Ports with a MAC that no interface of the site file has: what may be meant where the planned MAC is not there. */
  readonly free: readonly NicPort[];
  /** The neighbour as a site file writes it, where the cable is seen in another port than planned. */
  readonly accept?: string;
}

/** Planned interfaces against what was seen, in the order of the site file. */
export function cableRows(hosts: readonly SiteHost[], result: DiscoverResult): CableRow[] {
  const places = hosts.flatMap(({ index, interfaces }) =>
    interfaces.map((_one, place): readonly [number, number] => [index, place]),
  );
  const cables = tie(hosts, result.machines);
  const aliases = learnAliases(cables.map(({ planned, port }) => ({ planned, lldp: port?.lldp })));
  const taken = new Set(cables.flatMap(({ mac }) => mac ?? []));
  return cables.map((cable, index): CableRow => {
    const { host, name, mac, planned, port, machine } = cable;
    const lldp = port?.lldp;
    const verdict = planned === undefined || lldp === undefined ? undefined : compare(planned, lldp, aliases);
    const state: CableState =
      machine === undefined
        ? 'not-found'
        : port === undefined
          ? mac === undefined
            ? 'unverified'
            : 'wrong-mac'
          : port.link === 'down'
            ? 'no-link'
            : verdict === 'other'
              ? 'swapped'
              : verdict === 'same' || (planned === undefined && port.link === 'up')
                ? 'right'
                : 'unverified';
    return {
      ...{ host, name, state, at: places[index] ?? [0, 0], link: port?.link ?? 'unknown' },
      ...(planned === undefined ? {} : { planned: planned.text }),
      ...(lldp === undefined ? {} : { seen: seenText(lldp, aliases) }),
      ...(mac === undefined ? {} : { mac }),
      ...(port?.mac === undefined ? {} : { seenMac: port.mac }),
      ...(port?.speed_mbps === undefined || port.speed_mbps === 0 ? {} : { speed: port.speed_mbps }),
      ...(state === 'swapped' && lldp !== undefined ? { accept: `${lldp.switch}:${lldp.port}` } : {}),
      free: (machine?.nics ?? []).filter((nic) => nic.mac !== undefined && !taken.has(nic.mac.toLowerCase())),
    };
  });
}

/** True for a cable that a person should look at. */
export function isOff({ state }: CableRow): boolean {
  return state !== 'right' && state !== 'unverified';
}

/** Where an interface differs from what was seen, as one edit of the site file. */
export function takeSeen(
  { at: [host, place] }: CableRow,
  field: 'mac' | 'switch_port',
  value: string,
): SiteEdit {
  const path = ['hosts', host, 'interfaces', place, field];
  return { op: 'set', path, value, after: field === 'mac' ? 'name' : 'address' };
}

/** The MAC address that is most likely meant: the free port that is plugged in where planned, or the only free one with a link. */
export function likelyMac({ free, planned, state }: CableRow): NicPort | undefined {
  if (state !== 'wrong-mac') return undefined;
  const there = free.filter(
    ({ lldp }) => lldp !== undefined && planned !== undefined && `${lldp.switch}:${lldp.port}` === planned,
  );
  if (there.length === 1) return there[0];
  const up = free.filter(({ link }) => link === 'up');
  return up.length === 1 ? up[0] : free.length === 1 ? free[0] : undefined;
}
