import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OmeSimulatorOptions } from '../../main/lab/ome/index.ts';
import { startOmeRig, type OmeRig } from './ome-rig.ts';
import { PLAYBOOKS, runCommand, type ModuleResult } from './playbooks-ansible.ts';
import { causeInStage } from './service-cause.ts';

/** What a stage's playbook came to; `failed` are its failed results by host, `causes` what the product calls them. */
interface PlayedStage {
  readonly code: number;
  readonly changed: readonly string[];
  readonly failed: Readonly<Record<string, ModuleResult>>;
  readonly causes: Readonly<Record<string, string | null>>;
  readonly output: string;
}

/** The record that ome-discovery leaves for later stages. */
interface DeviceRecord {
  readonly devices: Readonly<Record<string, { readonly service_tag: string; readonly group: string }>>;
}

/** A site of four servers behind an OME, with this machine in the place of the deployment VM. */
export interface OmeStageRig extends OmeRig {
  /** Runs a stage; `credentials` are the passwords of OME and of the last BMC where they are to be wrong. */
  play(
    playbook: string,
    wrong?: { readonly ome?: string; readonly lastBmc?: string },
    ...options: string[]
  ): Promise<PlayedStage>;
  /** What it left on the deployment VM. */
  record(): Promise<DeviceRecord>;
}

interface PlayReport {
  readonly plays: readonly {
    readonly tasks: readonly {
      readonly task: { readonly name: string };
      readonly hosts: Record<string, ModuleResult>;
    }[];
  }[];
}

export async function startOmeStageRig(options: OmeSimulatorOptions = {}): Promise<OmeStageRig> {
  const rig = await startOmeRig(options);
  const scratch = await mkdtemp(path.join(tmpdir(), 'bringup-ome-stage-'));
  const file = (name: string): string => path.join(scratch, name);
  await writeFile(file('hosts.yml'), JSON.stringify(inventoryOf(rig)));
  return {
    ...rig,
    play: async (playbook, wrong = {}, ...words) => {
      await writeFile(file('vars.json'), JSON.stringify(variablesOf(rig, scratch, wrong)));
      const command = ['-i', file('hosts.yml'), '-e', `@${file('vars.json')}`, ...words];
      const done = await runCommand(
        'ansible-playbook',
        [...command, `${PLAYBOOKS}/stacks/dell-rke2/${playbook}`],
        { ANSIBLE_STDOUT_CALLBACK: 'json', ANSIBLE_PIPELINING: 'True', ANSIBLE_LOCAL_TEMP: file('tmp') },
      );
      return readReport(playbook.replace('.yml', ''), done);
    },
    record: async () => JSON.parse(await readFile(file('devices.json'), 'utf8')) as DeviceRecord,
    close: async () => {
      await rig.close();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

function inventoryOf({ ome, bmcs }: OmeRig): unknown {
  const hosts = bmcs.map(({ url, identity }, index) => {
    const { hostname, port } = new URL(url);
    const credential = index === bmcs.length - 1 ? 'idrac-last' : 'idrac';
    const bmc = { address: hostname, port: Number(port), credential };
    return { name: `node-${index + 1}`, serial: identity.serial, roles: ['rke2-server'], bmc };
  });
  const parameters = {
    mode: 'existing',
    address: ome.host,
    port: ome.port,
    credential: 'ome',
    certificate: ome.certificate.sha256,
  };
  const local = { ansible_connection: 'local', ansible_python_interpreter: '/usr/bin/python3' };
  return {
    all: {
      vars: { bringup_site: { name: 'plant-7' }, bringup_parameters: { ome: parameters }, ...local },
      children: {
        deployment_vm: { hosts: { deploy: {} }, vars: { bringup_hosts: hosts } },
        targets: {
          hosts: Object.fromEntries(
            hosts.map((host) => [host.name, { bringup_host: host, bringup_profile: 'compute' }]),
          ),
        },
      },
    },
  };
}

function variablesOf(
  { ome, bmcs }: OmeRig,
  folder: string,
  wrong: { readonly ome?: string; readonly lastBmc?: string },
): Record<string, unknown> {
  const [{ login }] = bmcs;
  return {
    bringup_run: { id: 'r1', stage: 's', attempt: 1, runtime: folder, confirm: false, destroy: false },
    bringup_credentials: {
      ome: { ...ome.login, ...(wrong.ome === undefined ? {} : { password: wrong.ome }) },
      idrac: login,
      'idrac-last': { ...login, ...(wrong.lastBmc === undefined ? {} : { password: wrong.lastBmc }) },
    },
    ome_discovery_record: path.join(folder, 'devices.json'),
    ome_discovery_delay: 1,
    ome_ready_delay: 1,
    ome_ready_attempts: 3,
  };
}

function readReport(
  stage: string,
  { code, stdout, stderr }: { code: number; stdout: string; stderr: string },
): PlayedStage {
  const start = stdout.indexOf('{');
  if (start < 0) throw new Error(`Ansible gave no result: ${stdout}${stderr}`);
  const tasks = (JSON.parse(stdout.slice(start)) as PlayReport).plays.flatMap((play) => play.tasks);
  const all = tasks.flatMap(({ task, hosts }) =>
    Object.entries(hosts).map(([host, result]) => ({ name: task.name, host, result })),
  );
  const failed = all.filter(({ result }) => result.failed === true);
  return {
    code,
    changed: all.filter(({ result }) => result.changed === true).map(({ name }) => name),
    failed: Object.fromEntries(failed.map(({ host, result }) => [host, result])),
    causes: Object.fromEntries(failed.map(({ host, result }) => [host, causeInStage(stage, result)])),
    output: stdout + stderr,
  };
}
