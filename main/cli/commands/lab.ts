import type { Command } from 'commander';
import pc from 'picocolors';
import { readFile } from 'node:fs/promises';
import { EXIT } from '../../../src/contract/errors.ts';
import { labDown, labStatus, labUp, type LabProgress, type LabStatus } from '../../lab/index.ts';
import type { CliContext } from '../context.ts';
import { print, printJson } from '../output.ts';
import { addBmcsCommand } from './lab-bmcs.ts';

/** lab up|down|status: a real small site on this machine. */
export function addLabCommands(program: Command, context: CliContext): void {
  const group = program.command('lab').description('a real small site on this Linux machine, as root');
  const tell = ({ text, seconds }: LabProgress): void => {
    process.stderr.write(`${pc.dim(`${seconds.toFixed(0).padStart(4)} s`)}  ${text}\n`);
  };
  group
    .command('up')
    .description(
      'bring the lab up: KVM host, three target servers (one bare), BMC simulators, and its site files',
    )
    .action(async () => {
      const status = await labUp({}, tell);
      if (context.json()) return printJson(status);
      print(await readFile(status.siteFile, 'utf8'));
      print(`The lab is up. Apply its site file with: bringup apply ${status.siteFile}`);
      print(`The whole stack, which takes longer: bringup apply ${status.wholeSiteFile}`);
    });
  group
    .command('down')
    .description('take the lab down and leave nothing behind')
    .action(async () => {
      const status = await labDown({}, tell);
      if (context.json()) printJson(status);
      else print('The lab is down.');
    });
  addBmcsCommand(group, context);
  group
    .command('status')
    .description('say which parts of the lab are up')
    .action(async () => {
      const status = await labStatus({});
      if (context.json()) printJson(status);
      else print(statusText(status));
      context.exit(status.state === 'partial' ? EXIT.failed : EXIT.done);
    });
}

function statusText(status: LabStatus): string {
  const words = { up: pc.green('up'), down: pc.dim('down'), partial: pc.yellow('partly up') };
  const parts = status.parts.map(
    (part) => `  ${part.state === 'up' ? pc.green('✔') : pc.red('✖')} ${part.name.padEnd(14)} ${part.detail}`,
  );
  const file =
    status.state === 'down'
      ? []
      : [`  site file ${status.siteFile}`, `  whole stack ${status.wholeSiteFile}`];
  const name = status.name === 'lab' ? 'The lab' : `The lab ${status.name}`;
  return [`${name} is ${words[status.state]}`, ...parts, ...file].join('\n');
}
