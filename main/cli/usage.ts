import type { Command, CommanderError } from 'commander';
import type { BringupError } from '../../src/contract/errors.ts';
import { usageError } from './output.ts';

/** Lets a command throw what is wrong with its arguments as an error of Bringup, with the help that belongs to it. */
export function throwUsageErrors(command: Command): void {
  command.configureOutput({ outputError: () => undefined });
  command.exitOverride((error) => {
    // Help and version were shown, or help in place of the subcommand that is missing.
    if (error.exitCode === 0 || error.code === 'commander.help') throw error;
    throw asUsageError(error, command);
  });
}

function asUsageError(error: CommanderError, command: Command): BringupError {
  const [first = '', ...more] = error.message.replace(/^error: /, '').split('\n');
  const meant = /Did you mean (.+)\?/.exec(more.join(' '))?.[1];
  const sentence = `${first.charAt(0).toUpperCase()}${first.slice(1)}`;
  const help = `See: ${pathOf(command)} --help`;
  return usageError(
    /[.!?]$/.test(sentence) ? sentence : `${sentence}.`,
    meant === undefined ? help : `Did you mean ${meant}? ${help}`,
  );
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
