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

/** What one Ansible module returned; `failed` and `msg` as Ansible sets them. */
export interface ModuleResult {
  readonly failed?: boolean;
  readonly changed?: boolean;
  readonly code?: string;
  readonly msg?: string;
  readonly [key: string]: unknown;
}

interface AnsibleReport {
  readonly plays: readonly { readonly tasks: readonly { readonly hosts: Record<string, ModuleResult> }[] }[];
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

/** Calls one module of playbooks/library the way a play does, on this machine, inside a network namespace when one is named. */
export async function callModule(
  name: string,
  parameters: Record<string, unknown>,
  namespace?: string,
): Promise<ModuleResult> {
  const ansible = [
    'ansible',
    '-i',
    'localhost,',
    '-c',
    'local',
    'all',
    '-m',
    name,
    '-a',
    JSON.stringify(parameters),
  ];
  const [command = '', ...rest] = namespace ? ['ip', 'netns', 'exec', namespace, ...ansible] : ansible;
  const { stdout, stderr } = await runCommand(command, rest, {
    ANSIBLE_STDOUT_CALLBACK: 'json',
    ANSIBLE_LOAD_CALLBACK_PLUGINS: '1',
  });
  const start = stdout.indexOf('{');
  if (start < 0) throw new Error(`ansible gave no result: ${stdout}${stderr}`);
  const report = JSON.parse(stdout.slice(start)) as AnsibleReport;
  const result = report.plays[0]?.tasks[0]?.hosts['localhost'];
  if (!result) throw new Error(`ansible ran nothing: ${stdout}`);
  return result;
}
