import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { create, list } from 'tar';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { addStackCommands } from '../../main/cli/commands/stacks.ts';
import { createBringup, type Bringup } from '../../src/bringup.ts';
import { BringupError } from '../../src/contract/errors.ts';
import { packStack } from '../../src/app/stacks-pack.ts';
import { writeBundle } from '../../src/bundle/index.ts';
import { laptopPorts } from './laptop-ports.ts';
import { SITE } from '../unit/site-example.ts';
import { PLAYBOOKS } from './playbooks-ansible.ts';

const STACK = `
stack: two-doors
version: 3
title: Two doors
roles: {door: {min: 1}}
stages:
  - {id: front, title: Front door, runs_on: kvm-host, playbook: front.yml}
  - {id: back, title: Back door, runs_on: deployment-vm, playbook: back.yml, after: [front]}
`;
/** Where the stack was made: what it uses, and what it does not. */
const TREE: Readonly<Record<string, string>> = {
  'stacks/two-doors/stack.yaml': STACK,
  'stacks/two-doors/front.yml': '- {hosts: kvm_host, roles: [door, {role: lock}]}\n',
  'stacks/two-doors/back.yml':
    '- hosts: targets\n  tasks:\n    - {name: Shut it, ansible.builtin.import_role: {name: lock, tasks_from: shut}}\n',
  'roles/door/tasks/main.yml': '- {name: Hang it, door_hang: {side: left}}\n',
  'roles/door/files/hinge.txt': 'a hinge\n',
  'roles/lock/meta/main.yml': 'dependencies: [key]\n',
  'roles/key/tasks/main.yml': '- {name: Cut it, ansible.builtin.debug: {msg: cut}}\n',
  'roles/window/tasks/main.yml': '- {name: Open it, ansible.builtin.debug: {msg: open}}\n',
  'library/door_hang.py': 'from ansible.module_utils.door_tools import hang\nhang("DOOR_TOO_WIDE")\n',
  'library/window_open.py': 'pass\n',
  'module_utils/door_tools.py': 'def hang(code): pass\n',
  'failures/door.yaml':
    '- {key: door.too_wide, owner: field-engineer, summary: The door is too wide., match: {codes: [DOOR_TOO_WIDE]}, fixes: [{title: Plane it}]}\n',
  'failures/window.yaml':
    '- {key: window.stuck, owner: field-engineer, summary: The window is stuck., match: {codes: [WINDOW_STUCK]}, fixes: [{title: Oil it}]}\n',
};
const USED = Object.keys(TREE)
  .filter((file) => !file.includes('window'))
  .sort();

let folder: string;
let maker: Bringup;
let laptop: Bringup;
let imported: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bringup-stacks-exchange-'));
  const tree = path.join(folder, 'tree');
  await plant(tree, TREE);
  imported = path.join(folder, 'home/stacks');
  maker = createBringup(laptopPorts(path.join(folder, 'maker'), {}, { playbooks: tree }));
  laptop = createBringup(
    laptopPorts(path.join(folder, 'home'), {}, { playbooks: { shipped: PLAYBOOKS, imported } }),
  );
  file = path.join(folder, 'two-doors.stack');
});
afterAll(async () => {
  await maker.close();
  await laptop.close();
  await rm(folder, { recursive: true, force: true });
});

async function plant(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  }
}

/** A stack archive with these files in it, made as a bundle is. */
async function stackFile(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const root = path.join(folder, `made-${name}`);
  await plant(root, files);
  const target = path.join(folder, name);
  const sources = Object.keys(files).map((one) => ({ path: one, from: path.join(root, one) }));
  await writeBundle(
    target,
    sources.map((source) => ({ ...source, kind: 'playbooks' as const })),
  );
  return target;
}

/** A stack archive in which the header of one entry was rewritten, its checksum as well. */
async function tampered(name: string, edit: (header: Buffer) => void): Promise<string> {
  const bytes = await readFile(file);
  const at = bytes.lastIndexOf('roles/door/files/hinge.txt\0');
  const header = bytes.subarray(at, at + 512);
  edit(header);
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  const target = path.join(folder, name);
  await writeFile(target, bytes);
  return target;
}

async function refusal(given: string, replace = false): Promise<BringupError> {
  try {
    const { sha256 } = await laptop.call('stacks.inspect', { file: given });
    await laptop.call('stacks.import', { file: given, sha256, replace });
  } catch (error) {
    if (error instanceof BringupError) return error;
    throw error;
  }
  throw new Error('it was imported');
}

