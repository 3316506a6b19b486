import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { BringupError } from '../../src/contract/errors.ts';
import { type LabContext, NAMESPACES, namespaceOf } from './context.ts';
import { tryTool } from './run-tool.ts';

/** Argument that marks a machine's first processes, for the moment before they have joined its namespace. */
export function processMark(lab: LabContext, machine: string): string {
  return `bringup-lab:${namespaceOf(lab, machine)}`;
}

/** Process ids of everything that runs in a machine's network namespace, guests of the KVM host included. */
export async function processesOf(lab: LabContext, machine: string): Promise<readonly number[]> {
  const pids = await tryTool('ip', ['netns', 'pids', namespaceOf(lab, machine)]);
  return pids.ok ? pids.stdout.split('\n').filter(Boolean).map(Number) : [];
}

/** Whether anything runs in a machine's network namespace. */
export async function isRunning(lab: LabContext, machine: string): Promise<boolean> {
  return (await processesOf(lab, machine)).length > 0;
}

/** Process id of a machine's init, or undefined when the machine does not run. */
export async function initOf(lab: LabContext, machine: string): Promise<number | undefined> {
  for (const pid of await processesOf(lab, machine)) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    if (/^NSpid:\t\d+\t1$/m.test(status)) return pid;
  }
  return undefined;
}

/** Ends every process of these machines, by default of the whole lab, and returns when none is left. */
export async function killProcesses(lab: LabContext, machines = NAMESPACES): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const inside = await Promise.all(machines.map((machine) => processesOf(lab, machine)));
    const pids = new Set([...inside.flat(), ...(await markedProcesses(lab, machines))]);
    pids.delete(process.pid);
    if (pids.size === 0) return;
    if (Date.now() > deadline) throw stuck(lab, [...pids]);
    for (const pid of pids) kill(pid);
    await sleep(50);
  }
}

async function markedProcesses(lab: LabContext, machines: readonly string[]): Promise<readonly number[]> {
  const marks = machines.map((machine) => processMark(lab, machine));
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const marked = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return line.split('\0').some((argument) => marks.includes(argument)) ? [Number(pid)] : [];
    }),
  );
  return marked.flat();
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}

function stuck(lab: LabContext, pids: readonly number[]): BringupError {
  return new BringupError({
    code: 'LAB_PROCESS_STUCK',
    message: `Processes ${pids.join(', ')} of the lab "${lab.name}" did not end within 15 s of being killed.`,
    hint: 'They hang in the kernel, most often on a disk; run the command again, or restart the machine.',
  });
}
