import { existsSync } from 'node:fs';
import { readFile, readdir, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeUnfinishedBuilds } from './cache.ts';
import { requireLinuxRoot } from './checks.ts';
import { type LabContext, NAMESPACES, createLabContext, namespaceOf } from './context.ts';
import { withLabLock } from './lock.ts';
import { removeNetwork } from './network.ts';
import { killProcesses } from './processes.ts';
import { createReporter } from './reporter.ts';
import { runTool, tryTool } from './run-tool.ts';
import { inspectLab } from './status.ts';
import type { LabOptions, LabStatus, OnLabProgress } from './types.ts';

/** Removes a lab in whatever state it is: processes, namespaces, mounts, loop devices, files. The cache stays. */
export async function labDown(options: LabOptions = {}, onProgress?: OnLabProgress): Promise<LabStatus> {
  requireLinuxRoot();
  const lab = createLabContext(options);
  return withLabLock(async () => {
    await removeLab(lab, createReporter(onProgress));
    await removeUnfinishedBuilds(lab);
    return inspectLab(lab);
  });
}

/** The work of labDown, for a caller that holds the lock. Relies on no record of the lab: it looks at the machine. */
export async function removeLab(lab: LabContext, step: (text: string) => void): Promise<void> {
  await killProcesses(lab);
  await removeNetwork(lab);
  step('Ended the processes of the lab and removed its namespaces.');
  await unmountLeftovers(lab);
  await releaseLoopDevices(lab);
  for (const machine of NAMESPACES) await removeControlGroups(namespaceOf(lab, machine));
  await rm(lab.stateDir, { recursive: true, force: true });
  step('Removed the files of the lab; packages, root file systems and the base image stay in the cache.');
}

/** The lab mounts only in namespaces that end with their machine; this is for a mount someone made by hand. */
async function unmountLeftovers(lab: LabContext): Promise<void> {
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8'))
    .split('\n')
    .flatMap((line) => line.split(' ')[4] ?? []);
  const inside = mounts.filter((mount) => mount.startsWith(`${lab.stateDir}/`));
  for (const mount of inside.reverse()) await runTool('umount', ['--lazy', mount]);
}

/** The kernel lets go of a loop device a moment after its last mount ended; one that stays is detached. */
async function releaseLoopDevices(lab: LabContext): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const devices = await loopDevicesOf(lab);
    if (devices.length === 0) return;
    if (attempt > 20) await tryTool('losetup', ['--detach', ...devices]);
    await sleep(100);
  }
}

async function loopDevicesOf(lab: LabContext): Promise<readonly string[]> {
  const output = await runTool('losetup', ['--list', '--noheadings', '--raw', '--output', 'NAME,BACK-FILE']);
  const lines = output.split('\n').filter((line) => line.includes(` ${lab.stateDir}/`));
  return lines.flatMap((line) => line.split(' ')[0] ?? []);
}

async function removeControlGroups(group: string): Promise<void> {
  for (const tree of ['/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified', '/sys/fs/cgroup']) {
    await removeTree(path.join(tree, group));
  }
}

/** Control groups cannot be removed as files are: only their folders, innermost first. */
async function removeTree(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeTree(path.join(folder, entry.name));
  }
  await retryWhileBusy(() => rmdir(folder));
}

/** A control group stays busy for a moment after its last process was killed. */
async function retryWhileBusy(remove: () => Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await remove();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY' || attempt === 50) throw error;
      await sleep(100);
    }
  }
}
