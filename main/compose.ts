import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createBringup, type Bringup, type BringupPorts } from '../src/bringup.ts';
import type { CredentialStore } from '../src/contract/ports.ts';
import { createEncryptedFileStore } from './adapters/credentials-file.ts';
import { createKeychainStore } from './adapters/credentials-keychain.ts';
import { withLabCredentials } from './adapters/credentials.ts';
import { bringupHome } from './adapters/home.ts';
import { createHardwareFiles } from './adapters/hardware-files.ts';
import { createCertificatePinFile, createHostKeyFile } from './adapters/host-keys.ts';
import { createJournalFiles, journalPath } from './adapters/journal-files.ts';
import { runHolding } from './adapters/journal-lock.ts';
import { followLines } from './adapters/journal-follow.ts';
import { createRunControl } from './adapters/run-control.ts';
import { readLabCredentials } from './lab/index.ts';

export interface ComposeOptions {
  readonly host: BringupPorts['host'];
  /** `keychain` is the default; `file` is the engineer's explicit choice where there is none. */
  readonly credentialStore?: 'keychain' | 'file';
  /** Asked for once, when the encrypted file is first used. */
  readonly passphrase?: () => Promise<string>;
}

/** Puts the adapters of this machine into the application service. */
export function compose(options: ComposeOptions): Bringup {
  const home = bringupHome();
  const root = findRoot();
  return createBringup({
    version: bringupVersion(),
    platform: process.platform,
    host: options.host,
    clock: { now: () => new Date() },
    credentials: withLabCredentials(engineerStore(options, home), () => readLabCredentials()),
    hostKeys: createHostKeyFile(home),
    certificates: createCertificatePinFile(home),
    hardware: createHardwareFiles(home),
    journals: {
      ...createJournalFiles(home),
      active: async (site, run) => (await runHolding(path.join(home, 'locks', `${site}.lock`))) === run,
      follow: (run, onLines) =>
        followLines([journalPath(home, run), journalPath(home, run, 'opened')], onLines),
    },
    control: createRunControl(home),
    playbooks: path.join(root, 'playbooks'),
  });
}

/** The version of this Bringup, as in package.json. */
export function bringupVersion(): string {
  const text = readFileSync(path.join(findRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Where the built renderer lies. */
export function rendererFolder(): string {
  return path.join(findRoot(), 'dist', 'renderer');
}

/** Reads a passphrase file: its first line. */
export async function passphraseFrom(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).split(/\r?\n/)[0] ?? '';
}

function engineerStore(options: ComposeOptions, home: string): CredentialStore {
  if (options.credentialStore !== 'file') return createKeychainStore();
  return createEncryptedFileStore(
    path.join(home, 'credentials.sealed'),
    options.passphrase ?? (() => Promise.resolve('')),
  );
}

/** The folder that holds package.json and playbooks/: above the sources, above dist/, or in the packaged app. */
function findRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'playbooks', 'stacks'))) {
    const above = path.dirname(folder);
    if (above === folder) throw new Error('the playbooks folder of Bringup is missing');
    folder = above;
  }
  return folder;
}
