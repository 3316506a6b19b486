import path from 'node:path';
import { createHardwareFiles } from '../../main/adapters/hardware-files.ts';
import { createCertificatePinFile, createHostKeyFile } from '../../main/adapters/host-keys.ts';
import { createJournalFiles, journalPath } from '../../main/adapters/journal-files.ts';
import { followLines } from '../../main/adapters/journal-follow.ts';
import { createBringup, type Bringup } from '../../src/bringup.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import type { Credential, CredentialStore, JournalStore } from '../../src/contract/ports.ts';
import { encodeEvent } from '../../src/runs/index.ts';

const PLAYBOOKS = new URL('../../playbooks', import.meta.url).pathname;

/** The application service on a laptop of its own: journals in a folder, credentials in memory. */
export interface Laptop {
  readonly home: string;
  readonly bringup: Bringup;
  readonly journals: JournalStore;
  /** Puts a run on this laptop as it is, whatever it holds. */
  addRun(events: readonly RunEvent[], siteFile?: string): Promise<string>;
}

export function openLaptop(
  home: string,
  credentials: Readonly<Record<string, Credential>> = {},
  store: Partial<CredentialStore> = {},
): Laptop {
  const journals = createJournalFiles(home);
  const bringup = createBringup({
    ...{ version: '0.1.0', platform: 'linux', host: 'cli', playbooks: PLAYBOOKS },
    clock: { now: () => new Date('2026-11-21T03:00:00Z') },
    credentials: {
      get: async (name) => credentials[name] ?? null,
      set: async () => undefined,
      list: async () => Object.keys(credentials),
      delete: async () => false,
      ...store,
    },
    hostKeys: createHostKeyFile(home),
    certificates: createCertificatePinFile(home),
    hardware: createHardwareFiles(path.join(home, 'hardware')),
    journals: {
      ...journals,
      active: async () => false,
      follow: (run, onLines) =>
        followLines([journalPath(home, run), journalPath(home, run, 'opened')], onLines),
    },
  });
  return {
    ...{ home, bringup, journals },
    async addRun(events, siteFile) {
      const run = events[0]?.run ?? '';
      const journal = await journals.create('plant-7', run);
      for (const event of events) await journal.append(encodeEvent(event));
      await journal.close();
      if (siteFile !== undefined) await journals.keep(run, 'site.yaml', siteFile);
      return run;
    },
  };
}
