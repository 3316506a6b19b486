import { cp, mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packProject, type PackedProject } from './pack.ts';
import { shippedTree, treeOfStack, type Playbooks } from './stacks-places.ts';

/** What every tree has that is sent to a machine, whoever made the stack: it belongs to this version of Bringup. */
const OWN = ['ansible.cfg', 'images', 'profiles', 'runner'];

/** Packs the tree that a stack runs from: the shipped one, or for an imported stack its own with Bringup's runner beside it. */
export async function packStack(playbooks: Playbooks, name: string): Promise<PackedProject> {
  const shipped = shippedTree(playbooks);
  const tree = (await treeOfStack(playbooks, name)) ?? shipped;
  if (tree === shipped) return packProject(shipped);
  const whole = await mkdtemp(path.join(tmpdir(), 'bringup-stack-'));
  try {
    await cp(tree, whole, { recursive: true });
    for (const one of OWN) {
      const from = path.join(shipped, one);
      if (existsSync(from)) await cp(from, path.join(whole, one), { recursive: true });
    }
    return await packProject(whole);
  } finally {
    await rm(whole, { recursive: true, force: true });
  }
}
