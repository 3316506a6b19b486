import type { Command } from 'commander';
import path from 'node:path';
import pc from 'picocolors';
import type { KnownSite } from '../../../src/contract/api.ts';
import { EXIT } from '../../../src/contract/errors.ts';
import type { CliContext } from '../context.ts';
import { columns, print, printJson } from '../output.ts';
import { paragraph } from '../paragraph.ts';

/** sites: the site files that were worked on from this machine, each with what it says now. */
export function addSitesCommand(program: Command, context: CliContext): void {
  program
    .command('sites')
    .description('list the site files worked on from this machine, newest first')
    .option('--forget <file>', 'take a site file from the list; the file itself stays')
    .action(async ({ forget }: { readonly forget?: string }) => {
      const client = await context.client();
      if (forget !== undefined) {
        const { forgotten } = await client.call('sites.forget', { file: path.resolve(forget) });
        if (context.json()) printJson({ forgotten });
        else print(forgotten ? 'It is no longer in the list.' : 'It was not in the list.');
        if (!forgotten) context.exit(EXIT.failed);
        return;
      }
      const { sites } = await client.call('sites.list', {});
      if (context.json()) printJson({ sites });
      else
        print(
          sites.length === 0 ? NONE.join('\n') : sites.map((site) => siteText(site, columns())).join('\n'),
        );
    });
}

const NONE = ['No site file has been worked on from this machine.', 'Begin with: bringup init site.yaml'];

function siteText(site: KnownSite, width: number): string {
  const state = site.gone === true ? pc.yellow('gone') : site.errors > 0 ? pc.red('invalid') : 'valid';
  const lines = [`${pc.bold(site.site ?? path.basename(site.file))}  ${state}  ${pc.dim(site.file)}`];
  if (site.first_error !== undefined) lines.push(paragraph('    ', [site.first_error], width));
  return lines.join('\n');
}
