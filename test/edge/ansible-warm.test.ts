import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLocalSite, type LocalSite } from './local-stage.ts';

const TASKS = ['One', 'Two', 'Three'].map(
  (name) => `    - {name: ${name}, ansible.builtin.command: "echo {{ 'x' | marked }}"}\n`,
);
const PLAY = `- hosts: targets\n  gather_facts: false\n  tasks:\n${TASKS.join('')}`;

let site: LocalSite;
beforeAll(() => {
  site = createLocalSite();
});
afterAll(() => site.remove());

it('loads the filters once, before the first worker is forked, and not in each of them again', async () => {
  const imported = join(site.folder, 'imported');
  const plugins = join(site.folder, 'project', 'filter_plugins');
  mkdirSync(plugins);
  writeFileSync(
    join(plugins, 'marked.py'),
    `open('${imported}', 'a').write('imported\\n')\nclass FilterModule:\n    def filters(self):\n        return {'marked': str.upper}\n`,
  );
  site.writePlaybook('play.yml', PLAY);
  const { outcome, events } = await site.run('play.yml');
  expect(outcome.status).toBe('changed');
  const results = events.filter(({ kind }) => kind === 'host.result');
  expect(results.length).toBeGreaterThanOrEqual(6);
  expect(readFileSync(imported, 'utf8')).toBe('imported\n');
});
