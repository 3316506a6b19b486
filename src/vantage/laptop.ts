import { setMaxListeners } from 'node:events';
import { LAPTOP } from '../contract/matrix.ts';
import type { NormalisedSite } from '../site/index.ts';
import type { NameAnswer, TimeAnswer, WayAnswer } from './laptop-answers.ts';
import { laptopCells, type LaptopCells } from './laptop-cells.ts';
import { askNames, askTime, sendEchoes, tryConnect, trySizes } from './laptop-collect.ts';
import { planLaptop, type LaptopTarget } from './laptop-plan.ts';

/** All of it takes so long at most, in milliseconds; what was not come to says so. */
const ALL_MS = 20_000;
/** Ways that are tried at once: two programs each at the most, beside a run on a small laptop. */
const AT_ONCE = 8;

/** The laptop's tests while they go on. */
export interface LaptopTests {
  /** Resolves when nothing more is tried; never rejects. */
  readonly done: Promise<void>;
  /** What was seen so far; `inUse` as in `laptopCells`. */
  cells(inUse: boolean): LaptopCells;
  stop(): void;
}

/** Name of the laptop's row: another where a server of the site has the usual one. */
export function laptopName({ hosts, deployment_vm: vm }: NormalisedSite): string {
  return [vm.name, ...hosts.map(({ name }) => name)].includes(LAPTOP) ? 'this laptop' : LAPTOP;
}

/** Begins to try what the laptop reaches, with Node and the system's ping, without root: 20 s at most. */
export function testFromLaptop(site: NormalisedSite): LaptopTests {
  const plan = planLaptop(site);
  const ways = new Map<number, WayAnswer>();
  const names = new Map<string, readonly NameAnswer[]>();
  const times = new Map<string, TimeAnswer>();
  const halt = new AbortController();
  // Each program and socket that is open listens: many are no leak.
  setMaxListeners(0, halt.signal);
  const stop = (): void => {
    clearTimeout(timer);
    halt.abort();
  };
  const timer = setTimeout(stop, ALL_MS);
  const { signal } = halt;
  const add = <K, V>(to: Map<K, V>, key: K, value: V): void => {
    // What was broken off tells of the breaking off.
    if (!signal.aborted) to.set(key, value);
  };
  const targets = plan.targets.entries();
  const worker = async (): Promise<void> => {
    for (const [at, target] of targets) {
      if (signal.aborted) return;
      add(ways, at, await tryWay(target, signal));
    }
  };
  const work = [
    ...Array.from({ length: AT_ONCE }, worker),
    ...plan.nameServers.map(async ({ server, questions }) => {
      add(names, server, await askNames(server, questions, signal));
    }),
    ...plan.timeServers.map(async (server) => {
      add(times, server, await askTime(server, signal));
    }),
  ];
  return {
    done: Promise.allSettled(work).then(stop),
    cells: (inUse) => laptopCells(laptopName(site), plan, { ways, names, times }, inUse),
    stop,
  };
}

/** Connection and echoes at once; packets of full size only where echoes come back. */
async function tryWay(target: LaptopTarget, signal: AbortSignal): Promise<WayAnswer> {
  const { kind, address, port, mtu, echoes: count } = target;
  const [connected, echoes] = await Promise.all([
    port === undefined ? undefined : tryConnect(address, port, signal),
    kind === 'machine' ? sendEchoes(address, count, signal) : undefined,
  ]);
  const answers = echoes !== undefined && /ttl=/i.test(echoes.output);
  const sizes = answers ? await trySizes(address, mtu, signal) : undefined;
  return {
    done: true,
    ...(connected === undefined ? {} : { connected }),
    ...(echoes === undefined ? {} : { echoes }),
    ...(sizes === undefined ? {} : { sizes }),
  };
}
