import { execa } from 'execa';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createLocalSite, type LocalSite } from '../edge/local-stage.ts';
import { median, rowOf, type BenchRow } from './row.ts';

const TASKS = 40;
const PAUSE_SECONDS = 0.3;
/** Each task says when it ended, in seconds since 1970; what is late is the line that says so. */
const PLAYBOOK = `
- hosts: node-1
  gather_facts: false
  tasks:
${Array.from({ length: TASKS }, (_, index) => `    - {name: Task ${index}, ansible.builtin.shell: "sleep ${PAUSE_SECONDS}; date +%s.%N"}`).join('\n')}
`;
const INVENTORY =
  'all: {hosts: {node-1: {ansible_connection: local, ansible_python_interpreter: /usr/bin/python3}}}';

/** From the end of a task to the event of it, real ansible-runner on this machine, against ansible-playbook's own output. */
export async function measureLatency(): Promise<BenchRow> {
  const site = createLocalSite();
  try {
    site.writePlaybook('late.yml', PLAYBOOK);
    const rival = median(await readPlain(site));
    const late: number[] = [];
    const { outcome } = await site.run('late.yml', {
      ports: { inventory: INVENTORY },
      onEvent: (event) => {
        if (event.kind === 'host.result') note(late, event.text ?? '');
      },
    });
    if (late.length !== TASKS)
      throw new Error(`${late.length} of ${TASKS} tasks came, the stage is ${outcome.status}`);
    const ours = median(late);
    const what = `median of ${TASKS} tasks of ${PAUSE_SECONDS} s, from the task's last moment; aim below 300 ms`;
    return rowOf('an event after its task', ours, rival, 'ms', what);
  } finally {
    await site.remove();
  }
}

async function readPlain(site: LocalSite): Promise<number[]> {
  const cwd = path.join(site.folder, 'project');
  writeFileSync(path.join(cwd, 'hosts.yml'), INVENTORY);
  const late: number[] = [];
  const env = { ANSIBLE_NOCOLOR: '1', ANSIBLE_STDOUT_CALLBACK: 'default' };
  const child = execa('ansible-playbook', ['-v', '-i', 'hosts.yml', 'late.yml'], { cwd, env, buffer: false });
  for await (const line of child) {
    const [, stdout] = /"stdout": "([\d.]+)"/.exec(String(line)) ?? [];
    if (stdout !== undefined) note(late, stdout);
  }
  await child;
  return late;
}

function note(late: number[], text: string): void {
  const [, moment] = /(\d{10}\.\d+)/.exec(text) ?? [];
  if (moment !== undefined) late.push(Date.now() - Number(moment) * 1000);
}
