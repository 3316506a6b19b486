import { randomBytes } from 'node:crypto';
import type { BringupError } from '../contract/errors.ts';
import {
  startCommand,
  type CommandEnd,
  type CommandOptions,
  type Link,
  type RunningCommand,
} from './command.ts';
import { linkError, nameOf } from './errors.ts';
import { quote } from './quote.ts';
import type { RemoteTarget } from './types.ts';

/**
 * Starts a command as root. sudo writes `<mark>?` to stderr when it wants the password and the command's own shell writes
 * `<mark>!` when it begins, so the password is sent only when asked for and never reaches the command's input.
 */
export async function startAsRoot(
  link: Link,
  command: string,
  stdin: string | Uint8Array | undefined,
  options: CommandOptions,
): Promise<RunningCommand> {
  const mark = `bringup-${randomBytes(6).toString('hex')}`;
  const dialogue = createDialogue(link.target, mark, options.onStderr);
  const running = await startCommand(link, wrap(command, mark), { ...options, onStderr: dialogue.read });
  dialogue.bind(running, stdin);
  const done = running.done.then((end) => dialogue.check(end));
  done.catch(() => undefined);
  return { ...running, done };
}

function wrap(command: string, mark: string): string {
  const begin = `printf '%s' '${mark}!' >&2; exec sh -c "$1"`;
  const script = `
if [ "$(id -u)" = 0 ]; then ${begin}; fi
command -v sudo >/dev/null || { printf '%s' '${mark}-' >&2; exit 127; }
exec sudo -H -S -p '${mark}?' -- sh -c ${quote(begin)} sh "$1"`;
  return `exec sh -c ${quote(script)} sh ${quote(command)}`;
}

interface Dialogue {
  read(chunk: Buffer): void;
  bind(running: RunningCommand, stdin: string | Uint8Array | undefined): void;
  check(end: CommandEnd): CommandEnd;
}

function createDialogue(target: RemoteTarget, mark: string, onStderr: (chunk: Buffer) => void): Dialogue {
  let state: 'waiting' | 'asked' | 'begun' | 'over' = 'waiting';
  let before = Buffer.alloc(0);
  let running: RunningCommand | undefined;
  let input: string | Uint8Array | undefined;

  const prompts = (): number => before.toString('latin1').split(`${mark}?`).length - 1;

  /** What stands in the way by what was said so far, if anything. */
  const obstacle = (): BringupError | undefined => {
    if (before.includes(`${mark}-`)) return missing(target);
    if (prompts() > 0 && target.credential.password === undefined) return noPassword(target);
    return prompts() > 1 ? wrongPassword(target) : undefined;
  };

  const advance = (): void => {
    if (running === undefined || state === 'begun' || state === 'over') return;
    const began = before.indexOf(`${mark}!`);
    if (began >= 0) {
      state = 'begun';
      running.channel.end(input);
      const rest = before.subarray(began + mark.length + 1);
      if (rest.length > 0) onStderr(rest);
      return;
    }
    const error = obstacle();
    if (error !== undefined) {
      state = 'over';
      running.fail(error);
    } else if (prompts() > 0 && state === 'waiting') {
      state = 'asked';
      running.channel.write(`${target.credential.password ?? ''}\n`);
    }
  };

  return {
    read: (chunk) => {
      if (state === 'begun') return onStderr(chunk);
      before = Buffer.concat([before, chunk]);
      advance();
    },
    bind: (command, stdin) => {
      running = command;
      input = stdin;
      advance();
    },
    check: (end) => {
      if (state === 'begun') return end;
      // A command that ends at once may have said all before anybody could act on it.
      throw obstacle() ?? refusal(target, before.toString().replaceAll(`${mark}?`, '').trim());
    },
  };
}

const SUDO_HINT = 'Store the right password for that user: bringup credentials set NAME';

function wrongPassword(target: RemoteTarget): BringupError {
  return linkError(
    'SUDO_PASSWORD_WRONG',
    `sudo on ${nameOf(target)} does not take the stored password of ${target.username}.`,
    SUDO_HINT,
  );
}

function noPassword(target: RemoteTarget): BringupError {
  return linkError(
    'SUDO_PASSWORD_MISSING',
    `sudo on ${nameOf(target)} asks for the password of ${target.username}, and the credential has none.`,
    `Add the password to the credential, or let ${target.username} use sudo without one.`,
  );
}

function missing(target: RemoteTarget): BringupError {
  return linkError(
    'SUDO_MISSING',
    `${nameOf(target)} has no sudo, and ${target.username} is not root.`,
    `As root: install the package sudo and let ${target.username} use it (adduser ${target.username} sudo).`,
  );
}

/** sudo ended without beginning the command: its own words decide which error it is. */
function refusal(target: RemoteTarget, text: string): BringupError {
  if (/incorrect password|sorry, try again|authentication fail/i.test(text)) return wrongPassword(target);
  return linkError(
    'SUDO_NOT_ALLOWED',
    `sudo on ${nameOf(target)} does not let ${target.username} become root.`,
    `As root: allow it (adduser ${target.username} sudo, or wheel on Red Hat systems), without requiretty.`,
    { evidence: [{ source: 'sudo', text: text === '' ? 'ended without a word' : text }] },
  );
}
