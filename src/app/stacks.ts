import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { BringupError, EXIT } from '../contract/errors.ts';
import { loadCatalogue, type Catalogue } from '../failures/index.ts';
import { parseStack, type Stack } from '../stacks/index.ts';

/** Names of the stacks shipped in a playbooks tree, sorted. */
export async function stackNames(playbooks: string): Promise<string[]> {
  const entries = await readdir(path.join(playbooks, 'stacks'), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Path of a stack's file. Throws STACK_UNKNOWN for a name that is not shipped. */
export async function stackFile(playbooks: string, name: string): Promise<string> {
  const names = await stackNames(playbooks);
  if (names.includes(name)) return path.join(playbooks, 'stacks', name, 'stack.yaml');
  throw new BringupError({
    code: 'STACK_UNKNOWN',
    exit: EXIT.invalid,
    message: `There is no stack named ${name}.`,
    hint: `Known stacks: ${names.join(', ')}.`,
  });
}

export async function loadStack(playbooks: string, name: string): Promise<Stack> {
  const file = await stackFile(playbooks, name);
  return parseStack(await readFile(file, 'utf8'), file);
}

/** The parameters of a stack as its own JSON Schema, or null where it has none. Throws STACK_UNKNOWN, STACK_INVALID. */
export async function stackParameters(
  playbooks: string,
  name: string,
): Promise<Readonly<Record<string, unknown>> | null> {
  return (await loadStack(playbooks, name)).parameters ?? null;
}

/** The failure catalogue of a playbooks tree: every YAML file under failures/. */
export async function readCatalogue(playbooks: string): Promise<Catalogue> {
  const folder = path.join(playbooks, 'failures');
  const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
  return loadCatalogue(
    await Promise.all(
      names.map(async (name) => ({ file: name, text: await readFile(path.join(folder, name), 'utf8') })),
    ),
  );
}
