import path from 'node:path';
import { BringupError, EXIT } from '../../src/contract/errors.ts';
import type { HostKeyStore } from '../../src/contract/ports.ts';
import { readIfPresent, writePrivate } from './private-file.ts';
import { createTurns } from './turns.ts';

/** Pinned SSH host keys in `<home>/host-keys.json`: `{ "host:port": "SHA256:..." }`. */
export function createHostKeyFile(home: string): HostKeyStore {
  return createPinFile(path.join(home, 'host-keys.json'), 'SSH host keys');
}

/** Pinned TLS certificates of BMCs in `<home>/bmc-certificates.json`: `{ "host:port": "<sha256 hex>" }`. */
export function createCertificatePinFile(home: string): HostKeyStore {
  return createPinFile(path.join(home, 'bmc-certificates.json'), 'BMC certificates');
}

function createPinFile(file: string, what: string): HostKeyStore {
  const load = async (): Promise<Record<string, string>> => {
    const text = await readIfPresent(file);
    if (text === null) return {};
    try {
      return JSON.parse(text) as Record<string, string>;
    } catch (cause) {
      throw new BringupError({
        code: 'PINS_DAMAGED',
        exit: EXIT.invalid,
        message: `The file of pinned ${what}, ${file}, cannot be read.`,
        hint: 'Move it away; each fingerprint will then be shown for comparison again at first contact.',
        cause,
      });
    }
  };
  const inTurn = createTurns();
  return {
    get: async (key) => (await load())[key] ?? null,
    set: (key, fingerprint) =>
      inTurn(async () => {
        await writePrivate(file, JSON.stringify({ ...(await load()), [key]: fingerprint }, null, 2) + '\n');
      }),
    delete: (key) =>
      inTurn(async () => {
        const { [key]: found, ...rest } = await load();
        if (found === undefined) return false;
        await writePrivate(file, JSON.stringify(rest, null, 2) + '\n');
        return true;
      }),
  };
}
