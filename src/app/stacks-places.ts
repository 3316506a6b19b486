import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** Where stacks lie: the playbooks tree shipped with Bringup, and the folder of imported stacks, each with a tree of its own. */
export interface PlaybookPlaces {
  readonly shipped: string;
  readonly imported: string;
}

/** The shipped tree alone, or with imported stacks beside it. */
export type Playbooks = string | PlaybookPlaces;

/** The tree shipped with Bringup: profiles, runner and image scripts are always taken from there. */
export function shippedTree(playbooks: Playbooks): string {
  return typeof playbooks === 'string' ? playbooks : playbooks.shipped;
}

/** The tree that a stack's own files lie in; undefined for a name that is not known. A shipped stack goes over an imported one. */
export async function treeOfStack(playbooks: Playbooks, name: string): Promise<string | undefined> {
  if ((await shippedStacks(playbooks)).includes(name)) return shippedTree(playbooks);
  return (await importedStacks(playbooks)).includes(name) ? importedTree(playbooks, name) : undefined;
}

/** Names of the stacks shipped with Bringup, sorted. */
export async function shippedStacks(playbooks: Playbooks): Promise<string[]> {
  return foldersIn(path.join(shippedTree(playbooks), 'stacks'));
}

/** Names of the imported stacks, sorted; what is only half there has no name. */
export async function importedStacks(playbooks: Playbooks): Promise<string[]> {
  if (typeof playbooks === 'string' || !existsSync(playbooks.imported)) return [];
  const names = await foldersIn(playbooks.imported);
  return names.filter((name) => existsSync(stackFileIn(importedTree(playbooks, name), name)));
}

/** Where the stack file of a stack lies in a tree. */
export function stackFileIn(tree: string, name: string): string {
  return path.join(tree, 'stacks', name, 'stack.yaml');
}

function importedTree(playbooks: Playbooks, name: string): string {
  return typeof playbooks === 'string' ? playbooks : path.join(playbooks.imported, name);
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
}
