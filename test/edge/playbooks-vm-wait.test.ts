import { execa } from 'execa';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { callModule, PLAYBOOKS, runCommand, type ModuleResult } from './playbooks-ansible.ts';

const [HOST, OTHER] = [`bw-host-${process.pid}`, `bw-other-${process.pid}`];
const ADDRESS = '10.77.0.10';
const MAC = '02:00:5e:77:00:10';

let folder: string;
let searchPath: string | undefined;

/** Two namespaces on one wire: the KVM host, and a machine with a real SSH server whose key nobody expects. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bringup-vm-wait-'));
  for (const name of ['key', 'expected', 'shown'])
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, name)]);
  const expected = await readFile(path.join(folder, 'expected.pub'), 'utf8');
  await writeFile(path.join(folder, 'known_hosts'), `${ADDRESS} ${expected}`);
  await writeFile(path.join(folder, 'console.log'), 'Booting\n[FAILED] Failed to mount /boot/efi.\n');
  await mkdir('/run/sshd', { recursive: true });
  await script(`
    ip netns add ${HOST}; ip netns add ${OTHER}
    ip -n ${HOST} link add w0 type veth peer name w1 netns ${OTHER}
    ip -n ${OTHER} link set w1 address ${MAC}
    for at in "${HOST} w0 10.77.0.5" "${OTHER} w1 ${ADDRESS}"; do
      set -- $at; ip -n $1 link set lo up; ip -n $1 link set $2 up; ip -n $1 addr add $3/24 dev $2
    done
    printf 'ListenAddress ${ADDRESS}\\nHostKey ${folder}/shown\\nPidFile ${folder}/sshd.pid\\n' >${folder}/sshd.conf
    ip netns exec ${OTHER} /usr/sbin/sshd -f ${folder}/sshd.conf`);
  searchPath = process.env['PATH'];
  process.env['PATH'] = `${folder}:${searchPath ?? ''}`;
});
afterAll(async () => {
  process.env['PATH'] = searchPath;
  await script(`kill $(cat ${folder}/sshd.pid); ip netns del ${HOST}; ip netns del ${OTHER}`);
  await rm(folder, { recursive: true, force: true });
});

async function script(text: string): Promise<void> {
  await execa('sh', ['-euc', text]);
}

/** libvirt's client, which is not on this machine: it knows one VM, in this state and with this network card. */
async function libvirtSays(state: string, mac: string): Promise<void> {
  const file = path.join(folder, 'virsh');
  const cases = [`*domiflist*) echo 'v br ${mac}'`, `*domstate*) echo '${state}'`, '*list*) echo lab-deploy'];
  await writeFile(file, `#!/bin/sh\ncase "$*" in\n${cases.join(' ;;\n')} ;;\nesac\n`);
  await chmod(file, 0o755);
}

function wait(): Promise<ModuleResult> {
  const known = {
    key: `${folder}/key`,
    known_hosts: `${folder}/known_hosts`,
    console: `${folder}/console.log`,
  };
  const vm = { domain: 'lab-deploy', address: ADDRESS, user: 'bringup', seconds: 1, ...known };
  return callModule('bringup_vm_wait', vm, HOST);
}

describe('waiting for the deployment VM', () => {
  beforeEach(() => libvirtSays('running', MAC));

  it('goes on while the VM may still read its seed', async () => {
    const result = await wait();
    expect(result).toMatchObject({ ready: false, msg: expect.stringContaining('another host key') });
    expect(result).not.toHaveProperty('hopeless');
  });

  it('ends where another machine holds the address, and names its card', async () => {
    await libvirtSays('running', '52:54:00:00:00:01');
    expect(await wait()).toMatchObject({
      ...{ failed: true, hopeless: true, code: 'VM_ADDRESS_TAKEN' },
      msg: expect.stringContaining(`answers from ${MAC}, the VM's own card is 52:54:00:00:00:01`),
    });
  });

  it('ends in the role at the first try where the VM has crashed, with its console', async () => {
    await libvirtSays('crashed', MAC);
    const tasks = parse(await readFile(`${PLAYBOOKS}/roles/deployment_vm/tasks/main.yml`, 'utf8')) as Record<
      string,
      unknown
    >[];
    const task = tasks.find((each) => 'bringup_vm_wait' in each);
    const values = {
      ...{ deployment_vm_domain: 'lab-deploy', deployment_vm_user: 'bringup', deployment_vm_keys: folder },
      ...{ bringup_deployment_vm: { address: ADDRESS }, deployment_vm_console: `${folder}/console.log` },
      deployment_vm_wait_attempts: 3,
    };
    const play = {
      hosts: 'localhost',
      connection: 'local',
      gather_facts: false,
      vars: values,
      tasks: [task],
    };
    await writeFile(path.join(folder, 'play.yml'), JSON.stringify([play]));
    const { stdout } = await runCommand(
      'ansible-playbook',
      ['-i', 'localhost,', path.join(folder, 'play.yml')],
      {
        ANSIBLE_STDOUT_CALLBACK: 'json',
        ANSIBLE_LIBRARY: `${PLAYBOOKS}/library`,
        ANSIBLE_MODULE_UTILS: `${PLAYBOOKS}/module_utils`,
      },
    );
    const report = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
      plays: { tasks: { hosts: Record<string, ModuleResult> }[] }[];
    };
    expect(report.plays[0]?.tasks[0]?.hosts['localhost']).toMatchObject({
      ...{
        failed: true,
        attempts: 1,
        code: 'VM_STOPPED',
        msg: 'The VM lab-deploy is crashed, wanted running.',
      },
      console: ['Booting', '[FAILED] Failed to mount /boot/efi.'],
    });
  });
});
