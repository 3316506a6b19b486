import http from 'node:http';
import https from 'node:https';

/** Dell's own catalog of everything unpacks to well below this. */
const BYTES = 256 * 1024 * 1024;

/** Fetches a file over http or https; a certificate is only looked at where that was asked for, as OME does. */
export function fetchFile(url: string, isChecked: boolean, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { signal, timeout: 30_000, rejectUnauthorized: isChecked };
    const request = (url.startsWith('https:') ? https : http).get(url, options, (response) => {
      if (response.statusCode !== 200) {
        response.resume();
        return reject(new Error(`${url} answered ${response.statusCode ?? 'nothing'}.`));
      }
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > BYTES) request.destroy(new Error(`${url} is larger than a catalog can be.`));
        else chunks.push(chunk);
      });
      response.on('end', () => resolve(Buffer.concat(chunks)));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error(`${url} did not answer.`)));
    request.on('error', (error) => reject(new Error(`${url}: ${error.message}`)));
  });
}
