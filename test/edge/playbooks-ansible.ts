import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';

const run = promisify(execFile);

/** Where Ansible unpacks its modules: one that is stopped in the middle does not clear up behind itself. */
const scratch = mkdtempSync(path.join(tmpdir(), 'bringup-modules-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The playbooks tree under test. */
export const PLAYBOOKS = fileURLToPath(new URL('../../playbooks', import.meta.url));

const MODULE = fileURLToPath(new URL('service-module.py', import.meta.url));

/** Read by every Python at its start: see there. */
const AT_ONCE = fileURLToPath(new URL('at-once', import.meta.url));

/** What one Ansible module returned; `failed` and `msg` as Ansible sets them. */
export interface ModuleResult {
  readonly failed?: boolean;
  readonly changed?: boolean;
  readonly code?: string;
  readonly msg?: string;
  readonly [key: string]: unknown;
}

/** Runs a command to its end; standard output and error as text, never throws for an exit code. */
export async function runCommand(
  command: string,
  arguments_: readonly string[],
  environment: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = {
    ...process.env,
    ANSIBLE_CONFIG: `${PLAYBOOKS}/ansible.cfg`,
    LC_ALL: 'C.UTF-8',
    PYTHONPATH: AT_ONCE,
    TMPDIR: scratch,
    ...environment,
  };
  try {
    return { code: 0, ...(await run(command, [...arguments_], { cwd: PLAYBOOKS, env, maxBuffer: 1 << 26 })) };
  } catch (error) {
    const failed = error as { code?: number; stdout?: string; stderr?: string };
    return { code: failed.code ?? -1, stdout: failed.stdout ?? '', stderr: failed.stderr ?? '' };
  }
}

/** The command that runs one module of playbooks/library or of a collection, without Ansible around it. */
export function moduleCommand(
  name: string,
  parameters: Record<string, unknown>,
): readonly [string, ...string[]] {
  // Without a line in the system log of what it was called with, as in a stage.
  const words = JSON.stringify({ ...parameters, _ansible_no_log: true });
  return ['/usr/bin/python3', '-B', MODULE, PLAYBOOKS, name, words];
}

/** What a module printed, as its result. */
export function readResult({ stdout, stderr }: { stdout: string; stderr: string }): ModuleResult {
  if (!stdout.trimStart().startsWith('{')) throw new Error(`the module gave no result: ${stdout}${stderr}`);
  // As Ansible has it, a module that says nothing of it has changed nothing.
  return { changed: false, ...(JSON.parse(stdout) as ModuleResult) };
}

/**
 * Runs one module on this machine, inside a network namespace when one is named, without Ansible around it: what
 * Ansible adds is tried by the stages' own tests, and takes a second each time.
 */
export async function callModule(
  name: string,
  parameters: Record<string, unknown>,
  namespace?: string,
): Promise<ModuleResult> {
  const command = moduleCommand(name, parameters);
  const inside = namespace === undefined ? [] : ['ip', 'netns', 'exec', namespace];
  const [first = '', ...rest] = [...inside, ...command];
  return readResult(await runCommand(first, rest));
}
