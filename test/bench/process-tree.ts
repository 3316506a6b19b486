import { readdirSync, readFileSync } from 'node:fs';

/** What a process and all below it took: their CPU seconds, those of ended children as well, and their most at one moment. */
export interface TreeUse {
  readonly cpuSeconds: number;
  /** Memory of the machine that they took, pages that several share counted once (Pss). */
  readonly peakMebibytes: number;
  /** What the sum of their resident sizes says (RSS), which counts shared pages anew for each. */
  readonly peakResidentMebibytes: number;
  readonly processes: number;
}

const TICKS_A_SECOND = 100;
const PAUSE_MS = 500;

/** Looks at a tree of processes twice a second until it is stopped; `root` tells its process once there is one. */
export function watchTree(root: () => number | undefined): () => TreeUse {
  let use: TreeUse = { cpuSeconds: 0, peakMebibytes: 0, peakResidentMebibytes: 0, processes: 0 };
  const look = (): void => {
    const pid = root();
    if (pid !== undefined) use = larger(use, treeOf(pid));
  };
  const timer = setInterval(look, PAUSE_MS);
  return () => {
    clearInterval(timer);
    return use;
  };
}

function larger(a: TreeUse, b: TreeUse): TreeUse {
  return {
    cpuSeconds: Math.max(a.cpuSeconds, b.cpuSeconds),
    peakMebibytes: Math.max(a.peakMebibytes, b.peakMebibytes),
    peakResidentMebibytes: Math.max(a.peakResidentMebibytes, b.peakResidentMebibytes),
    processes: Math.max(a.processes, b.processes),
  };
}

function treeOf(root: number): TreeUse {
  const all = new Map<number, { readonly parent: number; readonly ticks: number }>();
  for (const name of readdirSync('/proc')) {
    const fields = /^\d+$/.test(name)
      ? read(`/proc/${name}/stat`)
          .replace(/^.*\) /s, '')
          .split(' ')
      : [];
    // Fields of proc(5): state, parent, and from the twelfth on utime, stime, cutime, cstime.
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    if (fields.length > 15) all.set(Number(name), { parent: Number(fields[1]), ticks });
  }
  const inTree = (pid: number): boolean => pid === root || (pid > 1 && inTree(all.get(pid)?.parent ?? 0));
  const tree = [...all].filter(([pid]) => inTree(pid));
  const memory = tree.map(([pid]) => read(`/proc/${pid}/smaps_rollup`));
  return {
    cpuSeconds: tree.reduce((sum, [, { ticks }]) => sum + ticks, 0) / TICKS_A_SECOND,
    peakMebibytes: sumOf(memory, /^Pss: +(\d+) kB/m),
    peakResidentMebibytes: sumOf(memory, /^Rss: +(\d+) kB/m),
    processes: tree.length,
  };
}

function sumOf(texts: readonly string[], pattern: RegExp): number {
  return texts.reduce((sum, text) => sum + Number(pattern.exec(text)?.[1] ?? 0), 0) / 1024;
}

/** Empty where the process has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
