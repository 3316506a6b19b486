import { InvalidArgumentError, type Command } from 'commander';
import { rendererFolder } from '../../compose.ts';
import { startServer } from '../../server/server.ts';
import type { CliContext } from '../context.ts';
import { print, printJson } from '../output.ts';
import { canOpenWindow, openWindow } from '../window.ts';

interface Flags {
  readonly port?: number;
  readonly open?: boolean;
}

/** serve: the same window in a browser, over loopback, guarded by a token. */
export function addServeCommand(program: Command, context: CliContext): void {
  program
    .command('serve')
    .description('serve the window to a browser on this machine')
    .option('--port <number>', 'port on loopback; a free one when left out', portNumber)
    .option('--open', 'open it in a window of its own, and end when that is closed')
    .action(async (flags: Flags) => {
      const server = await startServer({
        service: await context.client(),
        dir: rendererFolder(),
        ...(flags.port === undefined ? {} : { port: flags.port }),
      });
      if (context.json()) printJson({ url: server.url });
      else print(`Bringup is at ${server.url}`);
      if (flags.open === true && canOpenWindow()) await openWindow(server.url);
      else {
        if (flags.open === true && !context.json())
          print('There is no display here; open the address in a browser.');
        await untilSignal();
      }
      await server.close();
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
