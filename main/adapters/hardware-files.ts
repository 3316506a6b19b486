import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { BringupError, EXIT } from '../../src/contract/errors.ts';
import type { HardwareStore } from '../../src/contract/ports.ts';
import { readIfPresent, writePrivate } from './private-file.ts';

/** Discoveries kept for each site; an older one is still there to compare with. */
const KEPT = 10;
const RESULT = 'hardware.json';

/**
 * Keeps what discoveries found in `<home>/hardware/<site>/<time>/`: `hardware.json` is the result, `raw/<bmc>.json` what
 * that BMC answered, one JSON map `{uri: resource}` a machine. Readable by its owner only.
 */
export function createHardwareFiles(home: string): HardwareStore {
  const siteFolder = (site: string): string => path.join(home, 'hardware', site);
  const times = async (site: string): Promise<string[]> => {
    const names = await readdir(siteFolder(site)).catch(() => []);
    return names.filter((name) => /^\d{8}T\d{6}/.test(name)).sort();
  };
  return {
    begin: async (site, at) => {
      const folder = path.join(siteFolder(site), at.toISOString().replace(/[-:.]/g, ''));
      return {
        keepRaw: (bmc, resources) =>
          writePrivate(path.join(folder, 'raw', `${fileName(bmc)}.json`), JSON.stringify(resources)),
        // Last, so that a folder without it is one that was never finished.
        finish: async (result) => {
          await writePrivate(path.join(folder, RESULT), `${JSON.stringify(result, null, 1)}\n`);
          for (const old of (await times(site)).slice(0, -KEPT)) {
            await rm(path.join(siteFolder(site), old), { recursive: true, force: true });
          }
          return folder;
        },
        discard: () => rm(folder, { recursive: true, force: true }),
      };
    },
    last: async (site) => {
      for (const time of (await times(site)).reverse()) {
        const file = path.join(siteFolder(site), time, RESULT);
        const text = await readIfPresent(file);
        if (text !== null) return parse(text, file);
      }
      return null;
    },
    raw: async (site, bmc) => {
      for (const time of (await times(site)).reverse()) {
        const file = path.join(siteFolder(site), time, 'raw', `${fileName(bmc)}.json`);
        const text = await readIfPresent(file);
        if (text !== null) return parse(text, file);
      }
      return null;
    },
  };
}

/** The host and port of a BMC's address as a file name. */
function fileName(bmc: string): string {
  return bmc.replace(/^https?:\/\//, '').replace(/[^A-Za-z0-9.-]+/g, '_');
}

function parse<T>(text: string, file: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new BringupError({
      code: 'HARDWARE_FILE_DAMAGED',
      exit: EXIT.invalid,
      message: `What the last discovery found, ${file}, cannot be read.`,
      hint: 'Run the discovery again: bringup discover FILE',
      cause,
    });
  }
}
