import http from 'node:http';
import https from 'node:https';
import { imageProblem } from './installer-image.ts';

/** One start of a simulated machine: what it was set to boot from, and the images that were inserted then. */
export interface BootedFrom {
  readonly target: string;
  readonly images: readonly string[];
}

/** How far the simulated installer came; `text` is a phrase that follows "the simulated installer". */
export interface InstallerNews {
  readonly state: 'installing' | 'refused' | 'installed';
  readonly text: string;
}

export interface InstallerOptions {
  /** Address of the BMC, from which images are asked for; any of this machine's when left out. */
  readonly from?: string;
  /** Starts the installed system and returns when it answers. */
  readonly start: () => Promise<void>;
  readonly tell: (news: InstallerNews) => Promise<void> | void;
}

/** Far more than an image of the lab has. */
const LARGEST = 16 * 2 ** 20;
const SILENCE_MS = 30_000;

/**
 * The simulated installer: told of each start of a machine, it does what an unattended installer would where the start was from
 * virtual media. It reads the image to its end from the address that was inserted, as the BMC would, and then starts the system.
 * A start from anything else is none of its business, and so is one while it is at work.
 */
export function createSimulatedInstaller({
  from,
  start,
  tell,
}: InstallerOptions): (boot: BootedFrom) => Promise<void> {
  let isAtWork = false;
  return async ({ target, images }) => {
    const image = images[0];
    if (target !== 'Cd' || image === undefined || isAtWork) return;
    isAtWork = true;
    try {
      await tell({ state: 'installing', text: `reads ${image}` });
      const bytes = await readImage(image, from);
      const problem = imageProblem(bytes);
      if (problem !== undefined) throw new Error(`${image} ${problem}`);
      await tell({
        state: 'installing',
        text: `read ${bytes.length} bytes of ${image} and starts the system`,
      });
      await start();
      await tell({ state: 'installed', text: `installed from ${image}` });
    } catch (error) {
      await tell({
        state: 'refused',
        text: `gave up: ${error instanceof Error ? error.message : String(error)}`,
      });
    } finally {
      isAtWork = false;
    }
  };
}

/** Reads an image over HTTP or HTTPS; like an iDRAC as it is delivered, it does not ask who signed the certificate. */
function readImage(image: string, from: string | undefined): Promise<Buffer> {
  if (!/^https?:/.test(image)) return Promise.reject(new Error(`${image} is not on HTTP or HTTPS`));
  const get = image.startsWith('https:') ? https.get : http.get;
  return new Promise((resolve, reject) => {
    const way = from === undefined ? {} : { localAddress: from };
    const request = get(image, { ...way, rejectUnauthorized: false, timeout: SILENCE_MS });
    const fail = (why: string) => {
      reject(new Error(`${image} ${why}`));
      request.destroy();
    };
    request.on('timeout', () => fail(`was silent for ${SILENCE_MS / 1000} s`));
    request.on('error', (error) => fail(`cannot be read: ${error.message}`));
    request.on('response', (response) => {
      if (response.statusCode !== 200) return fail(`answers ${response.statusCode ?? 'nothing'}`);
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > LARGEST) fail('is larger than an image of the lab');
      });
      response.on('end', () => resolve(Buffer.concat(chunks)));
      response.on('error', (error) => fail(`broke off: ${error.message}`));
    });
  });
}
