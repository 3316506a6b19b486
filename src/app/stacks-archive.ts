import { open } from 'node:fs/promises';
import path from 'node:path';
import { readBundle, type PlacedFile } from '../bundle/index.ts';
import type { BundleProblem } from '../contract/bundle.ts';
import { BringupError, EXIT } from '../contract/errors.ts';
import { parseStack, type Stack } from '../stacks/index.ts';

/** What a stack of somebody else may ask of this machine: bytes in all, and files. */
const LIMITS = { bytes: 256 * 2 ** 20, files: 10_000 };

/** Folders of a playbooks tree that belong to stacks; the rest is Bringup's own. */
const FOLDERS = /^(?:stacks|roles|library|module_utils|action_plugins|filter_plugins|failures)\/./;

/** A stack archive that was read from its first byte to its last; `sha256` is that of the whole file. */
export interface StackArchive {
  readonly file: string;
  readonly sha256: string;
  readonly stack: Stack;
  readonly files: readonly PlacedFile[];
}

/**
 * Reads what `stacks export` wrote and unpacks nothing. Throws STACK_ARCHIVE_DAMAGED (hashes, links, names that lead out, a
 * file that is cut), STACK_ARCHIVE_CONTENT (no stack, or more than one), STACK_INVALID, STACK_ARCHIVE_TOO_LARGE, BUNDLE_UNREADABLE.
 */
export async function readStackArchive(given: string): Promise<StackArchive> {
  const file = path.resolve(given);
  const list = await readBundle(file, { unsigned: true, listOnly: true });
  if (list.bytes > LIMITS.bytes || list.files.length > LIMITS.files) throw tooLarge(file);
  const { problems, sha256, files } = await readBundle(file, { unsigned: true });
  const [first] = problems;
  if (first !== undefined || sha256 === undefined) throw damaged(file, problems);
  const stray = files.find(({ path: name }) => !FOLDERS.test(name));
  if (stray !== undefined) throw content(file, `${stray.path} is no part of a stack`);
  const names = new Set(files.flatMap(({ path: name }) => /^stacks\/([^/]+)\//.exec(name)?.[1] ?? []));
  const [name, ...others] = names;
  const head = files.find((one) => one.path === `stacks/${name}/stack.yaml`);
  if (name === undefined || head === undefined) throw content(file, 'it has no stacks/NAME/stack.yaml');
  if (others.length > 0) throw content(file, `it has more than one stack (${[...names].join(', ')})`);
  const stack = parseStack((await readPlaced(file, head)).toString('utf8'), `${file}: ${head.path}`);
  if (stack.stack !== name) throw content(file, `stacks/${name}/stack.yaml names itself ${stack.stack}`);
  const missing = stack.stages.find(
    ({ playbook }) => !files.some((one) => one.path === `stacks/${name}/${playbook}`),
  );
  if (missing !== undefined)
    throw content(file, `the playbook ${missing.playbook} of stage ${missing.id} is not in it`);
  return { file, sha256, stack, files };
}

/** The bytes of one file of an archive. */
export async function readPlaced(file: string, { offset, size }: PlacedFile): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await handle.read(bytes, 0, size, offset);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function damaged(file: string, problems: readonly BundleProblem[]): BringupError {
  const [first] = problems;
  return new BringupError({
    code: 'STACK_ARCHIVE_DAMAGED',
    exit: EXIT.invalid,
    message: `The stack archive ${file} is not as it was exported: ${first?.message ?? 'it could not be read to its end.'}`,
    hint: 'Nothing was imported. Ask for the file once more, and compare its SHA-256 with the one that its export told.',
    evidence: problems.map(({ code, place, message }) => ({ source: place, text: `${message} (${code})` })),
  });
}

function content(file: string, why: string): BringupError {
  return new BringupError({
    code: 'STACK_ARCHIVE_CONTENT',
    exit: EXIT.invalid,
    message: `The file ${file} is no stack archive: ${why}.`,
    hint: 'Nothing was imported. Make one with: bringup stacks export NAME -o FILE',
  });
}

function tooLarge(file: string): BringupError {
  return new BringupError({
    code: 'STACK_ARCHIVE_TOO_LARGE',
    exit: EXIT.invalid,
    message: `The stack archive ${file} is larger than ${LIMITS.bytes / 2 ** 20} MiB or holds more than ${LIMITS.files} files, so it was not imported.`,
    hint: 'A stack holds playbooks and roles; what it serves to a site belongs into a bundle: bringup bundle create',
  });
}
