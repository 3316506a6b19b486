import { mkdir, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ReceivedRun } from '../../src/contract/ports.ts';
import { namedError } from './journal-write.ts';

/** Writes a run of another machine into a folder beside `folder` and puts it there when it is whole. */
export async function receiveRun(folder: string, source: string): Promise<ReceivedRun> {
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  // A name with a dot is no run, so that a half-written one is never listed.
  const draft = await mkdtemp(join(dirname(folder), `.${basename(folder)}-`));
  const path = join(draft, 'journal.jsonl');
  await writeFile(join(draft, 'source'), `${source}\n`, { mode: 0o600 });
  const file = await open(path, 'ax', 0o600);
  const named = async (work: Promise<void>): Promise<void> =>
    work.catch((thrown: unknown) => {
      throw namedError(thrown, path);
    });
  return {
    append: (lines) => named(file.appendFile(`${lines}\n`)),
    keep: (name, text) => named(writeFile(join(draft, name), text, { mode: 0o600 })),
    async finish() {
      await named(file.datasync());
      await file.close();
      await rm(folder, { recursive: true, force: true });
      await rename(draft, folder);
    },
    async discard() {
      await file.close();
      await rm(draft, { recursive: true, force: true });
    },
  };
}
