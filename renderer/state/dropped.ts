import type { BringupClient, FileKind } from '../../src/contract/api.ts';
import { BringupError } from '../../src/contract/errors.ts';
import { homeText } from '../text/home.ts';

/** What a dropped file turned out to be. */
export type Dropped =
  { readonly kind: FileKind; readonly file: string } | { readonly kind: 'journal'; readonly blob: Blob };

/** A page reads a file whole to know it again; beyond this many bytes it does not. */
const READ_MOST = 512 * 1024 * 1024;

/**
 * Finds out what was dropped and where it lies. The desktop tells the path; a browser does not, so the file is looked for on
 * the machine that runs Bringup by its name, size and contents. Throws DROP_UNKNOWN, DROP_TOO_LARGE, DROP_NOT_FOUND.
 */
export async function whatWasDropped(
  file: File,
  client: Pick<BringupClient, 'call'>,
  pathOf: ((file: File) => string) | undefined,
): Promise<Dropped> {
  const kind = kindOf(file.name);
  if (kind === null) throw refusal('DROP_UNKNOWN', homeText.dropUnknown(file.name));
  if (kind === 'journal') return { kind, blob: file };
  if (file.size > READ_MOST) throw refusal('DROP_TOO_LARGE', homeText.dropTooLarge(file.name));
  const known = pathOf?.(file) ?? '';
  if (known !== '') return { kind, file: known };
  const { files } = await client.call('files.find', {
    name: file.name,
    bytes: file.size,
    sha256: await sha256(file),
  });
  const [found] = files;
  if (found === undefined) throw refusal('DROP_NOT_FOUND', homeText.dropNotFound(file.name));
  return { kind, file: found };
}

function kindOf(name: string): FileKind | 'journal' | null {
  if (/\.bringup$/i.test(name)) return 'export';
  if (/\.ya?ml$/i.test(name)) return 'site';
  return /\.jsonl?$/i.test(name) ? 'journal' : null;
}

async function sha256(file: File): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function refusal(code: string, message: string): BringupError {
  return new BringupError({ code, message });
}
