import { BringupError } from '../contract/errors.ts';
import { quote } from '../remote/index.ts';
import { createLineSplitter, type RemoteShell, type ShellOptions, type ShellResult } from './shell.ts';
import { parseTailLine, type RunnerEnd, type RunnerEvent } from './tail-line.ts';

/** `tail.py` speaks at least every 5 s; silence this long means that the link is dead. */
const SILENCE_SECONDS = 45;
const COMMAND_SECONDS = 120;
const STDERR_CHARACTERS = 4000;

/** A stage that still goes on and must end first. */
export interface RunningStage {
  readonly run: string;
  readonly stage: string;
  readonly attempt: number;
  readonly started: string;
}

function script(project: string, name: string, ...words: readonly string[]): string {
  return ['python3', '-B', `${project}/runner/${name}`, ...words].map(quote).join(' ');
}

/** Runs a command that speaks for long: its stdout is not kept, its stderr is. */
async function stream(shell: RemoteShell, command: string, options: ShellOptions): Promise<ShellResult> {
  const decoder = new TextDecoder();
  let stderr = '';
  const onStderr = (chunk: Uint8Array | string): void => {
    stderr += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    stderr = stderr.slice(-STDERR_CHARACTERS);
  };
  const result = await shell.sudo(command, { ...options, onStderr, capture: false });
  return { ...result, stderr };
}

/** One attempt of a stage, as the scripts on the machine know it. */
export interface StageName {
  readonly run: string;
  readonly stage: string;
  readonly attempt: number;
}

/** Waits until nothing runs on the machine that must end before the stage; tells what does every few seconds. */
export async function awaitEarlier(
  shell: RemoteShell,
  where: { readonly project: string; readonly root: string; readonly site: string },
  own: StageName,
  tell: (running: readonly RunningStage[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const onStdout = createLineSplitter((line) => {
    if (!line.startsWith('{"running"')) return;
    const { running } = JSON.parse(line) as { running: readonly RunningStage[] };
    if (running.length > 0) tell(running);
  });
  const words = [where.root, where.site, own.run, own.stage, String(own.attempt)];
  const command = script(where.project, 'running.py', ...words);
  const result = await stream(shell, command, { onStdout, signal });
  if (result.code !== 0) throw scriptFailed('looking for stages that still run', shell, result);
}

/** Orders a stage; the same order twice starts it once. Gives its private data directory on the machine. */
export async function startStage(shell: RemoteShell, project: string, order: object): Promise<string> {
  const command = script(project, 'start.py');
  const stdin = `${JSON.stringify(order)}\n`;
  const result = await shell.sudo(command, { stdin, timeoutSeconds: COMMAND_SECONDS });
  const line = result.stdout.split('\n').find((text) => text.startsWith('{"directory"'));
  if (result.code !== 0 || line === undefined) throw scriptFailed('starting the playbook', shell, result);
  return (JSON.parse(line) as { directory: string }).directory;
}

/**
 * Asks a stage to stop, at once or (with a grace in seconds) after the running task; its end is told by tailStage. False
 * where the stage was never started there.
 */
export async function stopStage(
  shell: RemoteShell,
  project: string,
  directory: string,
  graceSeconds?: number,
): Promise<boolean> {
  const words = graceSeconds === undefined ? [] : ['--grace', String(graceSeconds)];
  const command = script(project, 'stop.py', directory, ...words);
  const result = await shell.sudo(command, { timeoutSeconds: COMMAND_SECONDS });
  const line = result.stdout.split('\n').find((text) => text.startsWith('{"asked"'));
  if (result.code !== 0 || line === undefined) throw scriptFailed('stopping the stage', shell, result);
  return (JSON.parse(line) as { known: boolean }).known;
}

export interface TailOrder {
  readonly project: string;
  readonly directory: string;
  readonly stage: string;
  readonly from: number;
  /** Counter up to which the reader has the events: those before it are told in short. */
  readonly known: number;
  onEvent(event: RunnerEvent): void;
  onHeartbeat(): void;
}

/** Tells a stage's events after counter `from` until it has ended. Throws SSH_SILENT where the link went dead. */
export async function tailStage(shell: RemoteShell, order: TailOrder): Promise<RunnerEnd> {
  let end: RunnerEnd | undefined;
  const silence = new AbortController();
  const watchdog = setTimeout(() => {
    silence.abort();
  }, SILENCE_SECONDS * 1000);
  const onStdout = createLineSplitter((text) => {
    watchdog.refresh();
    const line = parseTailLine(text);
    if (line === null) return;
    if ('event' in line) order.onEvent(line.event);
    else if ('end' in line) end = line.end;
    else order.onHeartbeat();
  });
  const { project, directory, stage, from, known } = order;
  const words = [directory, stage, '--from', String(from), '--known', String(known)];
  const command = script(project, 'tail.py', ...words);
  try {
    const result = await stream(shell, command, { onStdout, signal: silence.signal });
    if (end === undefined) throw scriptFailed('reading the events of the stage', shell, result);
    return end;
  } catch (thrown) {
    if (end !== undefined) return end;
    if (!silence.signal.aborted) throw thrown;
    const message = `${shell.label} said nothing for ${SILENCE_SECONDS} s.`;
    throw new BringupError({ code: 'SSH_SILENT', message, cause: thrown });
  } finally {
    clearTimeout(watchdog);
  }
}

function scriptFailed(
  doing: string,
  shell: RemoteShell,
  result: { readonly code: number | null; readonly stderr: string },
): BringupError {
  return new BringupError({
    code: 'STAGE_SCRIPT_FAILED',
    message: `On ${shell.label}, ${doing} failed (exit code ${String(result.code)}).`,
    hint: 'The evidence quotes what the machine said; once that is mended, go on with: bringup resume',
    evidence: [{ source: `stderr on ${shell.label}`, text: result.stderr.slice(-STDERR_CHARACTERS) }],
  });
}
