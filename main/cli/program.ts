import { Command, Option } from 'commander';
import { addApplyCommand } from './commands/apply.ts';
import { addBundleCommands } from './commands/bundle.ts';
import { addCredentialCommands } from './commands/credentials.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addExplainCommand } from './commands/explain.ts';
import { addExportCommands } from './commands/export.ts';
import { addDiscoverCommand } from './commands/hardware.ts';
import { addInitCommand } from './commands/init.ts';
import { addLabCommands } from './commands/lab.ts';
import { addLogCommand } from './commands/logs.ts';
import { addPlanCommands } from './commands/plan.ts';
import { addProbeCommand } from './commands/probe.ts';
import { addProfileCommands } from './commands/profiles.ts';
import { addRawCommand } from './commands/raw.ts';
import { addRehearseCommand } from './commands/rehearse.ts';
import { addResumeCommands } from './commands/resume.ts';
import { addRunCommands } from './commands/runs.ts';
import { addServeCommand } from './commands/serve.ts';
import { addSiteCommands } from './commands/site.ts';
import { addSitesCommand } from './commands/sites.ts';
import { addStackCommands } from './commands/stacks.ts';
import { addVerifyCommand } from './commands/verify.ts';
import type { CliContext, GlobalOptions } from './context.ts';
import { throwUsageErrors } from './usage.ts';

type AddCommands = (program: Command, context: CliContext) => void;

/** All commands, by what they are for, in the order of a site's life. */
const GROUPS: Readonly<Record<string, readonly AddCommands[]>> = {
  'The site file': [addInitCommand, addSiteCommands, addSitesCommand, addCredentialCommands],
  'Before a run': [addDiscoverCommand, addRawCommand, addPlanCommands, addRehearseCommand],
  'A run': [addApplyCommand, addResumeCommands, addVerifyCommand],
  'What was done': [addRunCommands, addLogCommand, addExportCommands],
  'When something fails': [addProbeCommand, addExplainCommand, addDoctorCommand],
  'What runs are made of': [addBundleCommands, addProfileCommands, addStackCommands],
  'Around it': [addServeCommand, addLabCommands],
};

/** The tree of commands; what is wrong with their arguments is thrown as a BringupError. */
export function createProgram(context: CliContext, version: string): Command {
  const program = new Command('bringup')
    .description('Take a rack from a site file to a working site, and know at every moment where it stands.')
    .version(version, '--version', 'print the version')
    .option('--json', 'print one JSON document, or JSON lines while a run goes on')
    .addOption(
      new Option(
        '--credential-store <kind>',
        'where credentials are kept this time; otherwise as "credentials store" says',
      ).choices(['keychain', 'file']),
    )
    .option(
      '--passphrase-file <file>',
      'read the passphrase of the credential file from here instead of asking',
    )
    .configureHelp({ subcommandTerm: termOf });
  throwUsageErrors(program);
  for (const [title, commands] of Object.entries(GROUPS)) {
    program.commandsGroup(`${title}:`);
    for (const add of commands) add(program, context);
  }
  program.helpCommand('help [command]', 'show what a command takes');
  acceptJsonEverywhere(program, program);
  return program;
}

/** A command with its arguments; that each has options needs no saying. */
function termOf(command: Command): string {
  const names = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...names].join(' ');
}

/** `bringup validate FILE --json` is as good as `bringup --json validate FILE`. */
function acceptJsonEverywhere(command: Command, program: Command): void {
  for (const child of command.commands) {
    child.option('--json', 'print one JSON document, or JSON lines while a run goes on');
    throwUsageErrors(child);
    child.hook('preAction', (_this, action) => {
      if (action.opts<GlobalOptions>().json === true) program.setOptionValue('json', true);
    });
    acceptJsonEverywhere(child, program);
  }
}
