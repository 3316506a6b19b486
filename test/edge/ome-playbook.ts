import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OmeSimulator } from '../../main/lab/ome/index.ts';
import { type ModuleResult, runCommand } from './playbooks-ansible.ts';

interface AnsibleReport {
  readonly plays: readonly {
    readonly tasks: readonly {
      readonly task: { readonly name: string };
      readonly hosts: Record<string, ModuleResult>;
    }[];
  }[];
}

/** What each task of a playbook returned, by the task's name. A task that did not run is an error. */
export type TaskResults = (task: string) => ModuleResult;

/** Runs one of the playbooks beside this file against a simulated OME, its certificate verified. */
export async function runOmePlaybook(
  name: string,
  ome: OmeSimulator,
  variables: Record<string, unknown> = {},
): Promise<TaskResults> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'bringup-ome-test-'));
  try {
    const ca = path.join(scratch, 'ome.pem');
    await writeFile(ca, ome.certificate.pem);
    const all = { ome_host: ome.host, ome_port: ome.port, ome_login: ome.login, ome_ca: ca, ...variables };
    const file = path.join(scratch, 'variables.json');
    await writeFile(file, JSON.stringify(all));
    const playbook = fileURLToPath(new URL(`./${name}.yml`, import.meta.url));
    const arguments_ = ['-i', 'localhost,', '-c', 'local', '-e', `@${file}`, playbook];
    const { stdout, stderr } = await runCommand('ansible-playbook', arguments_, {
      ANSIBLE_STDOUT_CALLBACK: 'json',
      ANSIBLE_PIPELINING: 'True',
      ANSIBLE_LOCAL_TEMP: path.join(scratch, 'tmp'),
    });
    return resultsOf(stdout, stderr);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function resultsOf(stdout: string, stderr: string): TaskResults {
  const start = stdout.indexOf('{');
  if (start < 0) throw new Error(`ansible-playbook gave no result: ${stdout}${stderr}`);
  const report = JSON.parse(stdout.slice(start)) as AnsibleReport;
  const results = new Map(
    report.plays.flatMap(({ tasks }) => tasks.map(({ task, hosts }) => [task.name, hosts['localhost']])),
  );
  return (task) => {
    const result = results.get(task);
    if (result !== undefined) return result;
    const [last, stopped] = [...results].at(-1) ?? [];
    throw new Error(
      `The task "${task}" did not run. The last one was "${last}": ${stopped?.msg ?? 'no word'}`,
    );
  };
}
