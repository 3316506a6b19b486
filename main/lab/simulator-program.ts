import https from 'node:https';
import type { TLSSocket } from 'node:tls';
import { BringupError } from '../../src/contract/errors.ts';

/**
 * Whether an address answers with the very certificate that is meant, so that no simulator of another lab passes for it. `pair` is
 * `ADDRESS=PIN` or `ADDRESS:PORT=PIN`, the pin a SHA-256; whatever it answers will do, as faults may be switched on.
 */
export function answersAs(pair: string, resource: string): Promise<boolean> {
  const [address = '', pin = ''] = pair.split('=');
  return new Promise((resolve) => {
    const request = https.get(`https://${address}${resource}`, {
      // Nobody signed it; the fingerprint is what counts.
      rejectUnauthorized: false,
      timeout: 5000,
    });
    request.on('response', (response) => {
      response.resume();
      const { fingerprint256 = '' } = (response.socket as TLSSocket).getPeerCertificate();
      resolve(fingerprint256.replaceAll(':', '').toLowerCase() === pin);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

/** Runs a simulator's program with the words of its command line; what is wrong with them is told with the usage, as exit code 2. */
export async function runProgram(
  main: (command: string | undefined, args: readonly string[]) => Promise<void>,
  usage: string,
): Promise<void> {
  try {
    await main(process.argv[2], process.argv.slice(3));
  } catch (error) {
    const isExpected = error instanceof BringupError;
    process.stderr.write(
      isExpected ? `${error.message} ${error.hint ?? ''}\n` : `${String(error)}\n${usage}`,
    );
    process.exitCode = isExpected ? error.exit : 2;
  }
}
