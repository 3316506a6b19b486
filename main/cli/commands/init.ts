import path from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import type { CliContext } from '../context.ts';
import { print, printJson } from '../output.ts';

interface Flags {
  readonly name?: string;
  readonly stack: string;
  readonly example?: boolean;
}

/** init: a site file to begin with, which is never written over another one. */
export function addInitCommand(program: Command, context: CliContext): void {
  program
    .command('init')
    .description('write a commented site file to begin with')
    .argument('<file>', 'the site file to make, such as plant-7/site.yaml')
    .option('--name <name>', 'name of the site; without it that of the folder')
    .option('--stack <stack>', 'what is to be deployed', 'dell-rke2')
    .option('--example', 'from the example: three servers, with addresses to put in')
    .action(async (file: string, flags: Flags) => {
      const name = flags.name ?? folderName(file);
      const client = await context.client();
      const example = flags.example === true ? { example: true } : {};
      const site = await client.call('site.create', { file, name, stack: flags.stack, ...example });
      if (context.json()) printJson({ file: site.file, ok: site.ok, problems: site.problems });
      else
        print(
          `${pc.green('✔')} ${site.file} is there.\nPut the site's own values in, then: bringup validate ${file}`,
        );
    });
}

/** The folder's name as a DNS label. */
function folderName(file: string): string {
  const folder = path.basename(path.dirname(path.resolve(file)));
  return (
    folder
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 63) || 'site'
  );
}
