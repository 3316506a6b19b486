import type { HardwareSnapshot, Health, NicPort } from '../../contract/hardware.ts';
import { at, text } from './values.ts';

/** The grade of a resource's `Status`; `rollup` takes the worse of its own health and that of its parts. */
export function healthOf(resource: unknown, rollup = false): Health {
  const own = grade(at(resource, 'Status', 'Health'));
  if (!rollup) return own === 'Unknown' ? grade(at(resource, 'Status', 'HealthRollup')) : own;
  return worst([own, grade(at(resource, 'Status', 'HealthRollup'))]);
}

/** One health word as Redfish spells it, also out of the words makers use in their own parts of the tree. */
export function grade(value: unknown): Health {
  const word = text(value)?.toLowerCase() ?? '';
  if (/^(ok|good|normal|healthy|informational|redundant|present)$/.test(word)) return 'OK';
  if (/^(warning|degraded|minor|noncritical|non-critical|mismatch)$/.test(word)) return 'Warning';
  return /^(critical|fatal|failed|failure|error|major|nonrecoverable|non-recoverable)$/.test(word)
    ? 'Critical'
    : 'Unknown';
}

const SEVERITY: Readonly<Record<Health, number>> = { Unknown: 0, OK: 1, Warning: 2, Critical: 3 };

/** The worst of several grades; Unknown only when none is known. */
export function worst(grades: readonly Health[]): Health {
  return grades.reduce<Health>((a, b) => (SEVERITY[b] > SEVERITY[a] ? b : a), 'Unknown');
}

/** Whether the slot is empty: `Status.State` Absent (DSP0268), by which BMCs list what could be plugged in. */
export function isAbsent(resource: unknown): boolean {
  return /^(absent|notpresent|empty)$/i.test(text(at(resource, 'Status', 'State')) ?? '');
}

/** A MAC address in lower case with colons, out of any spelling; undefined for all zeros, all ones, GUIDs and WWNs. */
export function macOf(value: unknown): string | undefined {
  const plain = text(value) ?? '';
  if (!/^[0-9a-f]{2}([-:. ]?[0-9a-f]{2}){5}$/i.test(plain) && !/^([0-9a-f]{4}\.){2}[0-9a-f]{4}$/i.test(plain))
    return undefined;
  const digits = plain.replace(/[^0-9a-f]/gi, '').toLowerCase();
  if (digits.length !== 12 || /^(0{12}|f{12})$/.test(digits)) return undefined;
  return digits.match(/../g)?.join(':');
}

/** Link state out of Port (`LinkUp`), NetworkPort (`Up`), EthernetInterface (`LinkUp`) and makers' words. */
export function linkState(value: unknown): NicPort['link'] {
  const word = (text(value) ?? '').replace(/[\s_-]/g, '').toLowerCase();
  if (/^(up|linkup|connected)$/.test(word)) return 'up';
  return /^(down|linkdown|nolink|disconnected)$/.test(word) ? 'down' : 'unknown';
}

/** The power state of a system; the words of ComputerSystem.PowerState in any case. */
export function powerState(value: unknown): HardwareSnapshot['power_state'] {
  const word = text(value)?.toLowerCase();
  return POWER_STATES.find((state) => state.toLowerCase() === word) ?? 'Unknown';
}

const POWER_STATES = ['On', 'Off', 'PoweringOn', 'PoweringOff', 'Paused'] as const;
