import { Command, CommanderError, Option } from 'commander';
import { EXIT } from '../../src/contract/errors.ts';
import type { Bringup } from '../../src/bringup.ts';
import { bringupVersion, compose, passphraseFrom } from '../compose.ts';
import { addApplyCommand } from './commands/apply.ts';
import { addBundleCommands } from './commands/bundle.ts';
import { addCredentialCommands } from './commands/credentials.ts';
import { addDoctorCommand } from './commands/doctor.ts';
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
import { reportError } from './output.ts';
import { askPassphrase } from './passphrase.ts';

let exit: number = EXIT.done;
let service: Bringup | undefined;

const program = new Command('bringup')
  .description('Take a rack from a site file to a working site, and know at every moment where it stands.')
  .version(bringupVersion(), '--version', 'print the version')
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
  .showHelpAfterError('See: bringup --help')
  .exitOverride();

const context: CliContext = {
  json: () => program.opts<GlobalOptions>().json === true,
  client: async () => {
    const { credentialStore, passphraseFile } = program.opts<GlobalOptions>();
    service ??= compose({
      host: 'cli',
      ...(credentialStore === undefined ? {} : { credentialStore }),
      passphrase: (purpose) =>
        passphraseFile === undefined ? askPassphrase(purpose) : passphraseFrom(passphraseFile),
    });
    return service;
  },
  exit: (code) => {
    exit = code;
  },
};

addInitCommand(program, context);
addSiteCommands(program, context);
addSitesCommand(program, context);
addDiscoverCommand(program, context);
addRawCommand(program, context);
addPlanCommands(program, context);
addApplyCommand(program, context);
addVerifyCommand(program, context);
addRehearseCommand(program, context);
addRunCommands(program, context);
addResumeCommands(program, context);
addLogCommand(program, context);
addExportCommands(program, context);
addProbeCommand(program, context);
addStackCommands(program, context);
addProfileCommands(program, context);
addBundleCommands(program, context);
addCredentialCommands(program, context);
addLabCommands(program, context);
addServeCommand(program, context);
addDoctorCommand(program, context);
acceptJsonEverywhere(program);

try {
  await program.parseAsync();
} catch (thrown) {
  exit =
    thrown instanceof CommanderError
      ? thrown.exitCode === 0
        ? EXIT.done
        : EXIT.invalid
      : reportError(thrown, context.json());
} finally {
  await service?.close();
}
process.exit(exit);

/** `bringup validate FILE --json` is as good as `bringup --json validate FILE`. */
function acceptJsonEverywhere(command: Command): void {
  for (const child of command.commands) {
    child.option('--json', 'print one JSON document, or JSON lines while a run goes on');
    child.exitOverride();
    child.hook('preAction', (_this, action) => {
      if (action.opts<GlobalOptions>().json === true) program.setOptionValue('json', true);
    });
    acceptJsonEverywhere(child);
  }
}
