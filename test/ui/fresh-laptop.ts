import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHardwareFiles } from '../../main/adapters/hardware-files.ts';
import { createCertificatePinFile, createHostKeyFile } from '../../main/adapters/host-keys.ts';
import { createJournalFiles, journalPath } from '../../main/adapters/journal-files.ts';
import { followLines } from '../../main/adapters/journal-follow.ts';
import { createRehearsal } from '../../main/adapters/rehearsal.ts';
import { createSiteMemory } from '../../main/adapters/site-memory.ts';
import { createBringup, type Bringup } from '../../src/bringup.ts';
import type { Credential } from '../../src/contract/ports.ts';

const PLAYBOOKS = fileURLToPath(new URL('../../playbooks', import.meta.url));

/** A laptop on its first day: no site, no credential, nothing pinned; the real application service over real files. */
export interface FreshLaptop {
  /** Where new site files go; `images/debian-12.qcow2` lies ready in `<folder>/plant-7`. */
  readonly folder: string;
  readonly service: Bringup;
  readonly stored: ReadonlyMap<string, Credential>;
  close(): Promise<void>;
}

/** Opens the laptop; only its keychain is a stand-in. */
export function openFreshLaptop(): FreshLaptop {
  const root = mkdtempSync(path.join(tmpdir(), 'bringup-fresh-'));
  const home = path.join(root, 'state');
  const folder = path.join(root, 'me');
  mkdirSync(path.join(folder, 'plant-7/images'), { recursive: true });
  writeFileSync(path.join(folder, 'plant-7/images/debian-12.qcow2'), '');
  const stored = new Map<string, Credential>();
  const service = createBringup({
    ...{ version: '0', platform: 'linux', host: 'browser', clock: { now: () => new Date() } },
    credentials: {
      get: async (name) => stored.get(name) ?? null,
      set: async (name, credential) => void stored.set(name, credential),
      list: async () => [...stored.keys()],
      delete: async (name) => stored.delete(name),
    },
    hostKeys: createHostKeyFile(home),
    certificates: createCertificatePinFile(home),
    hardware: createHardwareFiles(home),
    journals: {
      ...createJournalFiles(home),
      active: async () => false,
      follow: (run, onLines) => followLines([journalPath(home, run)], onLines),
    },
    rehearsal: createRehearsal(fileURLToPath(new URL('../../assets/rehearsal', import.meta.url))),
    sites: createSiteMemory(home),
    places: async () => [{ name: 'Home', folder }],
    playbooks: PLAYBOOKS,
  });
  return {
    ...{ folder, service, stored },
    close: async () => {
      await service.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
