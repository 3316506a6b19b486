import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { readLabCredentials } from '../../../main/lab/index.ts';
import type { Credential } from '../../../src/contract/ports.ts';
import { connect, type RemoteConnection } from '../../../src/remote/index.ts';
import { bringup } from './cli.ts';

export interface Lab {
  /** Bringup's home for these tests, removed with all that is in it. */
  readonly home: string;
  readonly siteFile: string;
  /** The site file of the whole stack. */
  readonly wholeSiteFile: string;
  readonly credentials: Readonly<Record<string, Credential>>;
}

/** Brings the lab up (it may be up) and reads what it wrote. */
export async function openLab(home: string): Promise<Lab> {
  const up = await bringup(['lab', 'up', '--json'], home);
  if (up.code !== 0) throw new Error(`lab up failed: ${up.stderr}`);
  const files = JSON.parse(up.stdout) as Pick<Lab, 'siteFile' | 'wholeSiteFile'>;
  const { siteFile, wholeSiteFile } = files;
  return { home, siteFile, wholeSiteFile, credentials: await readLabCredentials() };
}

/** A copy of the lab's site file with values set at paths, e.g. `{'kvm_host.bridge': 'br-x'}`; null deletes. */
export async function changedSite(
  lab: Pick<Lab, 'home' | 'siteFile'>,
  changes: Readonly<Record<string, unknown>>,
): Promise<string> {
  const document = parseDocument(await readFile(lab.siteFile, 'utf8'));
  for (const [at, value] of Object.entries(changes)) {
    const keys = at.split('.');
    if (value === null) document.deleteIn(keys);
    else document.setIn(keys, value);
  }
  const folder = await mkdtemp(path.join(lab.home, 'site-'));
  const file = path.join(folder, 'site.yaml');
  await writeFile(file, document.toString());
  return file;
}

/** A connection of the test's own, with host keys taken at first sight. */
export async function login(
  host: string,
  credential: Credential,
  via?: RemoteConnection,
): Promise<RemoteConnection> {
  const keys = new Map<string, string>();
  const attempt = (acceptFingerprint?: string): Promise<RemoteConnection> =>
    connect(
      {
        label: host,
        host,
        port: 22,
        username: credential.username ?? '',
        credential,
        ...(via === undefined ? {} : { via }),
        ...(acceptFingerprint === undefined ? {} : { acceptFingerprint }),
      },
      {
        hostKeys: {
          get: async (key) => keys.get(key) ?? null,
          set: async (key, value) => void keys.set(key, value),
          delete: async (key) => keys.delete(key),
        },
      },
    );
  try {
    return await attempt();
  } catch (error) {
    const shown = /SHA256:[A-Za-z0-9+/]{43}/.exec(
      JSON.stringify(error, Object.getOwnPropertyNames(error)),
    )?.[0];
    if (shown === undefined) throw error;
    return attempt(shown);
  }
}
