import { countsWords, NOT_NEEDED, type MatrixCell, type MatrixStatus } from '../contract/matrix.ts';
import type { NormalisedHost, NormalisedSite } from '../site/index.ts';
import type { FaultCell, PlacedFault } from './rehearsal-faults.ts';
import type { RecordedEvent } from './rehearsal-recording.ts';
import { fill, wordsOfPeer, wordsOfTarget, type Words } from './rehearsal-words.ts';

/** Who takes part where machines of a rehearsed site tell what they saw of each other. */
export interface CellScene {
  readonly site: NormalisedSite;
  /** Servers that are tried in this stage, in the order of the site file. */
  readonly peers: readonly string[];
  /** Faults that the stage meets, each with the server that has it. */
  readonly faults: readonly (PlacedFault & { readonly host: string })[];
}

/** Beyond this many servers each tries those of the cluster and so many next ones, as the module of network tests does. */
const FULL_MESH = 32;
const NEXT = 8;
/** Ports between two servers by their roles, as defaults of role network_tests have them. */
const PORTS = { toServer: 2, betweenServers: 3, betweenAll: 2 } as const;
const SERVER = 'rke2-server';
/** The words of a task that says no more than how many tests came to what. */
const COUNT =
  /^(\d+ tests: )?\d+ (?:ok|warnings?|failed|not tried)(?:, \d+ (?:warnings?|failed|not tried))*$/;

type Data = RecordedEvent['event']['data'];

/** The cells of a recorded answer, as they were recorded. */
export function cellsIn({ cells }: Data): readonly MatrixCell[] {
  return Array.isArray(cells) ? (cells as readonly MatrixCell[]) : [];
}

/** What of an answer is otherwise where a machine of the site gives it: its cells, and how many came to what. */
export function tellCells(data: Data, from: string, scene: CellScene): object {
  const recorded = cellsIn(data);
  if (recorded.length === 0) return {};
  const cells = cellsOfMachine(recorded, from, scene);
  const { res } = data as { readonly res?: { readonly msg?: unknown } };
  const counted = typeof res?.msg === 'string' ? COUNT.exec(res.msg) : null;
  if (counted === null) return { cells };
  const count = (status: MatrixStatus): number => cells.filter((cell) => cell.status === status).length;
  const [ok, warn, failed] = [count('ok'), count('warn'), count('failed')];
  const words = countsWords({ ok, warn, failed, 'not-tried': count('not-tried') });
  const all = counted[1] === undefined ? '' : `${cells.length} tests: `;
  const own = wordsOfTarget(scene.site, from, scene.peers);
  return { cells, res: { ...fill(res, own), msg: `${all}${words}` } };
}

/**
 * What a machine of the site tells: the recorded cells with what it told of another server told of each that it tries, and
 * with what the faults make of it.
 */
function cellsOfMachine(
  recorded: readonly MatrixCell[],
  from: string,
  scene: CellScene,
): readonly MatrixCell[] {
  const { site, peers, faults } = scene;
  const own = wordsOfTarget(site, from, peers);
  const patterns = recorded.filter(isOfPeer);
  const tried = triedBy(from, scene);
  const cells = recorded.flatMap((cell) => {
    if (cell.probe === 'ome' && site.parameters['ome'] === undefined) return [];
    if (!isOfPeer(cell)) return [fill(cell, own)];
    if (cell !== patterns[0]) return [];
    return site.hosts.flatMap((peer) =>
      toPeer(
        // What is beside a server, its BMC, is there without an operating system, too.
        patterns.filter(({ to }) => to === undefined || tried.includes(peer)),
        ...([from, peer, scene, own] as const),
      ),
    );
  });
  return faults.reduce<readonly MatrixCell[]>((all, fault) => withFault(all, from, fault, scene), cells);
}

function isOfPeer(cell: MatrixCell): boolean {
  return [cell.to, cell.at].some((text) => text?.includes('{{peer') === true);
}

function triedBy(from: string, { site, peers }: CellScene): readonly NormalisedHost[] {
  const all = site.hosts.filter(({ name }) => peers.includes(name));
  const others = all.filter(({ name }) => name !== from);
  if (all.length <= FULL_MESH || isBeside(from, site)) return others;
  const place = all.findIndex(({ name }) => name === from) + 1;
  const near = [...all.slice(place), ...all].slice(0, NEXT);
  return others.filter((host) => near.includes(host) || host.roles.includes(SERVER));
}

function toPeer(
  patterns: readonly MatrixCell[],
  from: string,
  peer: NormalisedHost,
  { site, peers }: CellScene,
  own: Words,
): readonly MatrixCell[] {
  const words = new Map([...own, ...wordsOfPeer(site, peer)]);
  const me = site.hosts.find(({ name }) => name === from && peers.includes(name));
  const count = me === undefined ? undefined : portsBetween(me, peer);
  return patterns
    .filter(({ probe }) => probe !== 'bandwidth' || peer.name === own.get('next'))
    .map((pattern) => fill(pattern, words))
    .map((cell) =>
      cell.probe !== 'ports' || count === undefined ? cell : { ...cell, seen: `${count} of ${count} open` },
    );
}

/** Whether it is a machine of which the site file tells nothing: the laptop. A run needs nothing that it tries of servers. */
function isBeside(name: string, { deployment_vm: vm, hosts }: NormalisedSite): boolean {
  return name !== 'kvm-host' && name !== vm.name && !hosts.some((host) => host.name === name);
}

function portsBetween(from: NormalisedHost, to: NormalisedHost): number {
  const isToServer = to.roles.includes(SERVER);
  const isBetween = isToServer && from.roles.includes(SERVER);
  return PORTS.betweenAll + (isToServer ? PORTS.toServer : 0) + (isBetween ? PORTS.betweenServers : 0);
}

/** The cells with those in their place that a fault makes; a machine that does not answer is seen by nothing else. */
function withFault(
  cells: readonly MatrixCell[],
  from: string,
  { entry, host }: PlacedFault & { readonly host: string },
  { site, peers }: CellScene,
): readonly MatrixCell[] {
  const words = wordsOfTarget(site, host, peers);
  return (entry.cells ?? []).reduce<readonly MatrixCell[]>((all, faulty) => {
    const { from: by, ...cell } = fill(faulty, words);
    if (by !== 'each' && by !== from) return all;
    const place = all.find(({ probe, to }) => probe === cell.probe && to === cell.to);
    if (place?.status === 'not-tried') return all;
    if (place === undefined) return by === 'each' ? all : [...all, { from, ...cell }];
    const told = isBeside(from, site)
      ? { ...place, status: 'not-tried' as const, seen: `${NOT_NEEDED}: ${cell.seen}` }
      : { ...place, ...cell, seen: countedPorts(cell, place) };
    const rest = all.filter((other) => cell.probe !== 'reach' || other === place || other.to !== cell.to);
    return rest.map((other) => (other === place ? told : other));
  }, cells);
}

/** How many ports are open where some are not: those of the way less the ones that are named. */
function countedPorts({ probe, seen }: Omit<FaultCell, 'from'>, { seen: before }: MatrixCell): string {
  const [, count] = /(\d+) of \d+ open$/.exec(before) ?? [];
  if (probe !== 'ports' || count === undefined) return seen;
  return `${seen}, ${Number(count) - seen.split(', ').length} of ${count} open`;
}
