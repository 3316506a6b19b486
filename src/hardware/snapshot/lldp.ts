import type { LldpNeighbour } from '../../contract/hardware.ts';
import type { Resource } from '../reader.ts';
import type { Collector } from './collector.ts';
import type { Entry } from './entry.ts';
import { macOf } from './terms.ts';
import { at, compact, isBag, text } from './values.ts';
import { locate } from './vendors/index.ts';

/** What makers write where there is no neighbour. */
const NOTHING = /^(no ?link|not ?transmitted|not ?(available|supported|applicable)|unknown|none|n\/a|-)$/i;

/** The neighbour of a standard Port (DSP0268, `Ethernet.LLDPReceive`), or of a maker's part with the same fields. */
export function neighbourOf(port: Resource): LldpNeighbour | undefined {
  const oem = at(port, 'Oem');
  const places = [
    at(port, 'Ethernet', 'LLDPReceive'),
    ...(isBag(oem)
      ? Object.values(oem).map((part) => at(part, 'LLDPReceive') ?? at(part, 'LldpReceive'))
      : []),
  ];
  for (const place of places) {
    const found = neighbour(
      named(at(place, 'SystemName')),
      decoded(at(place, 'ChassisId'), at(place, 'ChassisIdSubtype')),
      decoded(at(place, 'PortId'), at(place, 'PortIdSubtype')),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Neighbours that a maker keeps apart from the ports, by the port's name in that list. */
export async function readNeighbours(
  collector: Collector,
  entry: Entry,
): Promise<ReadonlyMap<string, LldpNeighbour>> {
  const table = entry.vendor.neighbours;
  const found = new Map<string, LldpNeighbour>();
  if (table === undefined) return found;
  for (const member of await collector.guess('LLDP neighbours', locate(table.place, entry)?.uri)) {
    const [field, stale] = table.stale;
    const port = text(at(member, table.port));
    const seen = neighbour(undefined, named(at(member, table.chassis)), named(at(member, table.switchPort)));
    if (port !== undefined && seen !== undefined && !stale.test(text(at(member, field)) ?? ''))
      found.set(port, seen);
  }
  return found;
}

function neighbour(
  system: string | undefined,
  chassis: string | undefined,
  port: string | undefined,
): LldpNeighbour | undefined {
  const name = system ?? chassis;
  return name === undefined || port === undefined
    ? undefined
    : compact({ switch: name, port, chassis_id: chassis });
}

function named(value: unknown): string | undefined {
  const word = text(value);
  return word === undefined || NOTHING.test(word) ? undefined : (macOf(word) ?? word);
}

/** Early versions of the schema give ids as hexadecimal octets: `45:74:68:31` is `Eth1`. A MAC address stays one. */
function decoded(value: unknown, subtype: unknown): string | undefined {
  const word = named(value);
  const isMac = /mac/i.test(text(subtype) ?? '');
  if (word === undefined || isMac || !/^[0-9a-f]{2}(:[0-9a-f]{2})+$/i.test(word)) return word;
  const plain = String.fromCharCode(...word.split(':').map((octet) => parseInt(octet, 16)));
  return /^[\x20-\x7e]+$/.test(plain) && /[a-z0-9]/i.test(plain) ? plain.trim() : word;
}
