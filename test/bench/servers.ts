import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLocalSite, type LocalSite } from '../edge/local-stage.ts';
import { watchTree, type TreeUse } from './process-tree.ts';
import { rowOf, secondsOf, type BenchRow } from './row.ts';
import { inventoryOfServers, type Bmcs, type Ome } from './servers-site.ts';

const SIZES = (process.env['BRINGUP_BENCH_SERVERS'] ?? '1,10,100').split(',').map(Number);
const STAGES = ['ome-discovery', 'firmware', 'bios'] as const;
const PROJECT = fileURLToPath(new URL('../../playbooks', import.meta.url));
const PEERS = fileURLToPath(new URL('servers-peers.mjs', import.meta.url));
/** How many of the longest tasks a row names. */
const LONGEST = 3;
/** MiB of the smallest deployment VM that is tried, the lab's. */
const VM_MEBIBYTES = 2048;

type Stage = (typeof STAGES)[number];

interface StageMeasure extends TreeUse {
  readonly seconds: number;
  /** The tasks that took longest, and their seconds. */
  readonly longest: string;
  readonly peerCpuSeconds: number;
}

type Measures = Readonly<Record<Stage, StageMeasure>>;

/**
 * Discovery, firmware and BIOS of simulated servers by the stages' playbooks under ansible-runner, as the deployment VM
 * carries them out: 1, 10 and 100 of them, against the aim that a hundred take at most three times as long as ten.
 * BRINGUP_BENCH_SERVERS=1,4 takes other numbers. The simulators are processes of their own; jobs take their default seconds.
 */
export async function benchServers(): Promise<BenchRow[]> {
  const measured = new Map<number, Measures>();
  for (const size of SIZES) measured.set(size, await measureSize(size));
  return [...measured].flatMap(([size, stages], index) =>
    rowsOf(size, stages, SIZES[index - 1], measured.get(SIZES[index - 1] ?? 0)),
  );
}

/** Rows of one number of servers, by stage and in sum, against the number before it. */
function rowsOf(size: number, stages: Measures, before?: number, rival?: Measures): BenchRow[] {
  const servers = size === 1 ? '1 server' : `${size} servers`;
  const against = before === undefined ? '' : ` against ${before}`;
  const all = STAGES.map((stage) => stages[stage]);
  const total = all.reduce((sum, { seconds }) => sum + seconds, 0);
  const of = (key: 'seconds' | 'cpuSeconds' | 'peerCpuSeconds') =>
    all.reduce((sum, one) => sum + one[key], 0);
  const times = rival === undefined ? 0 : STAGES.reduce((sum, stage) => sum + rival[stage].seconds, 0);
  const factor = times === 0 ? '' : `${(total / times).toFixed(2)} times as long; `;
  const peak = Math.max(...all.map(({ peakMebibytes }) => peakMebibytes));
  const resident = Math.max(...all.map(({ peakResidentMebibytes }) => peakResidentMebibytes));
  const most = Math.max(...all.map(({ processes }) => processes));
  return [
    ...STAGES.map((stage) => {
      const { seconds, cpuSeconds, longest } = stages[stage];
      const note = `${cpuSeconds.toFixed(0)} s of processor time; longest: ${longest}`;
      return rowOf(`${stage}, ${servers}${against}`, seconds, rival?.[stage].seconds ?? 0, 's', note);
    }),
    rowOf(
      `discovery, firmware and BIOS, ${servers}${against}`,
      ...([total, times] as const),
      's',
      `${factor}${of('cpuSeconds').toFixed(0)} s of processor time, the simulators ${of('peerCpuSeconds').toFixed(0)} s beside it`,
    ),
    rowOf(
      `memory, ${servers}`,
      peak,
      VM_MEBIBYTES,
      'MiB',
      `at most, of what a small deployment VM has; RSS ${resident.toFixed(0)} MiB, ${most} processes`,
    ),
  ];
}

