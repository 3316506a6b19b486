import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, open, readFile, rename, rm, stat } from 'node:fs/promises';
import type { MigrateResult } from '../contract/api.ts';
import { BringupError, EXIT } from '../contract/errors.ts';
import { migrateSite } from '../site/index.ts';

/** Brings a site file of an older version up to date in place; the old one stays beside it as `FILE.<version>.bak`. */
export async function migrateSiteFile(file: string): Promise<MigrateResult> {
  const before = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new BringupError({
      code: 'SITE_FILE_UNREADABLE',
      exit: EXIT.invalid,
      message: `The site file ${file} cannot be read.`,
      hint: 'Check the path; a site file is usually called site.yaml.',
      cause,
    });
  });
  const { text, from, to, changes } = migrateSite(before);
  if (text === before) return { from, to, changes };
  const backup = await keepOld(file, from.replace(/[^A-Za-z0-9]+/g, '-'));
  await replaceFile(file, before, text);
  return { from, to, changes, backup };
}

/** Copies a file beside itself under a name that was free. */
async function keepOld(file: string, version: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const name = `${file}.${version}${number === 1 ? '' : `-${number}`}.bak`;
    try {
      await copyFile(file, name, constants.COPYFILE_EXCL);
      return name;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Writes the new text whole or not at all, with the permissions of the old file. Throws SITE_FILE_CHANGED when the old one is not there any more. */
export async function replaceFile(file: string, before: string, text: string): Promise<void> {
  const { mode } = await stat(file);
  const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx', mode & 0o777);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if ((await readFile(file, 'utf8')) !== before) throw changedMeanwhile(file);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Somebody else wrote the file since it was read. */
export function changedMeanwhile(file: string): BringupError {
  return new BringupError({
    code: 'SITE_FILE_CHANGED',
    exit: EXIT.failed,
    message: `The site file ${file} was changed by another program meanwhile; nothing was written.`,
    hint: 'Read it again, then repeat the edit.',
  });
}
