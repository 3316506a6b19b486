import type { ProbeStatus } from '../contract/vantage.ts';
import type { Raw } from './actions.ts';
import { judgeAnswer } from './judge-answer.ts';
import { judgePing, judgeSizes } from './judge-ping.ts';
import type { Destination } from './destination.ts';
import type { Judgement } from './judgement.ts';
import type { Probe } from './plan.ts';

/** System errors by what they say of the way; the rest is told in its own words. */
const ERRORS: Readonly<Record<string, readonly [ProbeStatus, string]>> = {
  ECONNREFUSED: ['refused', 'refused: nothing listens there, or a firewall rejects it'],
  ECONNRESET: ['refused', 'the connection was reset'],
  ETIMEDOUT: ['timeout', 'no answer'],
  EHOSTUNREACH: ['unreachable', 'unreachable: nobody has that address, or a router turns it away'],
  EHOSTDOWN: ['unreachable', 'unreachable: nobody has that address'],
  ENETUNREACH: ['unreachable', 'unreachable: a router knows no way there'],
  ENETDOWN: ['no-route', 'its own network interface is down'],
  EADDRNOTAVAIL: ['no-route', 'it has no address from which to go there'],
  EINVAL: ['no-route', 'its own routing table discards this'],
  EACCES: ['prohibited', 'its own firewall or routing forbids it'],
  EPERM: ['prohibited', 'its own firewall forbids it'],
  ENOTFOUND: ['name', 'the name does not resolve there'],
  EAI_NONAME: ['name', 'the name does not resolve there'],
  EAI_NODATA: ['name', 'the name has no address there'],
  EAI_AGAIN: ['name', 'the name could not be looked up: its DNS server does not answer'],
  EAI_FAIL: ['name', 'the name could not be looked up: its DNS server failed'],
};

/** Judges one observation. `routed` is false where the point's own routing table has no way to the destination. */
export function judge(
  probe: Probe,
  raw: Raw,
  destination: Destination,
  routed: boolean,
): Judgement | undefined {
  if (probe.action.do === 'ping') {
    // No gateway on the way is nothing to tell.
    if (probe.action.gateway && (raw.gateway ?? '') === '') return undefined;
    if (raw.step === 'name') return judgeError(raw.error ?? '', routed);
    const pings = raw.pings ?? [];
    const verdict = probe.check === 'size' ? judgeSizes(pings) : judgePing(pings[0]);
    return verdict?.status === 'unreachable' && !routed ? noRoute : verdict;
  }
  const ms = raw.ms === undefined ? {} : { ms: raw.ms };
  if (raw.step === 'done' || raw.step === 'answer') {
    return { ...ms, ...judgeAnswer(destination, raw) };
  }
  if (raw.step === 'tls') {
    const text = `connected, but no TLS: ${TLS_WORDS[raw.error ?? ''] ?? raw.error ?? 'it failed'}`;
    return { ...ms, status: 'tls', text };
  }
  return judgeError(raw.error ?? 'unknown', routed);
}

const noRoute: Judgement = { status: 'no-route', text: 'it has no route there' };
const TLS_WORDS: Readonly<Record<string, string>> = {
  ETIMEDOUT: 'the handshake was not answered',
  ECONNRESET: 'the handshake was cut off',
};

function judgeError(error: string, routed: boolean): Judgement {
  if ((error === 'ENETUNREACH' || error === 'EHOSTUNREACH') && !routed) return noRoute;
  const [status, text] = ERRORS[error] ?? ['unclear', `it failed with ${error}`];
  return { status, text };
}