async function there(): Promise<string[]> {
  return (await readdir(imported).catch(() => [])).sort();
}

describe('a stack as one file', () => {
  it('holds what the stack uses and nothing else, and is the same each time', async () => {
    const first = await maker.call('stacks.export', { name: 'two-doors', file });
    const second = await maker.call('stacks.export', { name: 'two-doors', file: `${file}.again` });
    expect(first).toMatchObject({ name: 'two-doors', version: 3, files: USED.length, sha256: second.sha256 });
    const entries: string[] = [];
    await list({ file, onReadEntry: (entry) => void entries.push(entry.path) });
    expect(entries).toEqual(['contents.json', ...USED]);
  });

  it('says what it is before it is imported, and takes only what was agreed to', async () => {
    const found = await laptop.call('stacks.inspect', { file });
    expect(found).toMatchObject({ name: 'two-doors', version: 3, existing: 'none', files: USED.length });
    expect(found.stages.map(({ id }) => id)).toEqual(['front', 'back']);
    const other = { file, sha256: 'ab'.repeat(32) };
    await expect(laptop.call('stacks.import', other)).rejects.toMatchObject({
      code: 'STACK_ARCHIVE_CHANGED',
    });
    expect(await there()).toEqual([]);
    expect(await laptop.call('stacks.import', { file, sha256: found.sha256 })).toMatchObject({
      replaced: false,
    });
    const { stacks } = await laptop.call('stacks.list', {});
    expect(stacks.map(({ name, origin }) => `${name} ${origin}`)).toEqual([
      'dell-rke2 shipped',
      'two-doors imported',
    ]);
    expect((await laptop.call('stacks.show', { name: 'two-doors' })).text).toBe(STACK);
  });

  it('is planned, and packed with its own playbooks and the runner of this Bringup', async () => {
    const site = path.join(folder, 'site.yaml');
    const roles = SITE.replace(/rke2-(?:server|agent)/g, 'door')
      .replace('stack: dell-rke2', 'stack: two-doors')
      .replace('gpu-dense', 'gpu');
    await writeFile(site, roles);
    await plant(folder, { 'images/debian-12.qcow2': '' });
    const { stack, stages } = await laptop.call('plan.show', { file: site });
    expect([stack, ...stages.map(({ id }) => id)]).toEqual([
      'two-doors',
      ...['kvm-host-preflight', 'upload', 'front', 'back'],
    ]);
    const packed = await packStack({ shipped: PLAYBOOKS, imported }, 'two-doors');
    const entries: string[] = [];
    await list({ file: packed.path, onReadEntry: (entry) => void entries.push(entry.path) });
    await packed.dispose();
    expect(entries).toEqual(expect.arrayContaining([...USED, 'ansible.cfg', 'runner/start.py']));
    expect(entries.filter((entry) => entry.includes('dell-rke2'))).toEqual([]);
  });

  it('is replaced only on demand, and never in the place of a stack that comes with Bringup', async () => {
    expect(await refusal(file)).toMatchObject({ code: 'STACK_EXISTS' });
    const newer = await stackFile('newer', {
      ...TREE,
      'stacks/two-doors/stack.yaml': STACK.replace('version: 3', 'version: 4'),
    });
    const { sha256 } = await laptop.call('stacks.inspect', { file: newer });
    expect(await laptop.call('stacks.import', { file: newer, sha256, replace: true })).toMatchObject({
      ...{ version: 4, replaced: true, existing: 'imported' },
    });
    const shipped = await stackFile('shipped', {
      'stacks/dell-rke2/stack.yaml': STACK.replace('two-doors', 'dell-rke2'),
      'stacks/dell-rke2/front.yml': '[]',
      'stacks/dell-rke2/back.yml': '[]',
    });
    expect(await refusal(shipped, true)).toMatchObject({ code: 'STACK_BUILT_IN' });
    expect(await there()).toEqual(['two-doors']);
  });

  it('is not imported by a command that nobody can be asked about, unless it says --yes', async () => {
    const called = async (...words: readonly string[]): Promise<void> => {
      const program = new Command();
      const client = async () => ({ ...laptop, close: async () => undefined });
      addStackCommands(program, { json: () => true, client, exit: () => undefined });
      await program.parseAsync(['stacks', 'import', ...words], { from: 'user' });
    };
    const told = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await expect(called(file, '--replace')).rejects.toMatchObject({ code: 'STACK_IMPORT_NOT_AGREED' });
    expect(told).not.toHaveBeenCalled();
    await called(file, '--replace', '--yes');
    expect(JSON.parse(String(told.mock.calls.map(([text]) => text).join('')))).toMatchObject({
      version: 3,
      replaced: true,
    });
    told.mockRestore();
  });

  it('refuses what is damaged, hostile or no stack, and leaves nothing of it', async () => {
    const bytes = await readFile(file);
    const changed = path.join(folder, 'changed');
    await writeFile(changed, Buffer.from(bytes.toString('latin1').replace('a hinge', 'a hinze'), 'latin1'));
    const longer = path.join(folder, 'longer');
    await writeFile(longer, bytes);
    await appendFile(longer, 'more');
    const cut = path.join(folder, 'cut');
    await writeFile(cut, bytes.subarray(0, bytes.length - 2048));
    const plain = path.join(folder, 'plain');
    await create({ file: plain, cwd: path.join(folder, 'tree') }, ['stacks']);
    const link = await tampered('link', (header) => {
      header.write('2', 156, 'latin1');
      header.write('/etc/shadow', 157, 'latin1');
    });
    const escape = await tampered('escape', (header) =>
      header.write('../../../etc/cron.d/evil'.padEnd(26, '\0'), 0, 'latin1'),
    );
    expect((await refusal(link)).evidence?.map(({ text }) => text).join('\n')).toContain('BUNDLE_LINK');
    expect((await refusal(escape)).evidence?.map(({ text }) => text).join('\n')).toContain(
      'BUNDLE_PATH_ESCAPE',
    );
    const config = await stackFile('config', { ...TREE, 'ansible.cfg': '[defaults]\n' });
    const noPlaybook = await stackFile('no-playbook', { 'stacks/two-doors/stack.yaml': STACK });
    const invalid = await stackFile('invalid', {
      ...TREE,
      'stacks/two-doors/stack.yaml': 'stack: two-doors\n',
    });
    const badTexts = await stackFile('bad-texts', { ...TREE, 'failures/door.yaml': '- {key: 1}\n' });
    const cases = [
      ...[changed, longer, cut, plain, link, escape].map((one) => [one, 'STACK_ARCHIVE_DAMAGED'] as const),
      ...[config, noPlaybook].map((one) => [one, 'STACK_ARCHIVE_CONTENT'] as const),
      [invalid, 'STACK_INVALID'],
      [badTexts, 'STACK_FAILURES_INVALID'],
      [path.join(folder, 'nowhere'), 'BUNDLE_UNREADABLE'],
    ] as const;
    for (const [given, code] of cases) {
      const { code: found, hint } = await refusal(given, true);
      expect(found, given).toBe(code);
      expect(hint, given).toMatch(/\S/);
    }
    expect(await there()).toEqual(['two-doors']);
    expect((await laptop.call('stacks.list', {})).stacks.at(-1)).toMatchObject({
      name: 'two-doors',
      version: 3,
    });
  });

  it('holds all of a shipped stack: every playbook, role and module, and the texts of what can fail', async () => {
    const target = path.join(folder, 'dell-rke2');
    await laptop.call('stacks.export', { name: 'dell-rke2', file: target });
    const { stages } = await laptop.call('stacks.inspect', { file: target });
    const entries: string[] = [];
    await list({ file: target, onReadEntry: (entry) => void entries.push(entry.path) });
    expect(stages.map(({ id }) => id)).toEqual(expect.arrayContaining(['deployment-vm', 'network-services']));
    expect(entries).toEqual(
      expect.arrayContaining([
        ...['roles/deployment_vm/templates/domain.xml.j2', 'roles/target_login/tasks/main.yml'],
        ...['library/bringup_host_key.py', 'library/bringup_ova_build.py', 'module_utils/bringup_ova.py'],
        ...['module_utils/bringup_redfish.py', 'failures/os.yaml', 'failures/network-services.yaml'],
      ]),
    );
    expect(entries.filter((entry) => /^(?:runner|profiles|images|ansible)/.test(entry))).toEqual([]);
  });

  it('cannot be made of a stack whose roles nobody can know', async () => {
    await plant(path.join(folder, 'tree'), {
      'stacks/guess/stack.yaml': STACK.replace('two-doors', 'guess'),
      'stacks/guess/front.yml': '- {hosts: all, roles: ["{{ which }}"]}\n',
      'stacks/guess/back.yml': '[]',
    });
    const given = { name: 'guess', file: path.join(folder, 'guess') };
    await expect(maker.call('stacks.export', given)).rejects.toMatchObject({ code: 'STACK_NOT_EXPORTABLE' });
  });
});
