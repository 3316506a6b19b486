import type { MatrixCell } from '../contract/matrix.ts';
import { NOT_NEEDED } from '../contract/matrix.ts';
import type { PingOutput } from './actions.ts';
import { judgePing, judgeSizes } from './judge-ping.ts';
import { readEchoes, type Connected, type LaptopAnswers, type WayAnswer } from './laptop-answers.ts';
import { serverCells } from './laptop-servers.ts';
import type { LaptopPlan, LaptopTarget } from './laptop-plan.ts';

/** The limit of the stage's other machines: etcd beats its heart every 100 ms. */
const MOST_MS = 50;
/** One echo that is lost of twenty may be chance. */
const MOST_LOST = 1;
/** What a host's answer may hold of cells in a journal, in bytes: as much as any other machine's. */
const MOST_BYTES = 48_000;

/** The laptop's part of a matrix, and how many cells more there were than are kept. */
export interface LaptopCells {
  readonly cells: readonly MatrixCell[];
  readonly leftOut: number;
}

/**
 * What the laptop saw as cells of the matrix. `inUse`: the run was connected all the time, which is told of the machines that
 * it is connected to. Nothing is `failed`: the run goes on whatever a laptop reaches beside it, so what it needs and does
 * not find is a warning, and what it does not need is `not-tried`.
 */
export function laptopCells(
  me: string,
  plan: LaptopPlan,
  answers: LaptopAnswers,
  inUse: boolean,
): LaptopCells {
  const ways = plan.targets.flatMap((target, at) => {
    const answer = answers.ways.get(at);
    return answer?.done === true ? wayCells(target, answer, inUse) : [{ ...untimely(target, inUse) }];
  });
  return keep([...ways, ...serverCells(plan, answers)].map((cell) => ({ from: me, ...cell })));
}

/** A cell of the laptop's row. */
type OwnCell = Omit<MatrixCell, 'from'>;
type Said = Pick<OwnCell, 'status' | 'seen' | 'wanted'>;

/** What does not go as it should: a warning where a run needs it, else nothing that counts. */
function amiss(needed: boolean, seen: string, wanted?: string): Said {
  if (!needed) return { status: 'not-tried', seen: `${NOT_NEEDED}: ${seen}` };
  return { status: 'warn', seen, ...(wanted === undefined ? {} : { wanted }) };
}

function wayCells(target: LaptopTarget, answer: WayAnswer, inUse: boolean): OwnCell[] {
  if (target.kind !== 'machine') return [serviceCell(target, answer)];
  const place = placeOf(target);
  const { needed, port, mtu, echoes: asked } = target;
  const { connected, echoes, sizes = [] } = answer;
  const pinged = judgePing(echoes);
  const alive = pinged.status === 'ok' || isAlive(connected);
  const reached: OwnCell =
    inUse && target.inUse !== undefined
      ? { ...place, probe: 'reach', status: 'ok', seen: target.inUse }
      : alive
        ? { ...place, probe: 'reach', status: 'ok', seen: 'answers' }
        : { ...place, probe: 'reach', ...amiss(needed, silence(connected, port)) };
  const ports =
    port === undefined || connected === undefined ? [] : [portCell(place, port, connected, needed)];
  if (!alive) return reached.status === 'ok' ? [reached, ...ports] : [reached];
  if (echoes === undefined || pinged.status !== 'ok') {
    const seen = pinged.status === 'not-asked' ? pinged.text : 'no answer to ping';
    const open = connected !== undefined && 'ms' in connected ? [connected.ms] : [];
    return [
      reached,
      ...open.map((ms) => latencyCell(place, ms, ' by TCP', needed)),
      ...['loss', 'mtu'].map((probe) => ({ ...place, probe, status: 'not-tried' as const, seen })),
      ...ports,
    ];
  }
  const { ms, sent, answered } = readEchoes(echoes, asked);
  const lost = sent - answered;
  const loss = lost === 0 ? '0 %' : `${lost} of ${sent} lost`;
  return [
    reached,
    ...(ms === undefined ? [] : [latencyCell(place, ms, '', needed)]),
    {
      ...{ ...place, probe: 'loss' },
      ...(lost > MOST_LOST ? amiss(needed, loss, 'none lost') : { status: 'ok', seen: loss }),
    },
    { ...place, probe: 'mtu', ...sizeOf(sizes, mtu, needed) },
    ...ports,
  ];
}

