import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createBringup, type Bringup, type BringupPorts } from '../src/bringup.ts';
import { BringupError, EXIT } from '../src/contract/errors.ts';
import type { CredentialStore } from '../src/contract/ports.ts';
import { createChosenStore } from './adapters/credentials-choice.ts';
import type { AskPassphrase } from './adapters/credentials-file.ts';
import { withLabCredentials } from './adapters/credentials.ts';
import { bringupHome } from './adapters/home.ts';
import { createHardwareFiles } from './adapters/hardware-files.ts';
import { createCertificatePinFile, createHostKeyFile } from './adapters/host-keys.ts';
import { createJournalFiles, journalPath } from './adapters/journal-files.ts';
import { runHolding } from './adapters/journal-lock.ts';
import { followLines } from './adapters/journal-follow.ts';
import { findPlaces } from './adapters/places.ts';
import { checkMachine } from './adapters/machine-checks.ts';
import { createRehearsal } from './adapters/rehearsal.ts';
import { createRunControl } from './adapters/run-control.ts';
import { createSiteMemory } from './adapters/site-memory.ts';
import { readLabCredentials } from './lab/index.ts';

export interface ComposeOptions {
  readonly host: BringupPorts['host'];
  /** For this process alone; without it what the engineer has chosen on this machine, else the keychain. */
  readonly credentialStore?: 'keychain' | 'file';
  /** Asked for once, when the encrypted file is first used; a window gives it by `credentials.store`. */
  readonly passphrase?: AskPassphrase;
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
    rehearsal: createRehearsal(path.join(root, 'assets', 'rehearsal')),
    machine: () => checkMachine({ home, root }),
    sites: createSiteMemory(home),
    places: () => findPlaces(),
    playbooks: { shipped: path.join(root, 'playbooks'), imported: path.join(home, 'stacks') },
    exampleSite: path.join(root, 'assets', 'example-site.yaml'),
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

/** Reads a passphrase file: its first line. Throws PASSPHRASE_FILE_UNREADABLE. */
export async function passphraseFrom(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new BringupError({
      code: 'PASSPHRASE_FILE_UNREADABLE',
      exit: EXIT.invalid,
      message: `The passphrase file ${file} cannot be read.`,
      hint: 'Check the path, and that the file belongs to you.',
      evidence: [
        { source: 'operating system', text: cause instanceof Error ? cause.message : String(cause) },
      ],
      cause,
    });
  });
  return text.split(/\r?\n/)[0] ?? '';
}

function engineerStore({ credentialStore, passphrase }: ComposeOptions, home: string): CredentialStore {
  return createChosenStore({
    home,
    ...(credentialStore === undefined ? {} : { store: credentialStore }),
    ...(passphrase === undefined ? {} : { passphrase }),
  });
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
