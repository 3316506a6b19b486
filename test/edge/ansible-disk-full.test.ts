import { execa } from 'execa';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLocalSite, standing, type LocalSite } from './local-stage.ts';

let folder: string;
let site: LocalSite;

/** A disk of its own: ext4 keeps some of it back even from root, so that nothing can be written while some counts as free. */
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bringup-disk-'));
  const image = path.join(folder, 'disk.img');
  const disk = path.join(folder, 'disk');
  await mkdir(disk);
  await execa('truncate', ['-s', '192M', image]);
  await execa('mkfs.ext4', ['-q', image]);
  await execa('mount', ['-o', 'loop', image, disk]);
  site = createLocalSite(disk);
});

afterEach(async () => {
  await site.remove();
  await execa('umount', [path.join(folder, 'disk')]);
  await rm(folder, { recursive: true, force: true });
});

it('a stage whose disk is full is stopped and says so, whatever its tasks wait for', async () => {
  site.writePlaybook(
    'site.yml',
    `
- hosts: node-1
  gather_facts: false
  tasks:
    - name: Wait
      ansible.builtin.command: sleep 3000
`,
  );
  let filled: Promise<unknown> | undefined;
  const { outcome, events } = await site.run('site.yml', {
    onEvent: (event) => {
      if (event.kind !== 'task.started' || event.title !== 'Wait') return;
      const fill = ['if=/dev/zero', `of=${path.join(site.folder, 'filler')}`, 'bs=4k', 'status=none'];
      filled ??= execa('dd', fill, { reject: false });
    },
  });
  await filled;
  const { stdout: free } = await execa('stat', ['-f', '-c', '%f', site.folder]);
  expect(Number(free), 'blocks that count as free and are not').toBeGreaterThan(0);
  expect(outcome.status).toBe('failed');
  expect(standing(events).map(({ code }) => code)).toEqual(['STAGE_DISK_FULL']);
});
