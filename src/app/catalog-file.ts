import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import { BringupError, EXIT } from '../contract/errors.ts';
import { createCatalogReader, type FirmwareCatalog } from '../profiles/index.ts';
import { useBundle } from './bundle-use.ts';
import type { LoadedSite } from './site.ts';

/** A catalogue as a file, or as the part of one: a bundle is an archive that is not packed. */
export interface CatalogPlace {
  readonly file: string;
  readonly part?: { readonly offset: number; readonly size: number; readonly name: string };
}

/** Dell's catalogue of all servers unpacks to about a hundred megabytes. */
const MAX_BYTES = 512 * 2 ** 20;
const HEAD = 4;
const NAME = /(^|\/)[^/]*catalog[^/]*\.xml(\.gz)?$/i;

/** The catalogue in the bundle of a site: the one that lies highest among its firmware. Undefined without one. Rejects with BUNDLE_*. */
export async function catalogInBundle(loaded: LoadedSite): Promise<CatalogPlace | undefined> {
  const bundle = useBundle(loaded);
  if (bundle === undefined) return undefined;
  const [found] = (await bundle.list()).files
    .filter(({ kind, path }) => kind === 'firmware' && NAME.test(path))
    .sort((a, b) => a.path.split('/').length - b.path.split('/').length || (a.path < b.path ? -1 : 1));
  if (found === undefined) return undefined;
  const { offset, size, path: name } = found;
  return { file: bundle.path, part: { offset, size, name } };
}

/**
 * Reads a firmware catalogue (plain or gzipped, UTF-8 or UTF-16) piece by piece. Throws FILE_UNREADABLE, and CATALOG_INVALID or XML_INVALID
 * where it is none or damaged.
 */
export async function readCatalog(place: CatalogPlace): Promise<FirmwareCatalog> {
  const title = titleOf(place);
  try {
    const head = await headOf(place);
    const bytes = createReadStream(place.file, rangeOf(place));
    if (head[0] !== 0x1f || head[1] !== 0x8b) return await readPieces(bytes);
    const unpacked = createGunzip();
    bytes.on('error', (cause) => unpacked.destroy(cause)).pipe(unpacked);
    try {
      return await readPieces(unpacked);
    } finally {
      bytes.destroy();
    }
  } catch (thrown) {
    throw named(thrown, title);
  }
}

/** A file, or a file within a bundle, for people. */
export function titleOf({ file, part }: CatalogPlace): string {
  return part === undefined ? file : `${part.name} in ${file}`;
}

async function readPieces(stream: Readable): Promise<FirmwareCatalog> {
  const reader = createCatalogReader();
  let decoder: TextDecoder | undefined;
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = chunk as Buffer;
      size += bytes.length;
      if (size > MAX_BYTES) throw invalid(`It unpacks to more than ${MAX_BYTES / 2 ** 20} MiB.`);
      decoder ??= new TextDecoder(encodingOf(bytes), { fatal: true });
      reader.push(decoder.decode(bytes, { stream: true }));
    }
    reader.push(decoder?.decode() ?? '');
    return reader.end();
  } finally {
    stream.destroy();
  }
}

/** By its first bytes: Dell's own is UTF-16. */
function encodingOf(bytes: Buffer): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0x3c && bytes[1] === 0 ? 'utf-16le' : 'utf-8';
}

async function headOf({ file, part }: CatalogPlace): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, part?.offset ?? 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function rangeOf({ part }: CatalogPlace): { start?: number; end?: number } {
  return part === undefined ? {} : { start: part.offset, end: part.offset + part.size - 1 };
}

/** What went wrong, with the name of the file in front. */
function named(thrown: unknown, title: string): unknown {
  if (thrown instanceof BringupError)
    return new BringupError({
      code: thrown.code,
      exit: thrown.exit,
      message: `The firmware catalogue ${title} cannot be used. ${thrown.message}`,
      ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
      cause: thrown,
    });
  if (!(thrown instanceof Error)) return thrown;
  const code = 'code' in thrown ? String(thrown.code) : '';
  if ('syscall' in thrown)
    return new BringupError({
      code: 'FILE_UNREADABLE',
      exit: EXIT.invalid,
      message: `The firmware catalogue ${title} cannot be read.`,
      hint: 'Check the path.',
      evidence: [{ source: title, text: thrown.message }],
      cause: thrown,
    });
  if (code.startsWith('Z_') || code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
    return named(
      invalid(code.startsWith('Z_') ? 'It is packed, and damaged.' : 'Its text is damaged.'),
      title,
    );
  return thrown;
}

function invalid(why: string): BringupError {
  return new BringupError({
    code: 'CATALOG_INVALID',
    exit: EXIT.invalid,
    message: why,
    hint: 'Fetch it again, and compare its checksum.',
  });
}
