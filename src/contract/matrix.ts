/** How a cell of a matrix came out. `not-tried` counts against nobody: the reason is in `seen`. */
export type MatrixStatus = 'ok' | 'warn' | 'failed' | 'not-tried';

/** One test of a matrix as a stage's module told it: seen from a machine, or about it. */
export interface MatrixCell {
  readonly from: string;
  /** The other machine; left out where the test is about the machine itself or what serves it. */
  readonly to?: string;
  /** What was tried: `latency`, `mtu`, `dns`, `disks`... */
  readonly probe: string;
  /** A network, an address or a server. */
  readonly at?: string;
  readonly status: MatrixStatus;
  /** In words and figures with their unit, 300 characters at most: `0.21 ms`, `1500 bytes`, `4 of 5 open`. */
  readonly seen: string;
  /** Only where it is not what was seen. */
  readonly wanted?: string;
}

/** A column: of a layer of the machine itself, or of another machine that is tried. */
export interface MatrixColumn {
  /** Unique in the matrix: `layer:disk`, `to:node-1`. */
  readonly id: string;
  readonly title: string;
  readonly kind: 'layer' | 'machine';
}

/** Where a row meets a column: every test there, the worst first. Never empty. */
export interface MatrixSpot {
  /** That of the worst test; what was not tried counts only where nothing was. */
  readonly status: MatrixStatus;
  readonly cells: readonly MatrixCell[];
}

/** One machine with its spots, one a column; `null` where nothing was to be tried. */
export interface MatrixRow {
  readonly machine: string;
  /** Why nothing was tried from there. */
  readonly untried?: string;
  readonly spots: readonly (MatrixSpot | null)[];
}

/** The row of the machine that Bringup runs on. */
export const LAPTOP = 'laptop';

/** The word for what was tried and came to nothing, where nothing depends on it. */
export const UNNEEDED = 'not needed';

/** How `seen` begins there. */
export const NOT_NEEDED = `${UNNEEDED} from here`;

/** True of a cell that `seen` says enough of. */
export function isNotNeeded({ status, seen }: Pick<MatrixCell, 'status' | 'seen'>): boolean {
  return status === 'not-tried' && seen.startsWith(NOT_NEEDED);
}

/** What a stage tried, by machine: `network-tests` (who reaches whom), `health` (how each layer is). */
export interface StageMatrix {
  readonly columns: readonly MatrixColumn[];
  readonly rows: readonly MatrixRow[];
  /** Probes between machines, in order; empty where no machine tries another. */
  readonly probes: readonly string[];
  /** Tests by how they came out. */
  readonly counts: Readonly<Record<MatrixStatus, number>>;
  /** So many tests more were left out as too many to be kept, those that were ok first. */
  readonly left_out?: number;
  /** Put together from the stage's tasks, a task a test: so in runs of older versions. */
  readonly of_tasks?: true;
}

/** What a probe is called. */
const PROBE_TITLES: Readonly<Record<string, string>> = {
  reach: 'Reach',
  latency: 'Latency',
  loss: 'Loss',
  mtu: 'Packet size',
  ports: 'Ports',
  bandwidth: 'Bandwidth',
  interface: 'Interface',
  vlan: 'VLAN',
  duplicate: 'Own address',
  'free-vip': 'Free address',
  gateway: 'Gateway',
  dns: 'DNS',
  ntp: 'NTP',
  bmc: 'BMC',
  bmcs: 'BMC',
  ome: 'OpenManage Enterprise',
  power: 'Power',
  hardware: 'Hardware as a whole',
  power_supplies: 'Power supplies',
  fans: 'Fans',
  temperatures: 'Temperatures',
  memory_modules: 'Memory modules',
  event_log: 'Event log of the BMC',
  firmware: 'Firmware',
  bios: 'BIOS',
  login: 'Login',
  units: 'Units of systemd',
  memory: 'Memory and swap',
  kernel: "Kernel's log",
  restart: 'Restart that is due',
  services: 'Services',
  virtual_machine: 'Deployment VM in libvirt',
  nodes: 'Node of the cluster',
  certificates: 'Certificates',
  bmc_certificate: 'Certificate of the BMC',
  disks: 'Disks',
  space: 'Disk space',
  inodes: 'Inodes',
  clock: 'Clock',
};

/** A probe by its title; one of another stack's own by its name. */
export function probeTitle(probe: string): string {
  return PROBE_TITLES[probe] ?? probe.replaceAll(/[_-]/g, ' ');
}

/** How a test came out, in words. */
export const MATRIX_WORDS: Readonly<Record<MatrixStatus, string>> = {
  ok: 'ok',
  warn: 'warning',
  failed: 'failed',
  'not-tried': 'not tried',
};

/** Tests by how they came out, what is not told left out: `97 ok, 2 warnings, 9 failed`. */
export function countsWords(counts: StageMatrix['counts']): string {
  return (['ok', 'warn', 'failed', 'not-tried'] as const)
    .filter((status) => counts[status] > 0)
    .map(
      (status) =>
        `${counts[status]} ${status === 'warn' && counts.warn > 1 ? 'warnings' : MATRIX_WORDS[status]}`,
    )
    .join(', ');
}

/** The few words of a spot: the latency or `ok` where all is well, the worst test's name where it is not the only kind of test. */
export function spotWords({ status, cells }: MatrixSpot): string {
  const [worst] = cells;
  if (cells.every(isNotNeeded)) return UNNEEDED;
  if (status === 'ok') return cells.find(({ probe }) => probe === 'latency')?.seen ?? MATRIX_WORDS.ok;
  const single = new Set(cells.map(({ probe }) => probe)).size === 1 && worst?.to === undefined;
  return status === 'not-tried' || single ? MATRIX_WORDS[status] : probeTitle(worst?.probe ?? '');
}
