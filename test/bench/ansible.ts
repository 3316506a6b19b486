import { execa } from 'execa';
import { readFileSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createLocalSite, type LocalSite } from '../edge/local-stage.ts';
import { startSshd, type TestSshd } from '../edge/remote-sshd.ts';
import { medianRow, secondsOf, type BenchRow } from './row.ts';

const HOSTS = 10;
const OVERHEAD_TASKS = 200;
const OVERHEAD_ROUNDS = 3;
const TUNED_TASKS = 5;
const TUNED_ROUNDS = 3;

/** Ten addresses of loopback, so that each host has a connection of its own. */
const ADDRESSES = Array.from({ length: HOSTS }, (_, index) => `127.0.0.${index + 2}`);

/** A playbook over real SSH: through Bringup against plain ansible-playbook, and with its settings against defaults. */
export async function benchAnsible(): Promise<BenchRow[]> {
  const sshd = await startSshd(ADDRESSES.map((address) => `ListenAddress ${address}`));
  const site = createLocalSite();
  const bench = { sshd, site, inventory: writeInventory(sshd) };
  site.writePlaybook(
    'ansible.cfg',
    readFileSync(new URL('../../playbooks/ansible.cfg', import.meta.url), 'utf8'),
  );
  site.writePlaybook('default.cfg', '[defaults]\ninterpreter_python = /usr/bin/python3\n');
  site.writePlaybook('hosts.yml', bench.inventory);
  site.writePlaybook('overhead.yml', writeTasks(OVERHEAD_TASKS, 'ansible.builtin.raw: sleep 0.1'));
  site.writePlaybook('tuned.yml', writeTasks(TUNED_TASKS, 'ansible.builtin.command: sleep 1'));
  try {
    return [...(await measureOverhead(bench)), await measureTuning(bench)];
  } finally {
    await site.remove();
    await sshd.stop();
  }
}

interface Bench {
  readonly sshd: TestSshd;
  readonly site: LocalSite;
  readonly inventory: string;
}

/** Two rows: what Bringup adds to plain Ansible, and how much of that ansible-runner takes when it runs alone. */
async function measureOverhead(bench: Bench): Promise<BenchRow[]> {
  const ours: number[] = [];
  const runner: number[] = [];
  const rival: number[] = [];
  for (let round = 0; round < OVERHEAD_ROUNDS; round += 1) {
    rival.push(await timed((key) => runPlain(bench, 'overhead.yml', 'ansible.cfg', key)));
    runner.push(await timed((key) => runRunner(bench, 'overhead.yml', key)));
    ours.push(await timed((key) => runBringup(bench, 'overhead.yml', key)));
  }
  const size = `${OVERHEAD_TASKS} raw tasks of 0.1 s on ${HOSTS} hosts over SSH`;
  const note = `${size}, same settings, median of ${OVERHEAD_ROUNDS}`;
  return [
    medianRow('playbook through Bringup against plain Ansible', ours, rival, note),
    medianRow('the same through ansible-runner alone', runner, rival, note),
  ];
}

async function measureTuning(bench: Bench): Promise<BenchRow> {
  const ours: number[] = [];
  const rival: number[] = [];
  for (let round = 0; round < TUNED_ROUNDS; round += 1) {
    rival.push(await timed((key) => runPlain(bench, 'tuned.yml', 'default.cfg', key)));
    ours.push(await timed((key) => runPlain(bench, 'tuned.yml', 'ansible.cfg', key)));
  }
  const size = `${TUNED_TASKS} command tasks of 1 s on ${HOSTS} hosts over SSH`;
  const note = `${size}, median of ${ours.length}`;
  return medianRow("Bringup's Ansible settings against defaults", ours, rival, note);
}

async function runBringup({ site, inventory }: Bench, playbook: string, key: string): Promise<void> {
  const ports = { inventory, extraVars: { control: path.join(site.folder, key) } };
  const { outcome } = await site.run(playbook, { stage: key, ports });
  if (outcome.status !== 'changed')
    throw new Error(`the playbook ended ${outcome.status}: ${outcome.text ?? ''}`);
}

async function runPlain({ site }: Bench, playbook: string, config: string, key: string): Promise<void> {
  const cwd = path.join(site.folder, 'project');
  const env = { ANSIBLE_CONFIG: path.join(cwd, config), ANSIBLE_NOCOLOR: '1' };
  const control = `control=${path.join(site.folder, key)}`;
  await execa('ansible-playbook', ['-i', 'hosts.yml', '-e', control, playbook], {
    cwd,
    env,
    stdout: 'ignore',
  });
}

/** ansible-runner as a stage starts it, with nobody that reads along. */
async function runRunner({ site }: Bench, playbook: string, key: string): Promise<void> {
  const folder = path.join(site.folder, `${key}-runner`);
  const project = path.join(site.folder, 'project');
  await mkdir(path.join(folder, 'env'), { recursive: true });
  await symlink(project, path.join(folder, 'project'));
  const settings = { pexpect_timeout: 1, suppress_ansible_output: true };
  await writeFile(path.join(folder, 'env', 'settings'), JSON.stringify(settings));
  const control = `-e control=${path.join(site.folder, key)} -i ${path.join(project, 'hosts.yml')}`;
  await writeFile(path.join(folder, 'env', 'cmdline'), control);
  await execa('ansible-runner', ['run', folder, '-p', playbook, '-q'], {
    env: { ANSIBLE_CONFIG: path.join(project, 'ansible.cfg'), ANSIBLE_NOCOLOR: '1' },
    stdout: 'ignore',
  });
}

let runs = 0;

/** Seconds of one run; its key names a folder for its own SSH connections, so that it finds none open. */
async function timed(work: (key: string) => Promise<void>): Promise<number> {
  runs += 1;
  return secondsOf(() => work(`run-${runs}`));
}

function writeTasks(count: number, action: string): string {
  const tasks = Array.from(
    { length: count },
    (_, index) => `    - {name: Task ${index}, ${action}, changed_when: true}`,
  );
  return `- hosts: targets\n  gather_facts: false\n  tasks:\n${tasks.join('\n')}\n`;
}

function writeInventory(sshd: TestSshd): string {
  const vars = {
    ansible_user: sshd.user,
    ansible_port: sshd.port,
    ansible_ssh_private_key_file: sshd.keyFile,
    ansible_control_path_dir: '{{ control }}',
    ansible_ssh_common_args: '-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR',
  };
  const hosts = Object.fromEntries(
    ADDRESSES.map((address, index) => [`node-${index + 1}`, { ansible_host: address }]),
  );
  return JSON.stringify({ all: { vars, children: { targets: { hosts } } } });
}
