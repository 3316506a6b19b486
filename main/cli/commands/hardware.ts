import type { Command } from 'commander';
import cliTruncate from 'cli-truncate';
import pc from 'picocolors';
import type { BringupClient, DiscoverOptions } from '../../../src/contract/api.ts';
import { EXIT } from '../../../src/contract/errors.ts';
import type { DiscoverResult } from '../../../src/contract/hardware.ts';
import type { CliContext } from '../context.ts';
import { discoverText } from '../hardware-text.ts';
import { columns, print, printJson, usageError } from '../output.ts';
import { readStdin } from '../prompt.ts';

/** How often the terminal is told how far the discovery is, in milliseconds. */
const TOLD_EVERY_MS = 250;

interface DiscoverFlags {
  readonly bmc?: string;
  readonly user?: string;
  readonly passwordStdin?: boolean;
  readonly ca?: string;
  readonly pin?: string;
  readonly capture?: string[];
  readonly host?: string[];
  readonly range?: string[];
  readonly leases?: string;
  readonly credential?: string;
  readonly acceptNewCertificates?: boolean;
  readonly acceptHostKey?: string;
}

/** discover: reads every machine through its BMC and changes nothing. */
export function addDiscoverCommand(program: Command, context: CliContext): void {
  program
    .command('discover')
    .description('read the hardware of a site through its BMCs; nothing is changed')
    .argument('[file]', 'the site file')
    .option('--host <names...>', 'only these hosts')
    .option('--range <addresses...>', 'look for BMCs here as well: 10.20.1.0/24 or 10.20.1.10-10.20.1.99')
    .option('--leases <file>', 'look for BMCs among the DHCP leases in this file, or on the deployment-vm')
    .option('--credential <name>', 'credential of BMCs that no host of the site file names')
    .option('--accept-new-certificates', 'pin the certificate of every BMC seen for the first time')
    .option('--accept-host-key <fingerprint>', 'accept this SSH host key of the KVM host at first contact')
    .option('--bmc <url>', 'ask one BMC, without a site file')
    .option('--user <name>', 'the account on that BMC')
    .option('--password-stdin', 'read its password from standard input')
    .option('--ca <file>', 'CA certificate (PEM) that signed its certificate')
    .option('--pin <sha256>', 'SHA-256 fingerprint of its certificate')
    .option('--capture <files...>', 'read saved raw resources instead of asking machines')
    .action(async (file: string | undefined, flags: DiscoverFlags) => {
      const options = await discoverOptions(file, flags);
      const client = await context.client();
      const result = await watched(client, options, !context.json());
      if (context.json()) printJson(result);
      else print(discoverText(result, columns()));
      context.exit(discoverExit(result));
    });
}

/** 0 when every machine was read and nothing is wrong; 3 when no machine could be reached; 1 otherwise. */
function discoverExit(result: DiscoverResult): number {
  const failed = result.machines.filter((machine) => !machine.ok);
  const wrong = failed.length > 0 || result.findings.some((finding) => finding.severity === 'error');
  if (!wrong) return EXIT.done;
  const unreached = failed.every((machine) => machine.error?.exit === EXIT.connection);
  return failed.length === result.machines.length && failed.length > 0 && unreached
    ? EXIT.connection
    : EXIT.failed;
}

async function discoverOptions(file: string | undefined, flags: DiscoverFlags): Promise<DiscoverOptions> {
  if ([file, flags.bmc].filter((given) => given !== undefined).length > 1)
    throw usageError('Give either a site file or --bmc, not both.', 'See: bringup discover --help');
  if (flags.bmc !== undefined) return { bmc: await directBmc(flags.bmc, flags) };
  if (file === undefined && flags.capture === undefined)
    throw usageError(
      'What shall be discovered?',
      'Name a site file, or one BMC with --bmc URL --user NAME --password-stdin.',
    );
  return {
    ...(file === undefined ? {} : { file }),
    ...(flags.capture === undefined ? {} : { captures: flags.capture }),
    ...(flags.host === undefined ? {} : { hosts: flags.host }),
    ...(flags.range === undefined ? {} : { ranges: flags.range }),
    ...(flags.leases === undefined ? {} : { leases: flags.leases }),
    ...(flags.credential === undefined ? {} : { credential: flags.credential }),
    ...(flags.acceptNewCertificates === undefined ? {} : { acceptNewCertificates: true }),
    ...(flags.acceptHostKey === undefined ? {} : { acceptHostKey: flags.acceptHostKey }),
  };
}

async function directBmc(url: string, flags: DiscoverFlags): Promise<NonNullable<DiscoverOptions['bmc']>> {
  if (flags.user === undefined || flags.passwordStdin !== true)
    throw usageError(
      'A BMC needs a user and a password.',
      'Give --user NAME and pipe the password in: --password-stdin < file',
    );
  const password = await readStdin();
  if (password === '')
    throw usageError('The password on standard input is empty.', 'Pipe it in: --password-stdin < file');
  return {
    url,
    username: flags.user,
    password,
    ...(flags.ca === undefined ? {} : { ca: flags.ca }),
    ...(flags.pin === undefined ? {} : { pin: flags.pin }),
  };
}

/** Discovers, and meanwhile tells a person on standard error which machines are done. */
async function watched(
  client: BringupClient,
  options: DiscoverOptions,
  tell: boolean,
): Promise<DiscoverResult> {
  let told = 0;
  const look = async (): Promise<void> => {
    const { ended, total } = await client.call('hardware.progress', {});
    for (const { text, bmc, host, ok } of ended.slice(told)) {
      told += 1;
      const mark = ok ? pc.green('✔') : pc.red('✖');
      const line = `${mark} ${told} of ${total}  ${host ?? bmc}: ${text}`;
      // In full it is told at the end.
      process.stderr.write(`${pc.dim(cliTruncate(line, process.stderr.columns))}\n`);
    }
  };
  const timer = tell && process.stderr.isTTY ? setInterval(() => void look(), TOLD_EVERY_MS) : undefined;
  const stop = (): void => void client.call('hardware.cancel', {});
  process.once('SIGINT', stop);
  try {
    return await client.call('hardware.discover', options);
  } finally {
    clearInterval(timer);
    process.off('SIGINT', stop);
  }
}
