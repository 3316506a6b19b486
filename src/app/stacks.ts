import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { StackSummary } from '../contract/api.ts';
import { BringupError, EXIT } from '../contract/errors.ts';
import { loadCatalogue, type Catalogue } from '../failures/index.ts';
import { parseStack, type Stack } from '../stacks/index.ts';
import {
  importedStacks,
  shippedStacks,
  shippedTree,
  stackFileIn,
  treeOfStack,
  type Playbooks,
} from './stacks-places.ts';

/** Names of the stacks that are there, shipped or imported, sorted. */
export async function stackNames(playbooks: Playbooks): Promise<string[]> {
  const names = [...(await shippedStacks(playbooks)), ...(await importedStacks(playbooks))];
  return [...new Set(names)].sort();
}

/** Path of a stack's file. Throws STACK_UNKNOWN for a name that is not there. */
export async function stackFile(playbooks: Playbooks, name: string): Promise<string> {
  const tree = await treeOfStack(playbooks, name);
  if (tree !== undefined) return stackFileIn(tree, name);
  throw new BringupError({
    code: 'STACK_UNKNOWN',
    exit: EXIT.invalid,
    message: `There is no stack named ${name}.`,
    hint: `Known stacks: ${(await stackNames(playbooks)).join(', ')}.`,
  });
}

export async function loadStack(playbooks: Playbooks, name: string): Promise<Stack> {
  const file = await stackFile(playbooks, name);
  return parseStack(await readFile(file, 'utf8'), file);
}

/** Every stack with where it is from and its stages. */
export async function listStacks(playbooks: Playbooks): Promise<StackSummary[]> {
  const shipped = await shippedStacks(playbooks);
  const names = await stackNames(playbooks);
  return Promise.all(
    names.map(async (name) => {
      const { stack, version, title, stages } = await loadStack(playbooks, name);
      return {
        ...{ name: stack, version, title: title ?? stack, stages: stages.map(({ id }) => id) },
        origin: shipped.includes(name) ? 'shipped' : 'imported',
      };
    }),
  );
}

/** The parameters of a stack as its own JSON Schema, or null where it has none. Throws STACK_UNKNOWN, STACK_INVALID. */
export async function stackParameters(
  playbooks: Playbooks,
  name: string,
): Promise<Readonly<Record<string, unknown>> | null> {
  return (await loadStack(playbooks, name)).parameters ?? null;
}

/**
 * The failure catalogue: every YAML file under failures/ of the shipped tree, and after them those of an imported stack,
 * of which a cause counts whose key Bringup itself does not have.
 */
export async function readCatalogue(playbooks: Playbooks, stack?: string): Promise<Catalogue> {
  const shipped = shippedTree(playbooks);
  const own = stack === undefined ? undefined : await treeOfStack(playbooks, stack);
  const trees = own === undefined || own === shipped ? [shipped] : [shipped, own];
  const files = await Promise.all(trees.map(failureFiles));
  return loadCatalogue(files.flat());
}

/** The failure texts of one tree; none where it has no such folder. */
export async function failureFiles(tree: string): Promise<{ file: string; text: string }[]> {
  const folder = path.join(tree, 'failures');
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.ya?ml$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => ({ file: name, text: await readFile(path.join(folder, name), 'utf8') })),
  );
}
