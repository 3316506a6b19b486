import { readFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { NODES } from './layout.ts';
import { INITIAL_STATE, type BmcMachine, type BmcState } from './redfish-resources.ts';
import { createRedfishService } from './redfish-service.ts';
import type { LabCredentials } from './types.ts';
import { writeAtomically } from './write-atomically.ts';

const BODY_LIMIT = 1024 * 1024;

/**
 * The program behind the lab's BMCs, a process of its own: `serve FOLDER` answers https on every BMC's address with
 * what FOLDER holds (`tls.key`, `tls.crt`, `credentials.json`) and keeps each machine's state there;
 * `probe ADDRESS...` exits 0 when each address answers a Redfish service root, 1 otherwise.
 */
async function main(command: string | undefined, args: readonly string[]): Promise<void> {
  if (command === 'serve' && args[0] !== undefined) return serve(args[0]);
  if (command === 'probe') {
    const answers = await Promise.all(args.map(answersRedfish));
    process.exitCode = answers.every(Boolean) ? 0 : 1;
    return;
  }
  process.stderr.write('usage: bmc-simulator serve FOLDER | probe ADDRESS...\n');
  process.exitCode = 2;
}

function serve(folder: string): void {
  const key = readFileSync(path.join(folder, 'tls.key'));
  const cert = readFileSync(path.join(folder, 'tls.crt'));
  const credentials = JSON.parse(
    readFileSync(path.join(folder, '..', 'credentials.json'), 'utf8'),
  ) as LabCredentials;
  for (const node of NODES) {
    const stateFile = path.join(folder, `${node.name}.json`);
    const machine: BmcMachine = { ...node, macs: [node.mac, node.spareMac] };
    const answer = createRedfishService({
      machine,
      login: credentials['lab/bmc'],
      state: readState(stateFile),
      onState: (state) => writeAtomically(stateFile, JSON.stringify(state)),
    });
    https
      .createServer({ key, cert }, (request, response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        request.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > BODY_LIMIT) request.destroy();
          else chunks.push(chunk);
        });
        request.on('end', () => {
          const { method = 'GET', url = '/', headers } = request;
          const reply = answer({ method, path: url, headers, body: Buffer.concat(chunks).toString('utf8') });
          const common = { 'OData-Version': '4.0', 'Content-Type': 'application/json; charset=utf-8' };
          response.writeHead(reply.status, { ...common, ...reply.headers });
          response.end(reply.body === undefined ? '' : JSON.stringify(reply.body));
        });
      })
      .listen(443, node.bmcAddress);
  }
}

function readState(file: string): BmcState {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as BmcState;
  } catch {
    return INITIAL_STATE;
  }
}

function answersRedfish(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    // Only whether the simulator is there; its certificate is made by the lab and signed by nobody.
    const request = https.get({
      host: address,
      path: '/redfish/v1/',
      rejectUnauthorized: false,
      timeout: 5000,
    });
    request.on('response', (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

await main(process.argv[2], process.argv.slice(3));
