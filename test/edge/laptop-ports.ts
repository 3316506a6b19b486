import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHardwareFiles } from '../../main/adapters/hardware-files.ts';
import { createCertificatePinFile, createHostKeyFile } from '../../main/adapters/host-keys.ts';
import { createJournalFiles, journalPath } from '../../main/adapters/journal-files.ts';
import { followLines } from '../../main/adapters/journal-follow.ts';
import { runHolding } from '../../main/adapters/journal-lock.ts';
import { createRunControl } from '../../main/adapters/run-control.ts';
import type { BringupPorts } from '../../src/bringup.ts';
import type { Credential } from '../../src/contract/ports.ts';

/** The playbooks tree under test. */
const PLAYBOOKS = fileURLToPath(new URL('../../playbooks', import.meta.url));

/** What the application service gets of a laptop: the real adapters on a home of the test's own, credentials in memory. */
export function laptopPorts(
  home: string,
  credentials: Readonly<Record<string, Credential>> = {},
  more: Partial<BringupPorts> = {},
): BringupPorts {
  return {
    ...{ version: '0.1.0', platform: 'linux', host: 'cli', playbooks: PLAYBOOKS },
    clock: { now: () => new Date() },
    credentials: {
      get: async (name) => credentials[name] ?? null,
      set: async () => undefined,
      list: async () => Object.keys(credentials),
      delete: async () => false,
    },
    hostKeys: createHostKeyFile(home),
    certificates: createCertificatePinFile(home),
    hardware: createHardwareFiles(home),
    control: createRunControl(home),
    journals: {
      ...createJournalFiles(home),
      active: async (site, run) => (await runHolding(path.join(home, 'locks', `${site}.lock`))) === run,
      follow: (run, onLines) =>
        followLines([journalPath(home, run), journalPath(home, run, 'opened')], onLines),
    },
    ...more,
  };
}
