import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { packProject } from '../../src/app/pack.ts';

let folder: string;
let tree: string;
let temporary: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bringup-pack-'));
  [tree, temporary] = [path.join(folder, 'tree'), path.join(folder, 'tmp')];
  for (const each of [tree, temporary]) mkdirSync(each);
  vi.stubEnv('TMPDIR', temporary);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

it('packs the same files into the same bytes, and leaves nothing', async () => {
  writeFileSync(path.join(tree, 'b.yml'), 'b');
  writeFileSync(path.join(tree, 'a.yml'), 'a');
  const first = await packProject(tree);
  writeFileSync(path.join(tree, 'a.yml'), 'a');
  const second = await packProject(tree);
  expect(second.sha256).toBe(first.sha256);
  await Promise.all([first.dispose(), second.dispose()]);
  expect(readdirSync(temporary)).toEqual([]);
});

it('takes away what a killed process left, and nothing of one that lives', async () => {
  const dead = spawnSync('true').pid;
  const left = [`bringup-project-${dead}-abc`, `bringup-project-${process.ppid}-abc`, 'bringup-project-x'];
  for (const name of left) mkdirSync(path.join(temporary, name));
  await expect(packProject(path.join(folder, 'no-tree'))).rejects.toMatchObject({ code: 'ENOENT' });
  expect(readdirSync(temporary).sort()).toEqual(left.slice(1).sort());
});
