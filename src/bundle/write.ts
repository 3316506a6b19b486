import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { BundleFile, BundleKind, BundleProgress } from '../contract/bundle.ts';
import { appear, refuseOverwriting } from './appear.ts';
import { END, headerOf, padding } from './blocks.ts';
import { inOrder, renderContents } from './contents.ts';
import { cancelled, sourceError } from './errors.ts';
import { CONTENTS, pathFault, SIGNATURE } from './paths.ts';
import { signContents } from './signature.ts';

/** A file on this machine that goes into a bundle under `path`. */
export interface BundleSource {
  readonly path: string;
  readonly kind: BundleKind;
  /** Where it lies, absolute. */
  readonly from: string;
  /** The SHA-256 it must have, and the field that says so. */
  readonly expect?: { readonly sha256: string; readonly by: string };
}

export interface WriteOptions {
  /** Signing key, PEM; without it the bundle is not signed. */
  readonly privateKey?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Omit<BundleProgress, 'running'>) => void;
}

export interface WrittenBundle {
  readonly bytes: number;
  readonly sha256: string;
  readonly files: readonly BundleFile[];
}

const CHUNK = 2 ** 20;

/**
 * Writes a bundle: the list, its signature, the files in the order of their paths. Every file is read twice, for its hash and
 * into the bundle. The bundle appears when it is whole and on the disk. Throws BUNDLE_EXISTS, BUNDLE_EMPTY, BUNDLE_PATH,
 * BUNDLE_PATH_TWICE, BUNDLE_SOURCE_*, BUNDLE_KEY_UNUSABLE, BUNDLE_NOT_WRITTEN, CANCELLED.
 */
export async function writeBundle(
  target: string,
  sources: readonly BundleSource[],
  options: WriteOptions = {},
): Promise<WrittenBundle> {
  await refuseOverwriting(target);
  const wanted = distinct(sources);
  const files: BundleFile[] = [];
  const sizes = await Promise.all(wanted.map(sizeOf));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const meter = createMeter(total, options);
  const reading = meter('reading');
  for (const source of wanted) files.push(await describe(source, reading, options.signal));
  const contents = renderContents(files);
  const heads = [
    entry(CONTENTS, contents),
    ...(options.privateKey === undefined
      ? []
      : [entry(SIGNATURE, signContents(contents, options.privateKey))]),
  ];
  const hash = createHash('sha256');
  let bytes = 0;
  async function* body(): AsyncGenerator<Buffer> {
    for await (const block of entries(heads, wanted, files, meter('writing'), options.signal)) {
      hash.update(block);
      bytes += block.length;
      yield block;
    }
  }
  await appear(target, body());
  return { bytes, sha256: hash.digest('hex'), files };
}

async function* entries(
  heads: readonly Buffer[],
  sources: readonly BundleSource[],
  files: readonly BundleFile[],
  tell: (bytes: number) => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  yield* heads;
  for (const [index, { path: name, size, sha256 }] of files.entries()) {
    const source = sources[index];
    if (source === undefined) continue;
    yield headerOf(name, size);
    const hash = createHash('sha256');
    let read = 0;
    for await (const chunk of chunks(source, signal)) {
      read += chunk.length;
      // Before it is written: what follows would not be where the headers say.
      if (read > size) break;
      hash.update(chunk);
      tell(chunk.length);
      yield chunk;
    }
    if (read !== size || hash.digest('hex') !== sha256) throw changedSource(source);
    yield Buffer.alloc(padding(size));
  }
  yield END;
}

function entry(name: string, content: Buffer): Buffer {
  return Buffer.concat([headerOf(name, content.length), content, Buffer.alloc(padding(content.length))]);
}

/** Two sources of one path are one where the same hash is expected of both, as of a base image that two sites share. */
function distinct(sources: readonly BundleSource[]): BundleSource[] {
  const byPath = new Map<string, BundleSource>();
  for (const source of sources) {
    const fault = pathFault(source.path);
    if (fault !== undefined)
      throw sourceError(
        'BUNDLE_PATH',
        `${source.from} cannot be in a bundle as ${source.path}: ${fault}.`,
        'Rename the file, or give it another path in a list.',
      );
    const key = source.path.toLowerCase();
    const other = byPath.get(key);
    if (other === undefined) byPath.set(key, source);
    else if (
      other.from !== source.from &&
      (other.expect === undefined || other.expect.sha256 !== source.expect?.sha256)
    )
      throw sourceError(
        'BUNDLE_PATH_TWICE',
        `${source.from} and ${other.from} both want to be ${source.path} in the bundle.`,
        'Give one of them another path in a list, or name it once.',
      );
  }
  if (byPath.size === 0)
    throw sourceError(
      'BUNDLE_EMPTY',
      'There is no file to put into the bundle.',
      'Name a site file, a folder with files, or a list.',
    );
  return inOrder([...byPath.values()]);
}

async function sizeOf(source: BundleSource): Promise<number> {
  const found = await stat(source.from).catch((cause: unknown) => Promise.reject(unreadable(source, cause)));
  if (!found.isFile()) throw unreadable(source, new Error('it is not a file'));
  return found.size;
}

async function describe(
  source: BundleSource,
  tell: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<BundleFile> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of chunks(source, signal)) {
    hash.update(chunk);
    size += chunk.length;
    tell(chunk.length);
  }
  const sha256 = hash.digest('hex');
  const { path: name, kind, expect, from } = source;
  if (expect !== undefined && expect.sha256 !== sha256)
    throw sourceError(
      'BUNDLE_SOURCE_CHECKSUM',
      `${from} is not the file that ${expect.by} names: its SHA-256 is ${sha256}.`,
      'Copy the file again, or correct the checksum when the file was changed on purpose.',
    );
  return { path: name, size, sha256, kind };
}

async function* chunks(source: BundleSource, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(source.from, { highWaterMark: CHUNK })) {
      if (signal?.aborted === true) throw cancelled('The bundle');
      yield chunk as Buffer;
    }
  } catch (thrown) {
    throw thrown instanceof Error && 'syscall' in thrown ? unreadable(source, thrown) : thrown;
  }
}

function unreadable(source: BundleSource, cause: unknown): Error {
  return sourceError(
    'BUNDLE_SOURCE_UNREADABLE',
    `${source.from}, which is to be ${source.path} in the bundle, cannot be read.`,
    source.expect === undefined
      ? 'Check the path and the rights.'
      : `Put the file there, or correct ${source.expect.by}.`,
    cause,
  );
}

function changedSource(source: BundleSource): Error {
  return sourceError(
    'BUNDLE_SOURCE_CHANGED',
    `${source.from} changed while the bundle was made.`,
    'Let nothing write to the files, then make the bundle again.',
  );
}

function createMeter(
  total: number,
  { onProgress }: WriteOptions,
): (what: 'reading' | 'writing') => (bytes: number) => void {
  return (what) => {
    let done = 0;
    return (bytes) => {
      done += bytes;
      onProgress?.({ what, done, total });
    };
  };
}
