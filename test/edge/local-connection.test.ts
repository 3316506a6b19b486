import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLAYBOOKS, type ModuleResult, runCommand } from './playbooks-ansible.ts';

const LIBRARY = fileURLToPath(new URL('local-connection', import.meta.url));
const scratch = mkdtempSync(path.join(tmpdir(), 'bringup-local-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const SECRET = 'rather-secret-word';
const TASKS = [
  { name: 'mess', bringup_whoami: { act: 'mess' } },
  { name: 'after the mess', bringup_whoami: { word: SECRET } },
  { name: 'in check mode', bringup_whoami: {}, check_mode: true },
  { name: 'delegated', bringup_whoami: {}, delegate_to: 'localhost' },
  { name: 'with an environment', bringup_whoami: {}, environment: { GREETING: 'good morning' } },
  { name: 'raise', bringup_whoami: { act: 'raise' }, ignore_errors: true },
  { name: 'silent', bringup_whoami: { act: 'silent' }, ignore_errors: true },
  { name: 'flood', bringup_whoami: { act: 'flood' } },
  { name: 'wrong arguments', bringup_whoami: { act: 'tell', nonsense: 1 }, ignore_errors: true },
  {
    name: 'too long',
    bringup_whoami: { act: 'sleep', file: '{{ file }}.pid' },
    timeout: 2,
    ignore_errors: true,
  },
  { name: 'a module of Ansible', 'ansible.builtin.command': 'echo hello' },
  {
    name: 'one of a collection',
    'community.general.ini_file': { path: '{{ file }}', section: 'a', option: 'b', value: 'c' },
  },
  {
    name: 'a peer that refuses',
    'dellemc.openmanage.ome_job_info': {
      hostname: '127.0.0.1',
      port: 1,
      username: 'u',
      password: SECRET,
      ca_path: '/etc/ssl/certs/ca-certificates.crt',
    },
    ignore_errors: true,
  },
];

interface Report {
  readonly plays: readonly {
    readonly tasks: readonly { task: { name: string }; hosts: Record<string, ModuleResult> }[];
  }[];
}

/** What each task returned, by its name. */
async function runTasks(plugins: string): Promise<ReadonlyMap<string, ModuleResult>> {
  const playbook = path.join(scratch, 'play.json');
  const play = { hosts: 'all', connection: 'local', gather_facts: false, tasks: TASKS };
  writeFileSync(
    playbook,
    JSON.stringify([{ ...play, vars: { file: path.join(scratch, `${plugins}.ini`) } }]),
  );
  const { stdout, stderr } = await runCommand('ansible-playbook', ['-i', 'localhost,', playbook], {
    ANSIBLE_STDOUT_CALLBACK: 'json',
    ANSIBLE_PIPELINING: 'True',
    ANSIBLE_LIBRARY: LIBRARY,
    ANSIBLE_CONNECTION_PLUGINS: path.join(PLAYBOOKS, plugins),
  });
  if (!stdout.includes('{')) throw new Error(`ansible-playbook gave no result: ${stdout}${stderr}`);
  const { plays } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as Report;
  return new Map(
    plays.flatMap(({ tasks }) =>
      tasks.map(({ task, hosts }) => [task.name, hosts['localhost'] ?? {}] as const),
    ),
  );
}

describe('the connection to the machine that Ansible itself runs on', () => {
  let ours: ReadonlyMap<string, ModuleResult>;
  let ansibles: ReadonlyMap<string, ModuleResult>;
  beforeAll(async () => {
    ours = await runTasks('connection_plugins');
    ansibles = await runTasks('none');
  }, 120_000);

  it('runs modules in a fork of the worker, with the Ansible that is packaged', () => {
    const tells = ['mess', 'after the mess', 'in check mode', 'delegated'];
    expect(tells.map((name) => ours.get(name)?.['forked'])).toEqual([true, true, true, true]);
    expect(tells.map((name) => ansibles.get(name)?.['forked'])).toEqual([false, false, false, false]);
  });

  it('leaves to a new interpreter what needs its own environment', () => {
    expect(ours.get('with an environment')).toMatchObject({ forked: false, greeting: 'good morning' });
  });

  it.each(TASKS.map(({ name }) => name).filter((name) => name !== 'too long'))(
    'returns the same for: %s',
    (name) => {
      expect(comparable(ours.get(name))).toEqual(comparable(ansibles.get(name)));
    },
  );

  it('gives a module nothing of another module and no open file of Ansible', () => {
    expect(ours.get('after the mess')).toMatchObject({ mess: [null, null], files: [0, 1, 2] });
    expect(ours.get('after the mess')?.['warnings']).toBeUndefined();
  });

  it('does not take this machine for lost where a module cannot reach its peer', () => {
    const told = ours.get('a peer that refuses');
    expect(told).toMatchObject({
      failed: true,
      peer_silent: true,
      msg: expect.stringContaining('refused') as string,
    });
    expect(told).not.toHaveProperty('unreachable');
  });

  it('ends a module whose time is up', () => {
    expect(ours.get('too long')).toMatchObject({
      failed: true,
      msg: expect.stringContaining('(2)') as string,
    });
    const pid = readFileSync(path.join(scratch, 'connection_plugins.ini.pid'), 'utf8');
    expect(readdirSync('/proc')).not.toContain(pid);
  });
});

/** A result without what differs from run to run, and without where the program ran. */
function comparable(result: ModuleResult | undefined): unknown {
  const { forked, files, start, end, delta, ...rest } = result ?? {};
  const text = JSON.stringify(rest, (key, value: unknown) =>
    ['exception', 'module_stderr'].includes(key) && typeof value === 'string' ? lastLine(value) : value,
  );
  expect(text).not.toContain(SECRET);
  return JSON.parse(text.replaceAll(path.join(scratch, 'none'), path.join(scratch, 'connection_plugins')));
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.slice(0, 200) ?? '';
}
