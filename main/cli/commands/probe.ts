import type { Command } from 'commander';
import { EXIT } from '../../../src/contract/errors.ts';
import type { ProbeInput } from '../../../src/contract/vantage.ts';
import type { CliContext } from '../context.ts';
import { findRun } from '../find-run.ts';
import { columns, print, printJson } from '../output.ts';
import { probeText } from '../probe-text.ts';

interface ProbeFlags {
  readonly to?: string;
  readonly run?: string;
  readonly failure?: string;
}

/** probe: tries to reach one thing from every machine that can be asked, and says which leg is broken. */
export function addProbeCommand(program: Command, context: CliContext): void {
  program
    .command('probe')
    .description('try to reach something from everywhere, and say which leg is broken; nothing is changed')
    .argument('[file]', "the site file; with --run the run's own when left out")
    .option('--to <destination>', '10.20.0.11:22, node-1:443/https, node-1/bmc, 10.20.0.2/dns, http://...')
    .option('--run <run>', 'what the last failure of this run, or of the one that begins so, could not reach')
    .option('--failure <reference>', 'with --run: this failure instead of the last')
    .action(async (file: string | undefined, flags: ProbeFlags) => {
      const client = await context.client();
      const input: ProbeInput = {
        ...(file === undefined ? {} : { file }),
        ...(flags.to === undefined ? {} : { to: flags.to }),
        ...(flags.run === undefined ? {} : { run: await findRun(client, flags.run) }),
        ...(flags.failure === undefined ? {} : { reference: flags.failure }),
      };
      const result = await client.call('vantage.probe', input);
      if (context.json()) printJson(result);
      else print(probeText(result, columns()));
      context.exit(result.verdict.key === 'works' ? EXIT.done : EXIT.failed);
    });
}