function serviceCell(target: LaptopTarget, { connected, echoes }: WayAnswer): OwnCell {
  const { kind, name, address, port, needed } = target;
  const place =
    kind === 'bmc'
      ? { probe: 'bmcs', at: `${name}, ${address}:${String(port)}` }
      : { probe: 'ome', at: `${address}:${String(port)}` };
  if (connected !== undefined && 'ms' in connected)
    return { ...place, status: 'ok', seen: `TCP ${String(port)} open in ${figure(connected.ms)}` };
  const pings = judgePing(echoes).status === 'ok' ? ', though it answers to ping' : '';
  return { ...place, ...amiss(needed, `${silence(connected, port)}${pings}`, `TCP ${String(port)} open`) };
}

function latencyCell(place: Place, ms: number, how: string, needed: boolean): OwnCell {
  const seen = `${figure(ms)}${how}`;
  const told = ms > MOST_MS ? amiss(needed, seen, `${MOST_MS} ms at most`) : { status: 'ok' as const, seen };
  return { ...place, probe: 'latency', ...told };
}

function portCell(place: Place, port: number, connected: Connected, needed: boolean): OwnCell {
  if ('ms' in connected) return { ...place, probe: 'ports', status: 'ok', seen: `TCP ${port} open` };
  return { ...place, probe: 'ports', ...amiss(needed, silence(connected, port), `TCP ${port} open`) };
}

function sizeOf(sizes: readonly PingOutput[], mtu: number, needed: boolean): Said {
  const { status, text } = judgeSizes(sizes);
  if (status === 'ok') return { status, seen: `${mtu} bytes` };
  if (status === 'too-big') return amiss(needed, text, `${mtu} bytes`);
  return { status: 'not-tried', seen: text };
}

type Place = Pick<OwnCell, 'to' | 'at'>;

function placeOf({ name, network }: LaptopTarget): Place {
  return { to: name, ...(network === undefined ? {} : { at: network }) };
}

function isAlive(connected: Connected | undefined): boolean {
  return connected !== undefined && ('ms' in connected || connected.error === 'ECONNREFUSED');
}

const SAYINGS: Readonly<Record<string, string>> = {
  ENETUNREACH: 'the laptop has no way there',
  EHOSTUNREACH: 'no way there',
  EACCES: "the laptop's own firewall forbids it",
  EPERM: "the laptop's own firewall forbids it",
  ENOTFOUND: 'the laptop does not know the name',
  EAI_AGAIN: "the laptop's name server does not answer",
};

function silence(connected: Connected | undefined, port: number | undefined): string {
  if (connected === undefined || !('error' in connected)) return 'no answer to ping';
  const said = connected.error === 'ECONNREFUSED' ? 'refused' : 'no answer';
  return SAYINGS[connected.error] ?? `${said} on TCP port ${String(port)}`;
}

function untimely(target: LaptopTarget, inUse: boolean): OwnCell {
  const seen = 'there was no time left';
  if (target.kind !== 'machine') return { ...serviceCell(target, {}), status: 'not-tried', seen };
  const place = { ...placeOf(target), probe: 'reach' };
  return inUse && target.inUse !== undefined
    ? { ...place, status: 'ok', seen: target.inUse }
    : { ...place, status: 'not-tried', seen };
}

function figure(ms: number): string {
  return `${ms.toFixed(ms < 10 ? 2 : 0)} ms`;
}

/** What is not well first, as many as a journal takes of one machine. */
function keep(all: readonly MatrixCell[]): LaptopCells {
  const rank = { failed: 0, warn: 1, ok: 2, 'not-tried': 3 };
  const sorted = [...all].sort((one, other) => rank[one.status] - rank[other.status]);
  let bytes = 0;
  const count = sorted.findIndex(
    (cell) => (bytes += new TextEncoder().encode(JSON.stringify(cell)).length + 1) > MOST_BYTES,
  );
  const cells = count < 0 ? all : sorted.slice(0, count);
  return { cells, leftOut: all.length - cells.length };
}
