import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BringupError, EXIT } from '../contract/errors.ts';
import type { SiteEditInput, SiteFile, SiteStart, SiteWrite } from '../contract/site-api.ts';
import { editText, siteDocument } from '../site/index.ts';
import { changedMeanwhile, replaceFile } from './site-edits.ts';
import type { BringupPorts } from './ports.ts';
import { exampleText, startText } from './site-start.ts';
import { readSome, validateBytes } from './site.ts';
import { loadStack } from './stacks.ts';
import type { Playbooks } from './stacks-places.ts';

/**
 * Reads a site file with everything a form needs. Only files named .yaml or .yml are read, so that no page can ask for
 * a key or a password file: SITE_FILE_NAME. Throws SITE_FILE_UNREADABLE.
 */
export async function readSiteFile(file: string, playbooks: Playbooks): Promise<SiteFile> {
  const name = siteFileName(file);
  const source = await readSome(name);
  const text = Buffer.from(source.bytes).toString('utf8');
  const { ok, problems } = await validateBytes(name, source, playbooks);
  return { file: name, text, revision: revisionOf(text), document: siteDocument(text), ok, problems };
}

/** Writes a site file that was read before, whatever is wrong with the text. Throws SITE_FILE_CHANGED, SITE_FILE_NAME. */
export async function writeSiteFile(
  { file, text, revision }: SiteWrite,
  playbooks: Playbooks,
): Promise<SiteFile> {
  const name = siteFileName(file);
  const before = await readText(name);
  if (revisionOf(before) !== revision) throw changedMeanwhile(name);
  if (text !== before) await replaceFile(name, before, text);
  return readSiteFile(name, playbooks);
}

/**
 * Changes a site file in place, losslessly, and says what is wrong with it then: a form may be half filled. Nothing is
 * written when an edit cannot be done (SITE_EDIT_*) or when the file was changed by somebody else (SITE_FILE_CHANGED).
 */
export async function editSiteFile(
  { file, edits, revision }: SiteEditInput,
  playbooks: Playbooks,
): Promise<SiteFile> {
  const name = siteFileName(file);
  const before = await readText(name);
  if (revision !== undefined && revisionOf(before) !== revision) throw changedMeanwhile(name);
  const text = editText(before, edits);
  if (text !== before) await replaceFile(name, before, text);
  return readSiteFile(name, playbooks);
}

/**
 * Writes a commented beginning of a site file, or the example, with the folders around it. Throws SITE_FILE_EXISTS,
 * SITE_NAME_INVALID, STACK_UNKNOWN, SITE_EXAMPLE_MISSING.
 */
export async function createSiteFile(
  { file, name, stack, example }: SiteStart,
  { playbooks, exampleSite }: Pick<BringupPorts, 'playbooks' | 'exampleSite'>,
): Promise<SiteFile> {
  const target = siteFileName(file);
  const text =
    example === true
      ? exampleText(name, await readExample(exampleSite))
      : startText(name, await loadStack(playbooks, stack));
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, text, { flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw notWritten(target, cause);
    throw new BringupError({
      code: 'SITE_FILE_EXISTS',
      exit: EXIT.invalid,
      message: `There is a file at ${target} already; nothing was written.`,
      hint: 'Open that site file, or choose another name for the new one.',
      cause,
    });
  });
  return readSiteFile(target, playbooks);
}

async function readExample(file: string | undefined): Promise<string> {
  const text = file === undefined ? undefined : await readFile(file, 'utf8').catch(() => undefined);
  if (text !== undefined) return text;
  throw new BringupError({
    code: 'SITE_EXAMPLE_MISSING',
    exit: EXIT.failed,
    message: 'The example of a site file is not part of this installation.',
    hint: 'Begin with the short file instead; it has every part that a site file needs.',
  });
}

/** The absolute path of a site file. Throws SITE_FILE_NAME for names that no site file has. */
function siteFileName(file: string): string {
  if (/\.ya?ml$/i.test(file)) return path.resolve(file);
  throw new BringupError({
    code: 'SITE_FILE_NAME',
    exit: EXIT.invalid,
    message: `${file === '' ? 'A site file' : file} needs a name that ends with .yaml or .yml.`,
    hint: 'A site file is usually called site.yaml.',
  });
}

function revisionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new BringupError({
      code: 'SITE_FILE_UNREADABLE',
      exit: EXIT.invalid,
      message: `The site file ${file} cannot be read.`,
      hint: 'It may have been moved or removed meanwhile; look for it, then open it again.',
      cause,
    });
  });
}

function notWritten(file: string, cause: NodeJS.ErrnoException): BringupError {
  return new BringupError({
    code: 'SITE_FILE_NOT_WRITTEN',
    exit: EXIT.failed,
    message: `The site file ${file} could not be written: ${cause.message}.`,
    hint: 'Choose a folder in which you may write.',
    cause,
  });
}
