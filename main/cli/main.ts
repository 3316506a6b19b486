import { CommanderError } from 'commander';
import { EXIT } from '../../src/contract/errors.ts';
import type { Bringup } from '../../src/bringup.ts';
import { bringupVersion, compose, passphraseFrom } from '../compose.ts';
import type { CliContext, GlobalOptions } from './context.ts';
import { reportError } from './output.ts';
import { askPassphrase } from './passphrase.ts';
import { createProgram } from './program.ts';
import { flushOutput, watchOutput } from './standard-output.ts';

let exit: number = EXIT.done;
let service: Bringup | undefined;

const context: CliContext = {
  // Also where the arguments could not be read.
  json: () => program.opts<GlobalOptions>().json === true || process.argv.includes('--json'),
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
const program = createProgram(context, bringupVersion());

watchOutput();
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
await flushOutput().catch((thrown: unknown) => {
  exit = reportError(thrown, false);
});
process.exit(exit);
