import { InvalidArgumentError, type Command } from 'commander';
import pc from 'picocolors';
import { runBmcSimulator, type RunBmcSimulatorOptions } from '../../lab/index.ts';
import type { CliContext } from '../context.ts';
import { print, printJson } from '../output.ts';
import { readStdin } from '../prompt.ts';

type BmcFlags = Omit<RunBmcSimulatorOptions, 'password'> & { readonly passwordStdin?: boolean };
type Simulator = Awaited<ReturnType<typeof runBmcSimulator>>;

/** lab bmcs: simulated BMCs to practise with, of any machine whose resources were kept. */
export function addBmcsCommand(lab: Command, context: CliContext): void {
  lab
    .command('bmcs')
    .description("serve simulated BMCs from a capture, or the lab's own tree, until Ctrl-C")
    .option('--capture <file>', 'one JSON map {uri: resource}, such as a discovery keeps under raw/')
    .option('--count <number>', 'how many machines', wholeNumber, 1)
    .option(
      '--listen <address:port>',
      'where the first one answers, the others on the ports after it',
      '127.0.0.1:0',
    )
    .option('--http', 'plain http instead of https')
    .option('--user <name>', 'the account', 'root')
    .option('--password-stdin', 'read its password from standard input; random when left out')
    .option('--state <folder>', 'keep the state of the machines here')
    .option('--faults <file>', 'a JSON list of faults, followed while it runs')
    .action(async ({ passwordStdin, ...options }: BmcFlags) => {
      const password = passwordStdin === true ? { password: await readStdin() } : {};
      const simulator = await runBmcSimulator({ ...options, ...password });
      if (context.json()) printJson({ machines: simulator.machines.map(machineDocument) });
      else print(simulatorText(simulator, passwordStdin === true));
      await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
      await simulator.close();
    });
}

function machineDocument({ name, url, login, certificate }: Simulator['machines'][number]) {
  return {
    name,
    url,
    login,
    ...(certificate === undefined ? {} : { certificate_sha256: certificate.sha256 }),
  };
}

function simulatorText({ machines }: Simulator, passwordKnown: boolean): string {
  const first = machines[0];
  const lines = machines.map(({ name, url }) => `  ${name}  ${url}`);
  const pin = first?.certificate === undefined ? '' : ` --pin ${first.certificate.sha256}`;
  return [
    `${pc.bold('Simulated BMCs')}, user ${first?.login.username ?? ''}${passwordKnown ? '' : `, password ${first?.login.password ?? ''}`}`,
    ...lines,
    'Read one with:',
    pc.cyan(
      `  bringup discover --bmc ${first?.url ?? ''} --user ${first?.login.username ?? ''} --password-stdin${pin}`,
    ),
    'Ctrl-C ends them.',
  ].join('\n');
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return value;
}
