import type { BmcFacts } from '../../contract/hardware.ts';
import type { Resource } from '../reader.ts';
import type { Collector } from './collector.ts';
import type { Entry } from './entry.ts';
import { readLicenses } from './licenses.ts';
import { macOf } from './terms.ts';
import { at, compact, firstText, flag, idOf, link, list, number, text } from './values.ts';

/** What is told about the BMC by whoever dialled it. */
export interface Dialled {
  readonly address: string;
  readonly certificate?: BmcFacts['certificate'];
}

/** The BMC itself: product, version, clock, licences and sessions. */
export async function readBmc(collector: Collector, entry: Entry, dialled: Dialled): Promise<BmcFacts> {
  const manager = entry.manager;
  const [licenses, sessions, interfaces] = await Promise.all([
    readLicenses(collector, entry, entry.managerReadAt),
    readSessions(collector, entry),
    collector.members('BMC network', link(at(manager, 'EthernetInterfaces'))),
  ]);
  return compact({
    address: dialled.address,
    uri: link(manager),
    product: productOf(entry),
    model: text(at(manager, 'Model')),
    version: text(at(manager, 'FirmwareVersion')),
    mac: macOfBmc(interfaces, dialled.address),
    redfish_version: text(at(entry.root, 'RedfishVersion')),
    ...clockOf(manager, entry.managerReadAt),
    licenses,
    sessions,
    certificate: dialled.certificate,
  });
}

function productOf(entry: Entry): string | undefined {
  for (const word of [text(at(entry.manager, 'Model')), text(at(entry.manager, 'FirmwareVersion'))]) {
    for (const [pattern, name] of entry.vendor.products ?? []) {
      const match = word === undefined ? null : pattern.exec(word);
      if (match !== null) return name.replace('$&', match[0]).replace('$1', match[1] ?? '');
    }
  }
  // Some services name the server here, not the BMC.
  const product = text(at(entry.root, 'Product'));
  return product === undefined || product === text(at(entry.system, 'Model'))
    ? text(at(entry.manager, 'Model'))
    : product;
}

/** The clock to the second, as BMCs tell it, and its distance from ours at that moment. */
function clockOf(
  manager: Resource | undefined,
  readAt: Date,
): Pick<BmcFacts, 'time' | 'clock_offset_seconds'> {
  const told = text(at(manager, 'DateTime'));
  if (told === undefined) return {};
  const zoned = /(z|[+-]\d\d:?\d\d)$/i.test(told)
    ? told
    : told + (text(at(manager, 'DateTimeLocalOffset')) ?? 'Z');
  const time = Date.parse(zoned);
  return Number.isNaN(time)
    ? {}
    : {
        time: new Date(time).toISOString(),
        clock_offset_seconds: Math.round((time - readAt.getTime()) / 1000),
      };
}

async function readSessions(collector: Collector, entry: Entry): Promise<BmcFacts['sessions']> {
  const service = link(at(entry.root, 'SessionService'));
  const place =
    link(at(entry.root, 'Links', 'Sessions')) ?? (service === undefined ? undefined : `${service}/Sessions`);
  // The count alone is wanted, so the collection is read without its members.
  const sessions = await collector.resource('sessions', place);
  if (sessions === undefined) return undefined;
  const open = number(at(sessions, 'Members@odata.count')) ?? list(at(sessions, 'Members')).length;
  return compact({ open, limit: entry.vendor.sessionLimit });
}

function macOfBmc(interfaces: readonly Resource[], address: string): string | undefined {
  const outside = interfaces.filter(
    (one) => !/^(tohost|usb\d*|hostusb.*)$/i.test(idOf(one)) && flag(at(one, 'InterfaceEnabled')) !== false,
  );
  const host = URL.canParse(address) ? new URL(address).hostname.replace(/^\[|\]$/g, '') : address;
  const dialled = outside.find((one) =>
    [at(one, 'IPv4Addresses'), at(one, 'IPv6Addresses')]
      .flatMap((addresses) => (Array.isArray(addresses) ? (addresses as unknown[]) : [addresses]))
      .some((entry) => text(at(entry, 'Address'))?.toLowerCase() === host.toLowerCase()),
  );
  for (const one of [dialled, ...outside]) {
    const mac = macOf(firstText(at(one, 'PermanentMACAddress'), at(one, 'MACAddress')));
    if (mac !== undefined) return mac;
  }
  return undefined;
}
