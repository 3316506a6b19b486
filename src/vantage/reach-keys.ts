import type { ProbeKind } from './destination.ts';

/** Causes that mean "could not be reached", and how the service behind each is spoken to. A trailing `.*` takes a family. */
const REACHING: readonly (readonly [key: string, kind: ProbeKind])[] = [
  ['ssh.unreachable', 'ssh'],
  ['ssh.refused', 'ssh'],
  ['ssh.connection_refused', 'ssh'],
  ['ssh.no_route', 'ssh'],
  ['ssh.timeout', 'ssh'],
  ['ssh.closed', 'ssh'],
  ['ssh.dns', 'ssh'],
  ['stage.contact_lost', 'ssh'],
  ['tunnel.refused', 'ssh'],
  ['vm.no_answer', 'ssh'],
  ['dns.unresolved', 'dns'],
  ['dns.server_unreachable', 'dns'],
  ['dns.answer', 'dns'],
  ['ntp.unsynchronised', 'ntp'],
  ['ntp.answer', 'ntp'],
  ['assisted.ntp_unsynced', 'ntp'],
  ['redfish.unreachable', 'https'],
  ['redfish.refused', 'https'],
  ['redfish.connection_refused', 'https'],
  ['redfish.timeout', 'https'],
  ['redfish.closed', 'https'],
  ['redfish.dns', 'https'],
  ['redfish.media_unreachable', 'http'],
  ['ome.unreachable', 'http'],
  ['ome.timeout', 'http'],
  ['repo.unreachable', 'http'],
  ['http.*', 'http'],
  ['offline.no_internet', 'http'],
  ['foreman.api_unreachable', 'http'],
  ['openstack.api_unreachable', 'http'],
];
/** The server answered, and what it said is the failure. */
const ANSWERED = new Set(['http.not_found']);

/** How to speak to what a failure of this cause wanted to reach; undefined for causes that are about something else. */
export function reachingOf(key: string | null): ProbeKind | undefined {
  if (key === null || ANSWERED.has(key)) return undefined;
  const fits = (pattern: string): boolean =>
    pattern.endsWith('.*') ? key.startsWith(pattern.slice(0, -1)) : pattern === key;
  return REACHING.find(([pattern]) => fits(pattern))?.[1];
}
