import { readFile } from 'node:fs/promises';
import { InvalidArgumentError, type Command } from 'commander';
import { BringupError, EXIT } from '../../../src/contract/errors.ts';
import { rendererFolder } from '../../compose.ts';
import { isLoopback, type ServerTls } from '../../server/listen.ts';
import type { RunningServer, ServerOptions } from '../../server/server.ts';
import type { CliContext } from '../context.ts';
import { findRun } from '../find-run.ts';
import { print, printJson, usageError } from '../output.ts';
import { canOpenWindow, openWindow } from '../window.ts';

interface Flags {
  readonly port?: number;
  readonly open?: boolean;
  readonly share?: readonly string[];
  readonly listen?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** Tried first: what a browser remembers, such as the theme, belongs to an address with its port. */
const USUAL_PORT = 8417;

/** serve: the same window in a browser, guarded by a token; over loopback unless told otherwise. */
export function addServeCommand(program: Command, context: CliContext): void {
  program
    .command('serve')
    .description('serve the window to a browser on this machine')
    .option('--port <number>', `port; ${USUAL_PORT}, or a free one, when left out`, portNumber)
    .option('--open', 'open it in a window of its own, and end when that is closed')
    .option('--share <run...>', 'print a link with which somebody else may watch this run, and do nothing')
    .option(
      '--listen <address>',
      'answer on this address instead of loopback; needs --tls-cert and --tls-key',
    )
    .option('--tls-cert <file>', 'certificate chain in PEM')
    .option('--tls-key <file>', 'its key in PEM')
    .action(async (flags: Flags) => {
      const client = await context.client();
      const tls = await readTls(flags);
      const shared = await Promise.all((flags.share ?? []).map((run) => findRun(client, run)));
      const server = await startOn(flags.port, {
        service: client,
        dir: rendererFolder(),
        ...(flags.listen === undefined ? {} : { host: flags.listen }),
        ...(tls === undefined ? {} : { tls }),
      });
      announce(server, flags, shared, context.json());
      if (flags.open === true && canOpenWindow()) await openWindow(server.waitingUrl, server.url);
      else {
        if (flags.open === true && !context.json())
          print('There is no display here; open the address in a browser.');
        await untilSignal();
      }
      await server.close();
    });
}

async function startOn(
  port: number | undefined,
  options: Omit<ServerOptions, 'port'>,
): Promise<RunningServer> {
  // Read only here, so that no other command waits for it.
  const { startServer } = await import('../../server/server.ts');
  if (port !== undefined) return startServer({ ...options, port });
  try {
    return await startServer({ ...options, port: USUAL_PORT });
  } catch (error) {
    if (!(error instanceof BringupError) || error.code !== 'SERVER_PORT') throw error;
    return startServer(options);
  }
}

function announce(
  server: RunningServer,
  { listen = '127.0.0.1' }: Flags,
  runs: readonly string[],
  json: boolean,
): void {
  const shared = runs.map((run) => ({ run, url: server.share(run) }));
  if (json) {
    printJson({ url: server.url, ...(shared.length === 0 ? {} : { shared }) });
    return;
  }
  print(`Bringup is at ${server.url}`);
  for (const { run, url } of shared) print(`Run ${run} can be watched at ${url}`);
  if (!isLoopback(listen))
    print(
      `Everybody who can reach ${listen} and has the first link can act on every site of this machine. ` +
        'Give it to nobody; it stops working when this command ends.',
    );
}

async function readTls({ tlsCert, tlsKey }: Flags): Promise<ServerTls | undefined> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined)
    throw usageError('A certificate needs its key.', 'Give --tls-cert and --tls-key together.');
  return { cert: await readPem(tlsCert), key: await readPem(tlsKey) };
}

async function readPem(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new BringupError({
      code: 'TLS_FILE_UNREADABLE',
      exit: EXIT.invalid,
      message: `The file ${file} cannot be read.`,
      hint: 'Check the path, and that the file belongs to you.',
      cause,
    });
  });
}

async function untilSignal(): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

function portNumber(value: string): number {
  const port = Number(value);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}
