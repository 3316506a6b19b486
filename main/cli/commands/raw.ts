import type { Command } from 'commander';
import { BringupError, EXIT } from '../../../src/contract/errors.ts';
import type { CliContext } from '../context.ts';
import { print, printJson } from '../output.ts';

/** raw: what a BMC answered when it was last read, as one JSON map `{uri: resource}`. */
export function addRawCommand(program: Command, context: CliContext): void {
  program
    .command('raw')
    .description('print the Redfish resources of one machine as its BMC answered them at the last discovery')
    .argument('<file>', 'the site file')
    .argument('<host>', 'a host of the site file, or the address of a BMC')
    .action(async (file: string, host: string) => {
      const client = await context.client();
      const { result } = await client.call('hardware.last', { file });
      const found = result?.machines.find(
        (machine) => machine.host === host || machine.bmc.replace(/^https?:\/\//, '') === host,
      );
      const { resources } = await client.call('hardware.raw', { file, bmc: found?.bmc ?? host });
      if (resources === null) throw nothingKept(file, host);
      if (context.json()) return printJson({ resources });
      print(JSON.stringify(resources, null, 2));
    });
}

function nothingKept(file: string, host: string): BringupError {
  return new BringupError({
    code: 'HARDWARE_RAW_MISSING',
    exit: EXIT.invalid,
    message: `Nothing is kept of what the BMC of ${host} answered.`,
    hint: `Read it first: bringup discover ${file}`,
  });
}