async function measureSize(size: number): Promise<Measures> {
  const peers = [startPeer('bmcs', String(size)), startPeer('ome')];
  const site = createLocalSite();
  try {
    const [bmcs, ome] = (await Promise.all(peers.map((peer) => answer(peer)))) as [Bmcs, Ome];
    const run = { site, peers, inventory: inventoryOfServers(bmcs, ome), bmcs, ome };
    const measures: Partial<Record<Stage, StageMeasure>> = {};
    for (const stage of STAGES) measures[stage] = await measureStage(run, stage);
    return measures as Measures;
  } finally {
    await site.remove();
    await Promise.all(peers.map(endPeer));
  }
}

interface Run {
  readonly site: LocalSite;
  readonly peers: readonly ChildProcess[];
  readonly inventory: string;
  readonly bmcs: Bmcs;
  readonly ome: Ome;
}

async function measureStage({ site, peers, inventory, bmcs, ome }: Run, stage: Stage): Promise<StageMeasure> {
  const kept = (name: string): string => path.join(site.folder, name);
  const runtime = path.join(site.folder, 'runtime', 'r1', stage, '1');
  const before = await cpuOf(peers);
  const stop = watchTree(() => runnerOf(site.stageFolder(stage)));
  const tasks = new Map<string, number>();
  let open: { readonly name: string; readonly since: number } | undefined;
  const close = (): void => {
    if (open !== undefined)
      tasks.set(open.name, (tasks.get(open.name) ?? 0) + performance.now() - open.since);
  };
  let text: string | undefined;
  const seconds = await secondsOf(async () => {
    const { outcome, events } = await site.run(`stacks/dell-rke2/${stage}.yml`, {
      stage,
      ports: {
        project: PROJECT,
        inventory,
        extraVars: {
          bringup_run: { id: 'r1', stage, attempt: 1, runtime, confirm: false, destroy: false },
          bringup_remote: { root: kept('remote'), site_dir: kept('remote/site') },
          ome_discovery_record: kept('devices.json'),
        },
        secrets: () => Promise.resolve({ idrac: bmcs.login, ome: ome.login }),
      },
      onEvent: (event) => {
        if (event.kind !== 'task.started') return;
        close();
        open = { name: event.title, since: performance.now() };
      },
    });
    close();
    const failure = events.find((event) => event.kind === 'failure');
    if (outcome.status !== 'changed' && outcome.status !== 'ok')
      text = `${stage} ended ${outcome.status}: ${outcome.text ?? JSON.stringify(failure)}`;
  });
  const use = stop();
  if (text !== undefined) throw new Error(text);
  const longest = [...tasks].sort(([, a], [, b]) => b - a).slice(0, LONGEST);
  const told = longest.map(([name, ms]) => `${name} ${(ms / 1000).toFixed(1)} s`).join(', ');
  const peerCpuSeconds = (await cpuOf(peers)) - before;
  return { ...use, seconds, longest: told, peerCpuSeconds };
}

/** The process of ansible-runner, once the supervisor has named it. */
function runnerOf(folder: string): number | undefined {
  const file = path.join(folder, 'processes.json');
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly runner: { readonly pid: number } }).runner.pid;
}

function startPeer(...words: readonly string[]): ChildProcess {
  return fork(PEERS, [...words], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

async function endPeer(peer: ChildProcess): Promise<void> {
  const ended = once(peer, 'exit');
  peer.disconnect();
  await ended;
}

async function answer(peer: ChildProcess): Promise<unknown> {
  const ended = once(peer, 'exit').then(() => Promise.reject(new Error('a simulator of the bench ended')));
  const [message] = (await Promise.race([once(peer, 'message'), ended])) as [unknown];
  return message;
}

/** Seconds of processor time that the simulators took so far. */
async function cpuOf(peers: readonly ChildProcess[]): Promise<number> {
  const used = await Promise.all(
    peers.map(async (peer) => {
      const told = answer(peer);
      peer.send({});
      return (await told) as { readonly cpu: NodeJS.CpuUsage };
    }),
  );
  return used.reduce((sum, { cpu }) => sum + (cpu.user + cpu.system) / 1_000_000, 0);
}
