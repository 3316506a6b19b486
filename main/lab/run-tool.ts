import { execa } from 'execa';
import { BringupError } from '../../src/contract/errors.ts';

/** Plain messages whatever the engineer's language, and the system tools even where `su` kept a user's PATH. */
export const TOOL_ENV = { LC_ALL: 'C.UTF-8', PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };

/** What a tool gets besides its arguments. */
export interface ToolOptions {
  /** Standard input; the way to hand over a secret, which must never be an argument. */
  readonly input?: string;
}

/** Runs a system tool to its end and answers its standard output; a non-zero exit becomes LAB_TOOL_FAILED with the last lines it wrote. */
export async function runTool(
  tool: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<string> {
  const result = await tryTool(tool, args, options);
  if (result.ok) return result.stdout;
  throw toolError(tool, args, result.output);
}

/** Like runTool, but a failure is an answer: `ok` false and what the tool wrote. */
export async function tryTool(
  tool: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<{ readonly ok: boolean; readonly stdout: string; readonly output: string }> {
  const result = await execa(tool, args, {
    reject: false,
    all: true,
    env: TOOL_ENV,
    input: options.input ?? '',
  });
  return {
    ok: !result.failed,
    stdout: result.stdout,
    output: result.all === '' ? (result.originalMessage ?? '') : result.all,
  };
}

/**
 * Runs a shell script (`$1` is `folder`, `$2`... are `args`) in mount and process namespaces of its own, which end
 * with this process: when Bringup is killed, or `signal` aborts, nothing it started goes on writing and no mount stays.
 * Its temporary files go into `folder`.
 */
export async function runContained(
  script: string,
  folder: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const isolate = ['--mount', '--pid', '--fork', '--kill-child=KILL', '--mount-proc'];
  const command = [
    '--pdeathsig',
    'KILL',
    '--',
    'unshare',
    ...isolate,
    'sh',
    '-euc',
    `umask 022\n${script}`,
    'bringup-lab',
    folder,
    ...args,
  ];
  const result = await execa('setpriv', command, {
    reject: false,
    all: true,
    env: { ...TOOL_ENV, TMPDIR: folder },
    stdin: 'ignore',
    cancelSignal: signal,
    killSignal: 'SIGKILL',
  });
  if (result.failed)
    throw toolError('sh', [folder, ...args], result.all === '' ? (result.originalMessage ?? '') : result.all);
}

function toolError(tool: string, args: readonly string[], output: string): BringupError {
  const command = [tool, ...args].join(' ');
  return new BringupError({
    code: 'LAB_TOOL_FAILED',
    message: `The lab needed \`${command}\`, which failed: ${output.trim().split('\n').at(-1) ?? 'no output'}`,
    hint: 'The evidence holds the last lines the tool wrote; `bringup lab down` clears what is half made.',
    evidence: [{ source: command, text: output.trim().split('\n').slice(-20).join('\n') }],
  });
}
