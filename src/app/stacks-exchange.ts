import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { writeBundle } from '../bundle/index.ts';
import type { CommandInput, CommandOutput } from '../contract/api.ts';
import { BringupError, EXIT } from '../contract/errors.ts';
import { loadCatalogue } from '../failures/index.ts';
import { filesOfStack } from './stacks-closure.ts';
import { readPlaced, readStackArchive, type StackArchive } from './stacks-archive.ts';
import {
  importedStacks,
  shippedStacks,
  stackFileIn,
  treeOfStack,
  type PlaybookPlaces,
  type Playbooks,
} from './stacks-places.ts';
import { failureFiles, loadStack, stackFile } from './stacks.ts';

/** Beginning of the name of what is only half there. */
const DRAFT = '.import-';

/** Writes a stack with all that it uses into one file. Throws STACK_UNKNOWN, STACK_INVALID, STACK_NOT_EXPORTABLE, BUNDLE_EXISTS, BUNDLE_NOT_WRITTEN. */
export async function exportStack(
  playbooks: Playbooks,
  { name, file }: CommandInput<'stacks.export'>,
): Promise<CommandOutput<'stacks.export'>> {
  const tree = path.resolve(await stackFile(playbooks, name), '../../..');
  const { version } = await loadStack(playbooks, name);
  const names = await filesOfStack(tree, name);
  const target = path.resolve(file);
  const sources = names.map((one) => ({ path: one, kind: 'playbooks' as const, from: path.join(tree, one) }));
  const { bytes, sha256 } = await writeBundle(target, sources);
  return { file: target, name, version, files: names.length, bytes, sha256 };
}

/** Reads a stack archive and says what importing it would mean; nothing is changed. Throws STACK_ARCHIVE_*, STACK_INVALID. */
export async function inspectStack(
  playbooks: Playbooks,
  { file }: CommandInput<'stacks.inspect'>,
): Promise<CommandOutput<'stacks.inspect'>> {
  return describe(playbooks, await readStackArchive(file));
}

/**
 * Imports a stack archive whose SHA-256 somebody has agreed to. Throws what `inspectStack` throws, and STACK_ARCHIVE_CHANGED,
 * STACK_BUILT_IN, STACK_EXISTS, STACK_IMPORT_NOT_HERE; the stack is there as a whole or not at all.
 */
