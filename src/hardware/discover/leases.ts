/** One address given out by a DHCP server. `mac` is lower case with colons; `expires` in seconds since 1970, absent when never. */
export interface Lease {
  readonly address: string;
  readonly mac: string;
  readonly name?: string;
  readonly expires?: number;
}

/**
 * Reads the lease file of dnsmasq (`dnsmasq.leases`), of Kea (memfile CSV) or of ISC dhcpd (`dhcpd.leases`); which one
 * shows in the text. A later entry for an address replaces an earlier one; lines that are no IPv4 lease are left out.
 */
export function parseLeases(text: string): readonly Lease[] {
  const entries = /^address,hwaddr,/m.test(text)
    ? keaLeases(text)
    : /^\s*lease\s+[\d.]+\s*\{/m.test(text)
      ? iscLeases(text)
      : dnsmasqLeases(text);
  const last = new Map<string, Lease | undefined>();
  for (const { address, lease } of entries) last.set(address, lease);
  return [...last.values()].filter((lease) => lease !== undefined);
}

/** Leases in force at that moment; with `prefixes` (`f4:02:70`) only those of such MAC addresses. */
export function leasesInForce(
  leases: readonly Lease[],
  now: Date,
  prefixes: readonly string[] = [],
): readonly Lease[] {
  const wanted = prefixes.map(macOf);
  return leases.filter(
    ({ mac, expires }) =>
      (expires === undefined || expires * 1000 > now.getTime()) &&
      (wanted.length === 0 || wanted.some((prefix) => mac.startsWith(prefix))),
  );
}

/** What one line or block says of an address; no lease means that it was given back. */
interface Entry {
  readonly address: string;
  readonly lease: Lease | undefined;
}

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;
const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/;

/** `expiry mac address name client-id`; an expiry of 0 never ends (dnsmasq(8), --dhcp-leasefile). */
function dnsmasqLeases(text: string): readonly Entry[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [expires = '', mac = '', address = '', name = '*'] = line.trim().split(/\s+/);
    // A MAC of another kind than Ethernet has its type in front: 06-...
    return /^\d+$/.test(expires) ? entryOf(address, mac, name, Number(expires)) : [];
  });
}

/** Columns by name; `state` 0 is in force, 1 declined, 2 reclaimed (Kea ARM, memfile). */
function keaLeases(text: string): readonly Entry[] {
  const [header = '', ...lines] = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const columns = header.split(',');
  const at = (cells: readonly string[], name: string): string => cells[columns.indexOf(name)] ?? '';
  return lines.flatMap((line) => {
    const cells = line.split(',');
    if (!IPV4.test(at(cells, 'address'))) return [];
    if (!['', '0'].includes(at(cells, 'state')) || at(cells, 'valid_lifetime') === '0') {
      return [{ address: at(cells, 'address'), lease: undefined }];
    }
    return entryOf(
      at(cells, 'address'),
      at(cells, 'hwaddr'),
      at(cells, 'hostname'),
      Number(at(cells, 'expire')),
    );
  });
}

/** Blocks `lease ADDRESS { ... }`; times are UTC (dhcpd.leases(5)). */
function iscLeases(text: string): readonly Entry[] {
  return [...text.matchAll(/^\s*lease\s+([\d.]+)\s*\{([^}]*)\}/gm)].flatMap(
    ([, address = '', block = '']) => {
      const state = /^\s*binding state (\w+);/m.exec(block)?.[1];
      if (state !== undefined && state !== 'active') return [{ address, lease: undefined }];
      const mac = /hardware ethernet ([0-9a-fA-F:]+);/.exec(block)?.[1] ?? '';
      const name = /client-hostname "([^"]*)"/.exec(block)?.[1] ?? '';
      const ends = /^\s*ends \d (\d+)\/(\d+)\/(\d+) (\d+):(\d+):(\d+);/m.exec(block)?.slice(1).map(Number);
      const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = ends ?? [];
      return entryOf(
        address,
        mac,
        name,
        ends === undefined ? 0 : Date.UTC(year, month - 1, day, hour, minute, second) / 1000,
      );
    },
  );
}

function entryOf(address: string, mac: string, name: string, expires: number): readonly Entry[] {
  if (!IPV4.test(address) || !MAC.test(macOf(mac))) return [];
  const lease = {
    address,
    mac: macOf(mac),
    ...(['', '*'].includes(name) ? {} : { name }),
    ...(expires > 0 ? { expires } : {}),
  };
  return [{ address, lease }];
}

function macOf(text: string): string {
  return text.trim().toLowerCase().replaceAll('-', ':');
}
