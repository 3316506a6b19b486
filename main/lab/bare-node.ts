import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { LabContext } from './context.ts';
import type { InstallerNews } from './installer.ts';
import { BARE_NODE } from './layout.ts';
import { type LabMachine, machineFolder, startMachine } from './machines.ts';
import { configureNode } from './network.ts';
import type { LabRoots } from './roots.ts';
import type { LabCredentials } from './types.ts';
import { writeAtomically } from './write-atomically.ts';

/** The server that has no operating system at first, as the machine that it is once it has one. */
export const BARE_MACHINE: LabMachine = {
  name: BARE_NODE.name,
  kind: 'target-server',
  address: BARE_NODE.address,
};

/** What the simulated installer told of the bare server last; undefined where it was never started. */
export function readInstallerNews(lab: LabContext): InstallerNews | undefined {
  try {
    return JSON.parse(readFileSync(newsFile(lab), 'utf8')) as InstallerNews;
  } catch {
    return undefined;
  }
}

/** Keeps what the simulated installer tells, for `lab status` and for the next `lab up`. */
export async function keepInstallerNews(lab: LabContext, news: InstallerNews): Promise<void> {
  await mkdir(path.dirname(newsFile(lab)), { recursive: true, mode: 0o700 });
  writeAtomically(newsFile(lab), `${JSON.stringify(news)}\n`);
}

/** Whether a system was installed on the bare server since this lab was made. */
export function isInstalled(lab: LabContext): boolean {
  return readInstallerNews(lab)?.state === 'installed';
}

/** Starts the system that was installed on the bare server; returns before it answers. */
export async function startBareMachine(
  lab: LabContext,
  roots: LabRoots,
  credentials: LabCredentials,
): Promise<void> {
  await configureNode(lab, BARE_NODE);
  await startMachine(lab, BARE_MACHINE, roots, credentials);
}

function newsFile(lab: LabContext): string {
  return path.join(machineFolder(lab, BARE_NODE.name), 'installer.json');
}