export async function importStack(
  playbooks: Playbooks,
  { file, sha256, replace = false }: CommandInput<'stacks.import'>,
): Promise<CommandOutput<'stacks.import'>> {
  if (typeof playbooks === 'string') throw notHere();
  const archive = await readStackArchive(file);
  if (archive.sha256 !== sha256) throw otherFile(archive, sha256);
  const told = await describe(playbooks, archive);
  if (told.existing === 'shipped') throw builtIn(told.name);
  if (told.existing === 'imported' && !replace) throw exists(told.name);
  await clearDrafts(playbooks);
  const draft = path.join(playbooks.imported, `${DRAFT}${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    await unpack(archive, draft);
    await checkCatalogue(archive, draft);
    await takePlace(playbooks, draft, told.name);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return { ...told, replaced: told.existing === 'imported' };
}

async function describe(
  playbooks: Playbooks,
  { file, sha256, stack, files }: StackArchive,
): Promise<CommandOutput<'stacks.inspect'>> {
  const { stack: name, version, title, stages } = stack;
  const shipped = (await shippedStacks(playbooks)).includes(name);
  const imported = (await importedStacks(playbooks)).includes(name);
  return {
    ...{ file, sha256, name, version, title: title ?? name, files: files.length },
    stages: stages.map(({ id, runs_on }) => ({ id, runs_on })),
    existing: shipped ? 'shipped' : imported ? 'imported' : 'none',
  };
}

/** Every file is hashed once more while it is written: the archive could have been changed since it was read. */
async function unpack({ file, files, sha256 }: StackArchive, folder: string): Promise<void> {
  for (const placed of files) {
    const bytes = await readPlaced(file, placed);
    if (createHash('sha256').update(bytes).digest('hex') !== placed.sha256)
      throw otherFile({ file, sha256: 'another one now' }, sha256);
    const target = path.join(folder, ...placed.path.split('/'));
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    await writeFile(target, bytes, { mode: 0o600, flag: 'wx' });
  }
}

async function checkCatalogue({ file }: StackArchive, tree: string): Promise<void> {
  const { problems } = loadCatalogue(await failureFiles(tree));
  // Phrases that the texts refer to may be among those of Bringup itself.
  const broken = problems.filter(({ message }) => !message.includes('phrase'));
  if (broken.length === 0) return;
  throw new BringupError({
    code: 'STACK_FAILURES_INVALID',
    exit: EXIT.invalid,
    message: `The failure texts of the stack in ${file} are not valid.`,
    hint: 'Nothing was imported. Correct them where the stack was made, and export it again.',
    evidence: broken.map((one) => ({ source: `failures/${one.file}`, text: one.message })),
  });
}

async function takePlace(playbooks: PlaybookPlaces, draft: string, name: string): Promise<void> {
  const place = path.join(playbooks.imported, name);
  const old = `${draft}-old`;
  if (existsSync(place)) await rename(place, old);
  try {
    await rename(draft, place);
  } catch (thrown) {
    if (existsSync(old)) await rename(old, place);
    throw thrown;
  }
  await rm(old, { recursive: true, force: true });
}

/** Takes away what imports left that were killed, and puts back a stack that one of them had just taken from its place. */
async function clearDrafts(playbooks: PlaybookPlaces): Promise<void> {
  await mkdir(playbooks.imported, { recursive: true, mode: 0o700 });
  for (const name of await readdir(playbooks.imported)) {
    if (!name.startsWith(DRAFT) || isAlive(Number.parseInt(name.slice(DRAFT.length), 10))) continue;
    const folder = path.join(playbooks.imported, name);
    if (name.endsWith('-old')) await putBack(playbooks, folder);
    await rm(folder, { recursive: true, force: true });
  }
}

async function putBack(playbooks: PlaybookPlaces, folder: string): Promise<void> {
  const [name] = await readdir(path.join(folder, 'stacks')).catch(() => []);
  if (name === undefined || !existsSync(stackFileIn(folder, name))) return;
  if ((await treeOfStack(playbooks, name)) === undefined)
    await rename(folder, path.join(playbooks.imported, name));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function otherFile({ file, sha256 }: Pick<StackArchive, 'file' | 'sha256'>, wanted: string): BringupError {
  return new BringupError({
    code: 'STACK_ARCHIVE_CHANGED',
    exit: EXIT.invalid,
    message: `The stack archive ${file} is not the one that was agreed to: its SHA-256 is ${sha256}, agreed was ${wanted}.`,
    hint: 'Nothing was imported. Look at the file again and agree to what it is now.',
  });
}

function builtIn(name: string): BringupError {
  return new BringupError({
    code: 'STACK_BUILT_IN',
    exit: EXIT.invalid,
    message: `The stack ${name} comes with Bringup and cannot be replaced.`,
    hint: 'Give the stack another name where it was made (its folder and "stack:" in its stack.yaml), and export it again.',
  });
}

function exists(name: string): BringupError {
  return new BringupError({
    code: 'STACK_EXISTS',
    exit: EXIT.invalid,
    message: `A stack named ${name} was imported already.`,
    hint: 'Say --replace to put the new one in its place.',
  });
}

function notHere(): BringupError {
  return new BringupError({
    code: 'STACK_IMPORT_NOT_HERE',
    exit: EXIT.invalid,
    message: 'This Bringup has no place for imported stacks.',
    hint: 'Import the stack with: bringup stacks import FILE',
  });
}
