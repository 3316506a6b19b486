import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPlaybookExecutor, type PlaybookPorts, type RemoteShell } from '../../src/ansible/index.ts';
import { BringupError } from '../../src/contract/errors.ts';
import type { FailureInput } from '../../src/contract/failure.ts';
import type { CancelSignal, StageAttempt, StageEvent, StageOutcome } from '../../src/contract/ports.ts';

/** A project is unpacked into a folder that is named by its SHA-256. */
const UNPACKED = '0'.repeat(64);
const RUNNER = new URL('../../playbooks/runner', import.meta.url).pathname;

/** A shell on this machine in the place of a remote one. `cut` breaks the link: what runs is killed and rejects. */
export function createLocalShell(): RemoteShell & { cut(): void } {
  const live = new Set<() => void>();
  return {
    label: 'this machine',
    cut: () => {
      for (const kill of live) kill();
    },
    sudo: (command, options = {}) =>
      new Promise((resolve, reject) => {
        const child = spawn('bash', ['-c', `exec ${command}`], { stdio: 'pipe' });
        let broken = false;
        const kill = (): void => {
          broken = true;
          child.kill('SIGKILL');
        };
        live.add(kill);
        options.signal?.addEventListener('abort', kill);
        let stdout = '';
        let stderr = '';
        child.stdout.on('data', (chunk: Buffer) => {
          if (options.capture !== false) stdout += chunk.toString();
          if (!broken) options.onStdout?.(chunk);
        });
        child.stderr.on('data', (chunk: Buffer) => {
          if (options.capture !== false) stderr += chunk.toString();
          options.onStderr?.(chunk);
        });
        child.on('error', reject);
        child.on('close', (code) => {
          live.delete(kill);
          options.signal?.removeEventListener('abort', kill);
          if (broken) reject(new BringupError({ code: 'SSH_CLOSED', message: 'The link was cut.' }));
          else resolve({ code, stdout, stderr });
        });
        // A command that ends without reading its input is no error of the link.
        child.stdin.on('error', () => undefined);
        child.stdin.end(options.stdin ?? '');
      }),
  };
}

/** A machine that carries stages out, in a temporary folder: the real runner scripts and the real ansible-runner. */
export interface LocalSite {
  readonly folder: string;
  readonly shell: ReturnType<typeof createLocalShell>;
  /** Folder of an attempt's files. */
  stageFolder(stage?: string, attempt?: number): string;
  writePlaybook(name: string, text: string): void;
  run(playbook: string, options?: LocalRun): Promise<{ outcome: StageOutcome; events: StageEvent[] }>;
  /** Stops what still runs and removes the folder. */
  remove(): Promise<void>;
}

export interface LocalRun {
  readonly stage?: string;
  readonly signal?: CancelSignal;
  readonly ports?: Partial<PlaybookPorts>;
  onEvent?(event: StageEvent): void;
}

/** An attempt that nothing was journalled of. */
export function firstAttempt(more: Partial<StageAttempt> = {}): StageAttempt {
  return { attempt: 1, leftOut: [], knows: () => false, kill: new AbortController().signal, ...more };
}

/** The failures that a stage said to stand at its end. */
export function standing(events: readonly StageEvent[]): FailureInput[] {
  return events.flatMap((event) => (event.kind === 'failure' && event.early !== true ? [event.input] : []));
}

export const INVENTORY = `
all:
  vars: {ansible_connection: local, ansible_python_interpreter: /usr/bin/python3}
  children:
    targets: {hosts: {node-1: {}, node-2: {}}}
    lost: {hosts: {node-9: {ansible_connection: ssh, ansible_host: 127.0.0.1, ansible_port: 1}}}
`;

/** `parent` is the folder in which the machine's own is made. */
export function createLocalSite(parent = tmpdir()): LocalSite {
  const folder = mkdtempSync(join(parent, 'bringup-stage-'));
  const project = join(folder, UNPACKED);
  mkdirSync(project);
  symlinkSync(UNPACKED, join(folder, 'project'));
  cpSync(RUNNER, join(project, 'runner'), { recursive: true });
  const shell = createLocalShell();
  return {
    folder,
    shell,
    stageFolder: (stage = 's1', attempt = 1) => join(folder, 'root', 'runs', 'r1', stage, String(attempt)),
    writePlaybook: (name, text) => {
      writeFileSync(join(project, name), text);
    },
    async run(playbook, { stage = 's1', signal = new AbortController().signal, ports = {}, onEvent } = {}) {
      const events: StageEvent[] = [];
      const executor = createPlaybookExecutor({
        connect: () => Promise.resolve(shell),
        ...{ run: 'r1', site: 'lab', project, playbook, inventory: INVENTORY, attempt: firstAttempt() },
        extraVars: { bringup_run: { id: 'r1', stage } },
        secrets: () =>
          Promise.resolve({ 'lab/node': { username: 'admin', password: 'hunter2-hunter2-long' } }),
        clock: { now: () => new Date() },
        root: join(folder, 'root'),
        runtime: join(folder, 'runtime'),
        ...ports,
      });
      const planned = {
        id: stage,
        title: 'A stage',
        runs_on: 'kvm-host',
        after: [],
        hosts: ['kvm-host'],
      } as const;
      const emit = (event: StageEvent): void => {
        events.push(event);
        onEvent?.(event);
      };
      return { outcome: await executor.execute(planned, emit, signal), events };
    },
    async remove() {
      const scripts = join(project, 'runner');
      const stages = foldersIn(join(folder, 'root', 'runs'))
        .flatMap(foldersIn)
        .flatMap(foldersIn);
      for (const stage of stages) await shell.sudo(`python3 -B ${scripts}/stop.py ${stage}`);
      await shell.sudo(`python3 -B ${scripts}/running.py ${join(folder, 'root')} lab`);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function foldersIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}
