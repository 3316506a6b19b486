import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { LabStatus } from '../../../main/lab/types.ts';

const DRIVER = fileURLToPath(new URL('lab-driver.mjs', import.meta.url));

/** A lab in a network namespace of the test's own, so that it meets no other lab of this machine. */
export interface OwnLab {
  readonly name: string;
  readonly stateDir: string;
  /** Runs a lab command; answers its progress sentences and the status. */
  run(
    command: 'up' | 'down' | 'status',
  ): Promise<{ readonly steps: readonly string[]; readonly status: LabStatus }>;
  /** Starts `up` and kills it with SIGKILL when its output contains `text`. */
  killUpAt(text: string): Promise<void>;
  /** Runs a program where the laptop would be, or in one of the lab's machines' namespaces. */
  exec(command: readonly string[], input?: string, machine?: string): Promise<string>;
  /** Everything of this lab the machine still shows; empty when nothing is left. */
  leftovers(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

/** Makes the outer namespace `<name>`; the lab itself comes with `run('up')`. */
export async function createOwnLab(name: string): Promise<OwnLab> {
  const stateDir = `/var/lib/bringup-lab/${name}`;
  const inside = (namespace: string) => ['nsenter', `--net=/run/netns/${namespace}`, '--'];
  const driver = (command: string) => [...inside(name), process.execPath, DRIVER, command, name];
  await execa('ip', ['netns', 'add', name]);
  await execa('ip', ['-n', name, 'link', 'set', 'lo', 'up']);

  return {
    name,
    stateDir,
    run: async (command) => {
      const lines = (await call(driver(command))).split('\n');
      return { steps: lines.slice(0, -1), status: JSON.parse(lines.at(-1) ?? '') as LabStatus };
    },
    killUpAt: async (text) => {
      const [program = '', ...args] = driver('up');
      const up = execa(program, args, { reject: false });
      for await (const line of up) if (String(line).includes(text)) up.kill('SIGKILL');
      await up;
    },
    exec: (command, input = '', machine) =>
      call([...inside(machine === undefined ? name : `${name}-${machine}`), ...command], input),
    leftovers: () => leftovers(name, stateDir),
    remove: async () => {
      await call(driver('down'));
      await execa('ip', ['netns', 'del', name]);
    },
  };
}

async function call(command: readonly string[], input = ''): Promise<string> {
  const [program = '', ...args] = command;
  return (await execa(program, args, { input })).stdout;
}

async function leftovers(name: string, stateDir: string): Promise<readonly string[]> {
  const [namespaces, links, loops, mounts] = await Promise.all([
    call(['ip', 'netns', 'list']),
    call(['ip', '-n', name, '-o', 'link']),
    call(['losetup', '--list', '--noheadings', '--output', 'BACK-FILE']),
    readFile('/proc/self/mounts', 'utf8'),
  ]);
  const kept = (text: string, needle: string) => text.split('\n').filter((line) => line.includes(needle));
  return [
    ...kept(namespaces, `${name}-`),
    ...kept(links, `${name}-`),
    ...kept(loops, `/${name}/`),
    ...kept(mounts, `/${name}/`),
    ...(existsSync(stateDir) ? [stateDir] : []),
    ...['systemd', 'unified', '']
      .map((tree) => `/sys/fs/cgroup/${tree}/${name}-kvm-host`)
      .filter((path) => existsSync(path)),
    ...(await processesNaming(`${name}-`)),
  ];
}

async function processesNaming(needle: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes(needle)).map((line) => line.replaceAll('\0', ' '));
}
