import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHardwareFiles } from '../../main/adapters/hardware-files.ts';
import { createCertificatePinFile, createHostKeyFile } from '../../main/adapters/host-keys.ts';
import { createJournalFiles } from '../../main/adapters/journal-files.ts';
import { createBringup, type Bringup } from '../../src/bringup.ts';
import { BringupError } from '../../src/contract/errors.ts';
import type { Credential, CredentialStore } from '../../src/contract/ports.ts';
import { SITE } from '../unit/site-example.ts';

const PLAYBOOKS = fileURLToPath(new URL('../../playbooks', import.meta.url));

/** A laptop with one site file and the real application service over it; only the store of credentials is a stand-in. */
export interface SiteDesk {
  readonly file: string;
  readonly service: Bringup;
  /** What is stored, by name. */
  readonly stored: ReadonlyMap<string, Credential>;
  /** From now on no keychain answers. */
  loseKeychain(): void;
  close(): Promise<void>;
}

/** Opens the desk with this text as its site file; the base image that the example names lies beside it. */
export function openDesk(
  text: string = SITE.replaceAll('\n  - name: node-1', '\n  # first of the rack\n  - name: node-1'),
): SiteDesk {
  const folder = mkdtempSync(path.join(tmpdir(), 'bringup-desk-'));
  const home = path.join(folder, 'home');
  const file = path.join(folder, 'site.yaml');
  mkdirSync(path.join(folder, 'images'));
  writeFileSync(path.join(folder, 'images/debian-12.qcow2'), '');
  writeFileSync(file, text);
  const stored = new Map<string, Credential>([['idrac', { username: 'root', password: 'a long password' }]]);
  let lost = false;
  const service = createBringup({
    ...{ version: '0', platform: 'linux', host: 'browser', clock: { now: () => new Date() } },
    credentials: keychain(stored, () => lost),
    hostKeys: createHostKeyFile(home),
    certificates: createCertificatePinFile(home),
    hardware: createHardwareFiles(home),
    journals: { ...createJournalFiles(home), active: async () => false, follow: () => () => undefined },
    playbooks: PLAYBOOKS,
    places: async () => [{ name: 'Site', folder }],
  });
  return {
    ...{ file, service, stored },
    loseKeychain: () => {
      lost = true;
    },
    close: async () => {
      await service.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function keychain(stored: Map<string, Credential>, isLost: () => boolean): CredentialStore {
  const there = <T>(value: T): T => {
    if (!isLost()) return value;
    throw new BringupError({
      code: 'CREDENTIALS_NO_KEYCHAIN',
      message: 'No keychain answers on this machine.',
      hint: 'Log in to a desktop session, or use the encrypted file.',
    });
  };
  return {
    get: async (name) => there(stored.get(name) ?? null),
    set: async (name, credential) => void there(stored.set(name, credential)),
    list: async () => there([...stored.keys()]),
    delete: async (name) => there(stored.delete(name)),
  };
}
