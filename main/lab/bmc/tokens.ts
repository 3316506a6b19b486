import { at, listOf, objectOf, textOf, type Resource } from './resource.ts';

/** What a piece of text in a capture identifies; a token is replaced by each machine's own value. */
export type TokenKind =
  'port-mac' | 'bmc-mac' | 'mac' | 'serial' | 'tag' | 'part' | 'uuid' | 'other-uuid' | 'host' | 'address';

/** One identifying text of a capture. `ordinal` counts the ports; `text` is exactly as captured. */
export interface Token {
  readonly text: string;
  readonly kind: TokenKind;
  readonly ordinal: number;
}

const MAC = /^[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}$/i;
const MAC_IN_TEXT = /[0-9a-f]{2}([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}/gi;
/** Texts of a serial-number field that identify nothing. */
const PLACEHOLDER = /^(?:n\/?a|none|null|unknown|not ?\w+|to be filled.*|default.*|0+|1234567890*|x+)$/i;

/** What names a machine in a capture: found by where it stands, to be replaced wherever else it appears. */
export interface NamingResources {
  readonly root: Resource;
  readonly systems: readonly Resource[];
  readonly chassis: readonly Resource[];
  readonly managers: readonly Resource[];
  /** EthernetInterface resources of the systems, in their collection's order. */
  readonly ports: readonly Resource[];
  readonly bmcPorts: readonly Resource[];
}

/** Every identifying text of a capture by its exact spelling. `all` are the resources to look through for parts. */
export function findTokens(named: NamingResources, all: Iterable<Resource>): ReadonlyMap<string, Token> {
  const tokens = new Map<string, Token>();
  const add = (kind: TokenKind, value: unknown, ordinal = 0) => {
    const text = textOf(value)?.trim();
    if (text === undefined || text.length < 4 || PLACEHOLDER.test(text) || /["\\]/.test(text)) return;
    if (!tokens.has(text)) tokens.set(text, { text, kind, ordinal });
  };
  const addMac = (kind: TokenKind, value: unknown, ordinal = 0) => {
    const text = textOf(value);
    if (text === undefined || !MAC.test(text) || /^(?:00|ff)([:-](?:00|ff)){5}$/i.test(text)) return;
    for (const spelling of spellings(text)) add(kind, spelling, ordinal);
  };

  for (const port of named.bmcPorts) {
    addMac('bmc-mac', port['MACAddress']);
    addMac('bmc-mac', port['PermanentMACAddress']);
    for (const ipv4 of listOf(port['IPv4Addresses'])) add('address', at(ipv4, 'Address'));
  }
  named.ports.forEach((port, index) => {
    addMac('port-mac', port['MACAddress'], index);
    addMac('port-mac', port['PermanentMACAddress'], index);
  });
  const isDell = named.root['Vendor'] === 'Dell' || objectOf(named.root['Oem'])['Dell'] !== undefined;
  for (const system of named.systems) {
    // A service tag is what Dell calls the SKU; other makers' SKU names the product, not the machine.
    if (isDell) add('tag', system['SKU']);
    add('serial', system['SerialNumber']);
    add('host', system['HostName']);
    add('uuid', system['UUID']);
  }
  for (const chassis of named.chassis) add('other-uuid', chassis['UUID']);
  for (const manager of named.managers) {
    add('other-uuid', manager['UUID']);
    add('other-uuid', manager['ServiceEntryPointUUID']);
  }
  add('other-uuid', named.root['UUID']);
  for (const resource of all) walk(resource);
  return tokens;

  function walk(value: unknown): void {
    if (Array.isArray(value)) return value.forEach(walk);
    if (typeof value === 'string') {
      for (const [mac] of value.matchAll(MAC_IN_TEXT)) addMac('mac', mac);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (/serial_?number$/i.test(name)) add('part', inner);
      else if (/^(?:uuid|smbiosguid)$/i.test(name)) add('other-uuid', inner);
      walk(inner);
    }
  }
}

/** A MAC address in the spellings that Redfish resources, device paths and ids use. */
function spellings(mac: string): readonly string[] {
  const bytes = mac.toLowerCase().split(/[:-]/);
  const lower = [bytes.join(':'), bytes.join('-'), bytes.join('')];
  return [...lower, ...lower.map((text) => text.toUpperCase())];
}

/** A MAC address spelled like `model`: its separator and its case. */
export function spellLike(model: string, mac: string): string {
  const separator = /[:-]/.exec(model)?.[0] ?? '';
  const text = mac.toLowerCase().split(/[:-]/).join(separator);
  return /[A-F]/.test(model) ? text.toUpperCase() : text;
}
