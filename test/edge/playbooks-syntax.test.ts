import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../../src/failures/index.ts';
import { parseStack } from '../../src/stacks/index.ts';
import { PLAYBOOKS, runCommand } from './playbooks-ansible.ts';

describe('stacks', async () => {
  const stacks = await readdir(join(PLAYBOOKS, 'stacks'));

  it.each(stacks)('%s has playbooks that Ansible can read for every stage', async (name) => {
    const folder = join(PLAYBOOKS, 'stacks', name);
    const file = join(folder, 'stack.yaml');
    const stack = parseStack(await readFile(file, 'utf8'), file);
    expect(stack.stack).toBe(name);
    const playbooks = [...stack.stages.map((stage) => stage.playbook), 'destroy.yml'];
    for (const playbook of playbooks) {
      const check = await runCommand(
        'ansible-playbook',
        ['-i', 'localhost,', '--syntax-check', join(folder, playbook)],
        {
          ANSIBLE_HOST_PATTERN_MISMATCH: 'ignore',
        },
      );
      expect(check, playbook).toMatchObject({ code: 0 });
    }
  });
});

it('has modules whose documentation Ansible can read, options that several share among it', async () => {
  const files = await readdir(join(PLAYBOOKS, 'library'));
  const modules = files.filter((name) => name.endsWith('.py')).map((name) => name.slice(0, -'.py'.length));
  const { stdout, stderr } = await runCommand('ansible-doc', ['--json', ...modules]);
  expect(stdout, stderr).not.toBe('');
  const read = JSON.parse(stdout) as Record<string, { readonly doc: { readonly options?: object } }>;
  expect(Object.keys(read).sort()).toEqual(modules.sort());
  expect(read['bringup_ome_job']?.doc.options).toMatchObject({ hostname: {}, job_id: {}, away_seconds: {} });
});

describe('failures', () => {
  it('has a catalogue without problems', async () => {
    const folder = join(PLAYBOOKS, 'failures');
    const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml'));
    const files = await Promise.all(
      names.map(async (file) => ({ file, text: await readFile(join(folder, file), 'utf8') })),
    );
    const catalogue = loadCatalogue(files);
    expect(catalogue.problems).toEqual([]);
    expect(catalogue.causes.length).toBeGreaterThan(10);
  });
});
