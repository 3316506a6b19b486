import { parseArgs } from 'node:util';
import { runOmeSimulator } from './ome/index.ts';
import { answersAs, runProgram } from './simulator-program.ts';

const USAGE = `usage: ome-simulator serve [--listen ADDRESS:PORT] [--user NAME] [--password-file FILE]
                           [--cert FILE --key FILE] [--state FOLDER] [--faults FILE] [--job-seconds N]
                           [--tag TEXT]
       ome-simulator probe ADDRESS[:PORT]=PIN
`;

/**
 * The simulator of OpenManage Enterprise as a program. `serve` runs until it is ended; `--tag` does nothing but stand in the
 * list of processes, so that whoever started it finds it again. `probe` exits 0 when the address answers with that certificate.
 */
async function main(command: string | undefined, args: readonly string[]): Promise<void> {
  if (command === 'probe' && args[0] !== undefined) {
    process.exitCode = (await answersAs(args[0], '/api/ApplicationService/Info')) ? 0 : 1;
  } else if (command === 'serve') await serve(args);
  else {
    process.stderr.write(USAGE);
    process.exitCode = 2;
  }
}

async function serve(args: readonly string[]): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ listen: text, user: text, cert: text, key: text, state: text, faults: text, tag: text },
      ...{ 'password-file': text, 'job-seconds': text },
    },
  });
  const { tag: _, 'password-file': passwordFile, 'job-seconds': seconds, ...rest } = values;
  const ome = await runOmeSimulator({
    ...rest,
    ...(passwordFile === undefined ? {} : { passwordFile }),
    ...(seconds === undefined ? {} : { jobSeconds: Number(seconds) }),
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void ome.close().finally(() => process.exit()));
  // A password that came from a file is known to whoever wrote it and needs not stand in a log.
  const password = passwordFile === undefined ? `, password ${ome.login.password}` : '';
  process.stdout.write(
    `simulated OpenManage Enterprise  ${ome.url}\nuser ${ome.login.username}${password}\ncertificate SHA-256 ${ome.certificate.sha256}\n`,
  );
}

await runProgram(main, USAGE);
