import { createBringup, type Bringup } from '../../src/bringup.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import type { Credential, CredentialStore, JournalStore } from '../../src/contract/ports.ts';
import { encodeEvent } from '../../src/runs/index.ts';
import { laptopPorts } from './laptop-ports.ts';

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
  const ports = laptopPorts(home, credentials, {
    clock: { now: () => new Date('2026-11-21T03:00:00Z') },
  });
  const { journals } = ports;
  const bringup = createBringup({ ...ports, credentials: { ...ports.credentials, ...store } });
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
