import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  type BmcSimulator,
  type SimulatedMachineOptions,
  createBmcSimulator,
  runBmcSimulator,
} from './bmc/index.ts';
import { BARE_NODE, SERVERS, bmcIdentityOf } from './layout.ts';
import { answersAs, runProgram } from './simulator-program.ts';
import type { LabCredentials } from './types.ts';

const USAGE = `usage: bmc-simulator serve FOLDER
       bmc-simulator serve [--capture FILE] [--count N] [--listen ADDRESS:PORT] [--http]
                           [--user NAME] [--state FOLDER] [--faults FILE]
       bmc-simulator probe ADDRESS=PIN...
`;

/**
 * The simulator of BMCs as a program. `serve FOLDER` is the lab's: every BMC of the lab on its own address, with what FOLDER
 * holds (`NAME.key`, `NAME.crt`, states) and the credentials beside it, and the simulated installer of the bare server. `serve`
 * with options is for a person: any capture, any number of machines. `probe ADDRESS=PIN...` exits 0 when each address
 * answers with that certificate, 1 otherwise.
 */
async function main(command: string | undefined, args: readonly string[]): Promise<void> {
  if (command === 'probe') {
    const answers = await Promise.all(args.map((pair) => answersAs(pair, '/redfish/v1/')));
    process.exitCode = answers.every(Boolean) ? 0 : 1;
  } else if (command !== 'serve') {
    process.stderr.write(USAGE);
    process.exitCode = 2;
  } else if (args[0] !== undefined && !args[0].startsWith('-')) await serveLab(args[0]);
  else await servePerson(args);
}

async function serveLab(folder: string): Promise<void> {
  const read = (...parts: readonly string[]) => readFileSync(path.join(folder, ...parts), 'utf8');
  const credentials = JSON.parse(read('..', 'credentials.json')) as LabCredentials;
  // Only here: "probe" is run often and has no use for it.
  const { createBareNodeInstaller } = await import('./bare-node-installer.ts');
  const install = createBareNodeInstaller(folder);
  await createBmcSimulator({
    machines: SERVERS.map((node): SimulatedMachineOptions => ({
      identity: bmcIdentityOf(node),
      login: credentials['lab/bmc'],
      host: node.bmcAddress,
      port: 443,
      tls: { key: read(`${node.name}.key`), cert: read(`${node.name}.crt`) },
      stateFile: path.join(folder, `${node.name}.json`),
      faultsFile: path.join(folder, `${node.name}.faults.json`),
      ...(node === BARE_NODE ? { onBoot: (boot) => void install(boot) } : {}),
    })),
  });
}

async function servePerson(args: readonly string[]): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      capture: text,
      count: text,
      listen: text,
      user: text,
      state: text,
      faults: text,
      http: { type: 'boolean' },
    },
  });
  const { count, ...rest } = values;
  const simulator = await runBmcSimulator({
    ...rest,
    ...(count === undefined ? {} : { count: Number(count) }),
  });
  process.stdout.write(describe(simulator));
}

/** One line a machine, then how to log in and what to pin. */
function describe({ machines }: BmcSimulator): string {
  const first = machines[0];
  if (first === undefined) return '';
  const pin = first.certificate === undefined ? '' : `certificate SHA-256 ${first.certificate.sha256}\n`;
  const lines = machines.map(({ name, url }) => `${name}  ${url}\n`).join('');
  return `${lines}user ${first.login.username}, password ${first.login.password}\n${pin}`;
}

await runProgram(main, USAGE);
