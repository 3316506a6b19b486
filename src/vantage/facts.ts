import type { ProbeRow, ProbeStatus, VantagePoint } from '../contract/vantage.ts';

type Known = 'ok' | 'failed' | 'mixed' | 'unknown';

/** What a matrix says, in a few words each; the rules are patterns over these. Only probes with a result count. */
export interface Facts {
  /** Who reaches the service, of the points other than the destination's own machine. */
  readonly reach: 'all' | 'some' | 'none' | 'unknown';
  /** How many gave a result. */
  readonly asked: 'none' | 'one' | 'many';
  /** How it fails, where it fails alike everywhere. */
  readonly how: ProbeStatus | 'mixed' | 'nothing';
  /** Who fails, where others do not: the laptop alone, all outside the destination's network, one network, one point, those inside. */
  readonly who: 'nobody' | 'everybody' | 'laptop' | 'outside' | 'network' | 'point' | 'inside' | 'mixed';
  /** Whether the points that fail stand in the destination's own network. */
  readonly near: 'inside' | 'outside' | 'mixed' | 'unknown';
  /** `alive`: something answered in the machine's name. */
  readonly machine: 'alive' | 'off' | 'unplugged' | 'silent' | 'unknown';
  /** What the destination's own machine finds when it asks itself. */
  readonly itself: Known;
  /** From the failing points: ping to the machine, to their own gateway, to the gateway of its network; and ping back from it. */
  readonly ping: Known;
  readonly gateway: Known;
  readonly far: Known;
  /** Whether one of them reaches anything else in the destination's network. */
  readonly beside: 'ok' | 'failed' | 'unknown';
  readonly back: Known;
  readonly size: 'ok' | 'small' | 'unknown';
  /** Whether all see the same certificate. */
  readonly identity: 'same' | 'differs' | 'unknown';
}

/** A matrix with what the facts were read from. */
export interface Reading {
  readonly facts: Facts;
  readonly failing: readonly VantagePoint[];
  readonly reaching: readonly VantagePoint[];
}

/** Statuses that show that something answers in the destination's name. */
const ANSWERS = new Set<ProbeStatus>(['ok', 'refused', 'tls', 'wrong-answer']);
const UNKNOWN = new Set<ProbeStatus>(['not-asked', 'unclear']);

/** Reads a matrix; `network` is the destination's. Pure. */
export function readMatrix(
  points: readonly VantagePoint[],
  matrix: readonly ProbeRow[],
  network: string | undefined,
): Reading {
  const of = (point: VantagePoint, check: ProbeRow['check']): readonly ProbeRow[] =>
    matrix.filter((row) => row.from === point.id && row.check === check && !UNKNOWN.has(row.status));
  const reached = (point: VantagePoint): boolean =>
    of(point, 'service').some(({ status }) => status === 'ok');
  const outer = points.filter(({ itself, kind }) => itself !== true && kind !== 'bmc');
  const known = outer.filter((point) => of(point, 'service').length > 0);
  const reaching = known.filter(reached);
  const failing = known.filter((point) => !reached(point));
  const from = (check: ProbeRow['check']): Known => tally(failing.flatMap((point) => of(point, check)));
  const backTo = new Set(failing.map(({ address }) => `${address ?? ''}/ping`));
  const all = matrix.filter(({ status }) => !UNKNOWN.has(status));
  const itself = points.filter((point) => point.itself === true);
  const identities = new Set(all.flatMap(({ identity }) => (identity === undefined ? [] : [identity])));
  const hows = new Set(failing.flatMap((point) => of(point, 'service').map(({ status }) => status)));
  const facts: Facts = {
    reach:
      known.length === 0 ? 'unknown' : failing.length === 0 ? 'all' : reaching.length === 0 ? 'none' : 'some',
    asked: known.length === 0 ? 'none' : known.length === 1 ? 'one' : 'many',
    how: hows.size === 0 ? 'nothing' : hows.size === 1 ? ([...hows][0] ?? 'nothing') : 'mixed',
    who: whoFails(failing, reaching, network),
    near: nearness(failing, network),
    machine: stateOf(all, itself),
    itself: tally(itself.flatMap((point) => of(point, 'service'))),
    ping: from('machine'),
    gateway: from('gateway'),
    far: from('far-gateway'),
    beside: anyOf(failing.flatMap((point) => of(point, 'beside'))),
    back: tally(all.filter(({ check, to }) => check === 'back' && backTo.has(to))),
    size: sizeOf(all),
    identity: identities.size === 0 ? 'unknown' : identities.size === 1 ? 'same' : 'differs',
  };
  return { facts, failing, reaching };
}

function tally(rows: readonly ProbeRow[]): Known {
  const good = rows.filter(({ status }) => status === 'ok').length;
  if (rows.length === 0) return 'unknown';
  return good === rows.length ? 'ok' : good === 0 ? 'failed' : 'mixed';
}

/** One that answers is enough: others may be switched off. */
function anyOf(rows: readonly ProbeRow[]): Facts['beside'] {
  if (rows.length === 0) return 'unknown';
  return rows.some(({ status }) => status === 'ok') ? 'ok' : 'failed';
}

function whoFails(
  failing: readonly VantagePoint[],
  reaching: readonly VantagePoint[],
  network: string | undefined,
): Facts['who'] {
  const [first] = failing;
  if (first === undefined) return 'nobody';
  if (reaching.length === 0) return 'everybody';
  if (failing.length === 1 && first.kind === 'laptop') return 'laptop';
  const inside = (point: VantagePoint): boolean => network !== undefined && point.network === network;
  if (failing.every(inside) && !reaching.every(inside)) return 'inside';
  if (network !== undefined && !failing.some(inside) && reaching.every(inside)) return 'outside';
  if (failing.length === 1) return 'point';
  const shared = first.network;
  const alike = failing.every((point) => point.network === shared);
  const others = reaching.some((point) => point.network === shared);
  return shared !== undefined && alike && !others ? 'network' : 'mixed';
}

function nearness(failing: readonly VantagePoint[], network: string | undefined): Facts['near'] {
  if (network === undefined || failing.length === 0) return 'unknown';
  const inside = failing.filter((point) => point.network === network).length;
  return inside === failing.length ? 'inside' : inside === 0 ? 'outside' : 'mixed';
}

function stateOf(rows: readonly ProbeRow[], itself: readonly VantagePoint[]): Facts['machine'] {
  const own = new Set(itself.map(({ id }) => id));
  const asked = rows.filter(({ check }) => check === 'service' || check === 'machine');
  const answered = asked.filter(({ status }) => ANSWERS.has(status));
  // A machine that could be logged in to lives, whatever it found.
  if (answered.length > 0 || rows.some(({ from }) => own.has(from))) return 'alive';
  if (rows.some(({ check, status }) => check === 'power' && status === 'down')) return 'off';
  if (rows.some(({ check, status }) => check === 'link' && status === 'down')) return 'unplugged';
  return asked.length === 0 ? 'unknown' : 'silent';
}

function sizeOf(rows: readonly ProbeRow[]): Facts['size'] {
  const sizes = rows.filter(({ check }) => check === 'size').map(({ status }) => status);
  if (sizes.includes('too-big')) return 'small';
  return sizes.includes('ok') ? 'ok' : 'unknown';
}
