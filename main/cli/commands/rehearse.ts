import { InvalidArgumentError, type Command } from 'commander';
import type { RehearseOptions } from '../../../src/contract/api.ts';
import type { RehearsalPace } from '../../../src/contract/events.ts';
import { exitCode, showToEnd, watchStyle } from '../carry-out.ts';
import type { CliContext } from '../context.ts';
import { columns, print, printJson } from '../output.ts';
import { faultsText } from '../rehearsal-text.ts';

interface Flags {
  readonly fault?: readonly string[];
  readonly listFaults?: boolean;
  readonly pace: RehearsalPace;
  readonly keepFault?: boolean;
  readonly plain?: boolean;
}

/** rehearse: a run of a site file against simulated machines, with faults where wanted. */
export function addRehearseCommand(program: Command, context: CliContext): void {
  program
    .command('rehearse')
    .description(
      'carry a site file out against simulated machines, on any laptop; nothing at a site is touched',
    )
    .argument('[site]', 'the site file; the rehearsal site when left out')
    .option('--fault <name[:host]>', 'put this fault in; may be given more than once', collect)
    .option('--list-faults', 'list the faults there are, by the stage that meets them')
    .option('--pace <pace>', 'how fast recorded stages are played: 1, 10 or max', paceOf, 'max')
    .option('--keep-fault', 'the faults stay whenever the run is resumed, instead of being mended')
    .option('--plain', 'plain lines even on a terminal')
    .action(async (site: string | undefined, flags: Flags) => {
      const client = await context.client();
      if (flags.listFaults === true) {
        const { faults } = await client.call('rehearse.faults', {});
        if (context.json()) printJson({ faults });
        else print(faultsText(faults, columns()));
        return;
      }
      const options: RehearseOptions = {
        ...{ faults: flags.fault ?? [], pace: flags.pace },
        ...(site === undefined ? {} : { siteFile: site }),
        ...(flags.keepFault === true ? { keepFault: true } : {}),
      };
      const begun = await client.call('rehearse.start', options);
      if (!context.json())
        print('This is a rehearsal: every machine at the site is simulated, none is touched.');
      context.exit(exitCode(await showToEnd(client, begun, watchStyle(context, flags.plain))));
    });
}

function collect(fault: string, before: readonly string[] = []): readonly string[] {
  return [...before, fault];
}

function paceOf(text: string): RehearsalPace {
  if (text === 'max') return 'max';
  if (text === '1') return 1;
  if (text === '10') return 10;
  throw new InvalidArgumentError('It must be 1, 10 or max.');
}
