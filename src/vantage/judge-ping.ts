import type { ProbeStatus } from '../contract/vantage.ts';
import type { PingOutput } from './actions.ts';
import type { Judgement } from './judgement.ts';
import { packetSize } from './plan.ts';

/** What ping programs say (iputils, busybox, macOS, Windows), the telling lines first. */
const SAYINGS: readonly (readonly [RegExp, ProbeStatus, string])[] = [
  [/socket: (operation not permitted|permission denied)|cap_net_raw/i, 'not-asked', 'this user may not ping'],
  [/message too long|frag needed|needs to be fragmented/i, 'too-big', 'too big for the way'],
  [
    /sendmsg: operation not permitted|check your local firewall/i,
    'prohibited',
    'its own firewall or routing forbids it',
  ],
  [/prohibited|packet filtered/i, 'unreachable', 'a firewall turns it away'],
  [
    /name or service|name resolution|not find host|cannot resolve|unknown host/i,
    'name',
    'the name does not resolve there',
  ],
  [/unreachable|no route|invalid argument/i, 'unreachable', 'unreachable'],
];

/** Judges one echo. */
export function judgePing(ping: PingOutput | undefined): Judgement {
  if (ping === undefined) return { status: 'not-asked', text: 'not asked' };
  const { code, output } = ping;
  // Only an echo has a TTL. The exit code says less: 0 on Windows for a router's "no way", 1 where one of two was lost.
  if (/ttl=/i.test(output)) {
    const ms = /time[=<]\s?([\d.]+)\s?ms/i.exec(output)?.[1];
    return { status: 'ok', text: 'answers', ...(ms === undefined ? {} : { ms: Math.round(Number(ms)) }) };
  }
  if (code === 127) return { status: 'not-asked', text: 'there is no ping program' };
  for (const [pattern, status, text] of SAYINGS) {
    if (!pattern.test(output)) continue;
    const by = /^from ([\d.]+)[: ]/im.exec(output)?.[1];
    return { status, text: by === undefined ? text : `${text}, says ${by}` };
  }
  if (/packet loss|100%|timed out/i.test(output)) return { status: 'timeout', text: 'no answer' };
  const said = output.trim().split('\n')[0] ?? '';
  return { status: 'not-asked', text: said === '' ? 'ping said nothing' : `ping said: ${said}` };
}

/** Judges echoes of falling size: the first is the full packet. Where no size passes, size is not what is wrong. */
export function judgeSizes(pings: readonly PingOutput[]): Judgement {
  const judged = pings.map((ping) => ({
    size: packetSize(ping.size),
    output: ping.output,
    ...judgePing(ping),
  }));
  const [full] = judged;
  if (full === undefined) return { status: 'not-asked', text: 'not asked' };
  if (full.status === 'ok') return { status: 'ok', text: `packets of ${full.size} bytes pass` };
  const passed = judged.filter(({ status }) => status === 'ok').map(({ size }) => size);
  const told = /mtu ?= ?(\d+)/i.exec(full.output)?.[1];
  if (passed.length === 0) {
    return {
      status: full.status === 'not-asked' ? 'not-asked' : 'unclear',
      text: `no packet passes: ${full.text}`,
    };
  }
  const most = Math.max(...passed);
  const how =
    full.status === 'too-big'
      ? `; ${full.text}${told === undefined ? '' : `, which takes ${told}`}`
      : ' and vanish without a word';
  return { status: 'too-big', text: `packets of ${full.size} bytes do not pass${how}; ${most} bytes do` };
}
