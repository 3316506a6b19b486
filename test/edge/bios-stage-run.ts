import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type HostFacts, normaliseSite, renderInventory, type Site } from '../../src/site/index.ts';
import { PLAYBOOKS, runCommand, type ModuleResult } from './playbooks-ansible.ts';

/** What one task came to on one host. */
interface TaskResult extends ModuleResult {
  readonly task: string;
  readonly host: string;
}

interface AnsibleReport {
  readonly plays: readonly {
    readonly tasks: readonly {
      readonly task: { readonly name: string };
      readonly hosts: Record<string, ModuleResult>;
    }[];
  }[];
  readonly stats: Record<string, { readonly changed: number; readonly failures: number }>;
}

/** How a playbook of the stack went. */
export interface StagePlay {
  readonly code: number;
  readonly output: string;
  readonly results: readonly TaskResult[];
  /** Hosts on which something failed in the end, by name, with the result that says why. */
  readonly failed: Readonly<Record<string, ModuleResult>>;
  /** Tasks that changed something, as `HOST: TASK`. */
  readonly changed: readonly string[];
}

/** The inventory of a site on loopback addresses, made as the product makes it. */
export function inventoryOf(
  hosts: readonly object[],
  parameters: object,
  facts: ReadonlyMap<string, HostFacts>,
  services: object = {},
): string {
  const site = {
    ...{ apiVersion: 'bringup/v1', site: { name: 'stage', domain: 'stage.example' }, stack: 'dell-rke2' },
    ...{ networks: [{ name: 'all', cidr: '127.0.0.0/16' }], parameters },
    services: {
      dns: { mode: 'existing', servers: ['127.0.0.9'] },
      ntp: { mode: 'existing', servers: ['127.0.0.9'] },
      ...services,
    },
    kvm_host: { address: '127.0.0.8', user: 'root', credential: 'kvm', network: 'all', bridge: 'br0' },
    deployment_vm: {
      ...{ name: 'deploy', address: '127.0.0.9', network: 'all' },
      base_image: { path: 'image.qcow2', sha256: 'ab'.repeat(32) },
    },
    hosts: hosts.map((host) => ({ roles: ['rke2-agent'], ...host })),
  };
  return renderInventory(normaliseSite(site as unknown as Site), facts);
}

/** Carries a playbook of the stack out here, as the deployment VM would; `folder` is for its files. */
export async function playStage(
  playbook: string,
  folder: string,
  inventory: string,
  vars: Readonly<Record<string, unknown>>,
  ...words: readonly string[]
): Promise<StagePlay> {
  const runtime = path.join(folder, 'runtime');
  await mkdir(runtime, { recursive: true });
  const all = {
    bringup_run: { id: 'run-1', stage: 'stage', attempt: 1, runtime },
    bringup_remote: { site_dir: path.join(folder, 'site') },
    ...vars,
  };
  const variables = path.join(folder, 'vars.json');
  await writeFile(variables, JSON.stringify(all), { mode: 0o600 });
  await writeFile(path.join(folder, 'inventory.yaml'), inventory);
  const { code, stdout, stderr } = await runCommand(
    'ansible-playbook',
    [
      ...['-i', path.join(folder, 'inventory.yaml'), '-e', `@${variables}`, ...words],
      path.join(PLAYBOOKS, 'stacks/dell-rke2', playbook),
    ],
    {
      ANSIBLE_STDOUT_CALLBACK: 'json',
      ANSIBLE_PIPELINING: 'True',
      ANSIBLE_LOCAL_TEMP: path.join(folder, 'tmp'),
    },
  );
  const output = stdout + stderr;
  const start = stdout.indexOf('{');
  if (start < 0) throw new Error(`ansible-playbook gave no result: ${output}`);
  const { plays, stats } = JSON.parse(stdout.slice(start)) as AnsibleReport;
  const results = plays.flatMap(({ tasks }) =>
    tasks.flatMap(({ task, hosts }) =>
      Object.entries(hosts).map(([host, result]) => ({
        ...result,
        task: task.name.replace(/^.* : /, ''),
        host,
      })),
    ),
  );
  const lost = Object.entries(stats)
    .filter(([, { failures }]) => failures > 0)
    .sort();
  const failed = lost.map(([host]) => [
    host,
    results.findLast((result) => result.host === host && result.failed === true) ?? {},
  ]);
  return {
    ...{ code, output, results },
    failed: Object.fromEntries(failed) as Record<string, ModuleResult>,
    changed: results
      .filter(({ changed }) => changed === true)
      .map(({ host, task }) => `${host}: ${task}`)
      .sort(),
  };
}
