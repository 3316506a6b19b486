import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalSite, type LocalSite } from './local-stage.ts';

const PLAY = `
- hosts: node-1
  gather_facts: false
  tasks:
    - name: Look
      ansible.builtin.stat: {path: /}
    - name: Do
      ansible.builtin.command: echo {{ lookup('ansible.builtin.file', playbook_dir ~ '/word') }}
`;
const WORD = 'word-of-the-arguments';

describe('modules that Ansible has packed', () => {
  let site: LocalSite;
  beforeAll(async () => {
    site = createLocalSite();
    site.writePlaybook('word', WORD);
    site.writePlaybook('play.yml', PLAY);
    expect((await site.run('play.yml')).outcome.status).toBe('changed');
  });
  afterAll(() => site.remove());

  const kept = (): string[] => {
    const place = join(site.folder, 'project', '.packed');
    return readdirSync(place).flatMap((version) =>
      readdirSync(join(place, version)).map((name) => join(place, version, name)),
    );
  };

  it('stay with the project, whole and without arguments', () => {
    expect(kept().map((file) => file.split('/').at(-1))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^ansible\.modules\.stat-/),
        expect.stringMatching(/^ansible\.modules\.command-/),
      ]),
    );
    for (const file of kept()) {
      const packed = Buffer.from(readFileSync(file, 'utf8'), 'base64');
      expect(packed.subarray(0, 2).toString()).toBe('PK');
      expect(packed.includes(WORD)).toBe(false);
    }
  });

  it('are not kept in a folder that may change under them', async () => {
    const project = join(site.folder, 'sources');
    cpSync(join(site.folder, 'project'), project, {
      recursive: true,
      dereference: true,
      filter: (file) => !file.includes('.packed'),
    });
    expect((await site.run('play.yml', { stage: 's4', ports: { project } })).outcome.status).toBe('changed');
    expect(readdirSync(project)).not.toContain('.packed');
  });

  it('are used by the next stage as they are', async () => {
    const before = kept().map((file) => statSync(file).mtimeMs);
    expect((await site.run('play.yml', { stage: 's2' })).outcome.status).toBe('changed');
    expect(kept().map((file) => statSync(file).mtimeMs)).toEqual(before);
    // Nothing but a pack that was really taken can fail by its contents.
    const stat = kept().find((file) => file.includes('stat')) ?? '';
    writeFileSync(stat, 'x');
    expect((await site.run('play.yml', { stage: 's3' })).outcome.status).toBe('failed');
  });
});
