import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BARE_MACHINE, keepInstallerNews, startBareMachine } from './bare-node.ts';
import type { LabContext } from './context.ts';
import { ensureCredentials } from './credentials.ts';
import { type BootedFrom, createSimulatedInstaller } from './installer.ts';
import { BARE_NODE } from './layout.ts';
import { waitForMachine } from './readiness.ts';
import type { LabRoots } from './roots.ts';

/** File in the folder of the BMCs that says which lab they belong to. */
export const LAB_OF_BMCS = 'lab.json';

/** What is in it. */
export interface LabOfBmcs {
  readonly lab: LabContext;
  readonly roots: LabRoots;
}

/**
 * The simulated installer for the bare server of the lab whose BMCs have their files in `folder`. It is to run in the network of
 * the BMCs, from which images are read; what it does is in their log.
 */
export function createBareNodeInstaller(folder: string): (boot: BootedFrom) => Promise<void> {
  const { lab, roots } = JSON.parse(readFileSync(path.join(folder, LAB_OF_BMCS), 'utf8')) as LabOfBmcs;
  return createSimulatedInstaller({
    from: BARE_NODE.bmcAddress,
    start: async () => {
      await startBareMachine(lab, roots, await ensureCredentials(lab));
      await waitForMachine(lab, BARE_MACHINE);
    },
    tell: async (news) => {
      process.stdout.write(`simulated installer of ${BARE_MACHINE.name}: ${news.text}\n`);
      await keepInstallerNews(lab, news);
    },
  });
}
