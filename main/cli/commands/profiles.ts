import type { Command } from 'commander';
import { EXIT } from '../../../src/contract/errors.ts';
import type { CliContext } from '../context.ts';
import { columns, print, printJson } from '../output.ts';
import { problemLines } from '../problems-text.ts';
import { profileListText, profilesCheckedText, profileText } from '../profiles-text.ts';

interface CheckFlags {
  readonly registry?: string[];
  readonly catalog?: string;
}

/** profiles list|show|check: hardware profiles, what they come to on the machines of a site, and whether these can be set so. */
export function addProfileCommands(program: Command, context: CliContext): void {
  const group = program
    .command('profiles')
    .description('hardware profiles, by which servers are recognised and set up');
  group
    .command('list')
    .description('list the profiles, and which hosts of a site have them')
    .argument('[file]', 'the site file; without it the profiles that come with Bringup')
    .action(async (file: string | undefined) => {
      const result = await (await context.client()).call('profiles.list', file === undefined ? {} : { file });
      if (context.json()) printJson(result);
      else
        print(
          [profileListText(result.profiles, columns()), ...problemLines(result.problems, columns())].join(
            '\n',
          ),
        );
      context.exit(result.problems.some(({ severity }) => severity === 'error') ? EXIT.invalid : EXIT.done);
    });
  group
    .command('show')
    .description('print a profile, its hash and the names of its templates')
    .argument('<name>', 'the name of the profile, as "profiles list" shows it')
    .argument('[file]', 'the site file')
    .action(async (name: string, file: string | undefined) => {
      const input = { name, ...(file === undefined ? {} : { file }) };
      const profile = await (await context.client()).call('profiles.show', input);
      if (context.json()) printJson(profile);
      else print(profileText(profile, columns()));
    });
  group
    .command('check')
    .description('hold profiles against BIOS attribute registries and a firmware catalogue')
    .argument('<file>', 'a site file, or one profile')
    .option('--registry <files...>', 'BIOS attribute registries as JSON, or what `bringup raw` printed')
    .option(
      '--catalog <file>',
      'Catalog.xml or Catalog.xml.gz; the one in the bundle of the site when left out',
    )
    .action(async (file: string, { registry, catalog }: CheckFlags) => {
      const result = await (
        await context.client()
      ).call('profiles.check', {
        file,
        ...(registry === undefined ? {} : { registries: registry }),
        ...(catalog === undefined ? {} : { catalog }),
      });
      if (context.json()) printJson(result);
      else print(profilesCheckedText(result, file, columns()));
      context.exit(result.ok ? EXIT.done : EXIT.invalid);
    });
}
