import type { ProbeRow } from '../contract/vantage.ts';
import type { RedfishReader, Resource } from '../hardware/index.ts';

/** What a BMC tells of its server and of itself, as rows without `from`. */
export type BmcRow = Omit<ProbeRow, 'from'>;

const ROOT = '/redfish/v1/';
const LINKS: Readonly<Record<string, 'up' | 'down'>> = { LinkUp: 'up', LinkDown: 'down', NoLink: 'down' };

/** Asks a BMC for its server's power, the link of the port with this MAC address, and its own interface. Reads only. */
export async function askBmc(
  reader: RedfishReader,
  host: string,
  mac: string | undefined,
): Promise<BmcRow[]> {
  const root = await reader.get(ROOT);
  const [systems, managers] = await Promise.all([
    membersOf(reader, root, 'Systems'),
    membersOf(reader, root, 'Managers'),
  ]);
  const system = systems.find(({ PowerState }) => PowerState !== undefined) ?? systems[0] ?? {};
  const [ports, own] = await Promise.all([
    membersOf(reader, system, 'EthernetInterfaces'),
    membersOf(reader, managers[0] ?? {}, 'EthernetInterfaces'),
  ]);
  return [powerRow(system, host), linkRow(ports, host, mac), ...ownRow(own)];
}

async function membersOf(
  reader: RedfishReader,
  resource: Resource,
  field: string,
): Promise<readonly Resource[]> {
  const link = resource[field];
  const uri = typeof link === 'object' && link !== null ? (link as Resource)['@odata.id'] : undefined;
  // A BMC that lacks one list still tells the rest.
  return typeof uri === 'string' ? reader.members(uri).catch(() => []) : [];
}

function powerRow({ PowerState }: Resource, host: string): BmcRow {
  const to = `${host}/power`;
  if (PowerState === 'On') return { to, check: 'power', status: 'ok', text: 'switched on' };
  if (PowerState === 'Off') return { to, check: 'power', status: 'down', text: 'switched off' };
  const text = typeof PowerState === 'string' ? `power is ${PowerState}` : 'it does not tell';
  return { to, check: 'power', status: 'unclear', text };
}

function linkRow(ports: readonly Resource[], host: string, mac: string | undefined): BmcRow {
  const row = { to: `${host}/link`, check: 'link' } as const;
  const states = ports.map((port) => LINKS[String(port['LinkStatus'])]);
  if (mac === undefined) {
    const none = states.length > 0 && states.every((state) => state === 'down');
    return none
      ? { ...row, status: 'down', text: `none of its ${states.length} ports has a link` }
      : { ...row, status: 'unclear', text: 'the site file names no MAC address for this interface' };
  }
  const at = ports.findIndex((port) =>
    [port['MACAddress'], port['PermanentMACAddress']].some((seen) => String(seen).toLowerCase() === mac),
  );
  const id = ports[at]?.['Id'];
  const name = `port ${typeof id === 'string' ? id : mac}`;
  if (at < 0) return { ...row, status: 'unclear', text: `it knows no port with ${mac}` };
  if (states[at] === 'up') return { ...row, status: 'ok', text: `${name} has a link` };
  if (states[at] === 'down') return { ...row, status: 'down', text: `${name} (${mac}) has no link` };
  return { ...row, status: 'unclear', text: `${name}: it does not tell the link` };
}

function ownRow(interfaces: readonly Resource[]): BmcRow[] {
  const used = interfaces.find((one) => addressOf(one) !== undefined) ?? interfaces[0];
  if (used === undefined) return [];
  const state = LINKS[String(used['LinkStatus'])];
  const text = `its own interface: ${addressOf(used) ?? 'no address'}, link ${state ?? 'not told'}`;
  return [{ to: 'itself', check: 'bmc', status: 'ok', text }];
}

function addressOf(one: Resource): string | undefined {
  const list: unknown = one['IPv4Addresses'];
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  const address = typeof first === 'object' && first !== null ? (first as Resource)['Address'] : undefined;
  return typeof address === 'string' && address !== '' ? address : undefined;
}
