import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { BundleFile, BundleProblem, BundleProgress, BundleSignatureStatus } from '../contract/bundle.ts';
import { BLOCK, padding, readHeader, type EntryHead } from './blocks.ts';
import { compareFiles, type PlacedFile, type SeenFile } from './compare.ts';
import { MAX_CONTENTS, parseContents } from './contents.ts';
import { cancelled, sourceError } from './errors.ts';
import { CONTENTS, escapes, SIGNATURE } from './paths.ts';
import { problem } from './problems.ts';
import { checkSignature, MAX_SIGNATURE } from './signature.ts';

export interface ReadOptions {
  /** Fingerprint of the key it must be signed with. */
  readonly key?: string;
  /** Lets a bundle without a signature pass. */
  readonly unsigned?: boolean;
  /** Reads the list and the headers alone: files are told by name and size, and not hashed. */
  readonly listOnly?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Omit<BundleProgress, 'running'>) => void;
}

export interface ReadBundle {
  readonly bytes: number;
  /** SHA-256 of the whole file; missing with `listOnly`, and where it could not be read to its end. */
  readonly sha256?: string;
  /** SHA-256 of the list, which stands for all that is in the bundle. */
  readonly contents?: string;
  readonly signature: { readonly status: BundleSignatureStatus; readonly fingerprint?: string };
  readonly files: readonly PlacedFile[];
  readonly problems: readonly BundleProblem[];
}

const CHUNK = 2 ** 20;

/** Entries that the list does not have, after which nothing more is learnt from reading on. */
const MAX_STRANGERS = 100;

/**
 * Reads a bundle from its first byte to its last and says everything that is wrong with it, whatever the bytes are. Throws
 * only BUNDLE_UNREADABLE and CANCELLED.
 */
export async function readBundle(file: string, options: ReadOptions = {}): Promise<ReadBundle> {
  const handle = await open(file).catch((cause: unknown) => Promise.reject(unreadable(file, cause)));
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw unreadable(file, new Error('it is not a file'));
    return await createReader(handle, found.size, options).read();
  } catch (thrown) {
    throw thrown instanceof Error && 'syscall' in thrown ? unreadable(file, thrown) : thrown;
  } finally {
    await handle.close();
  }
}

/** Ends the reading where nothing that follows could be understood. */
class Unfit extends Error {
  readonly told: BundleProblem;
  constructor(told: BundleProblem) {
    super(told.message);
    this.told = told;
  }
}

interface Reader {
  read(): Promise<ReadBundle>;
}

function createReader(handle: FileHandle, bytes: number, options: ReadOptions): Reader {
  const whole = createHash('sha256');
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(bytes, BLOCK)));
  const problems: BundleProblem[] = [];
  let at = 0;

  /** Hands over the next bytes in pieces that are only good until the next one. */
  async function* take(count: number, place: string): AsyncGenerator<Buffer> {
    for (let left = count; left > 0;) {
      if (options.signal?.aborted === true) throw cancelled('Reading the bundle');
      const { bytesRead } = await handle.read(buffer, 0, Math.min(left, buffer.length), at);
      if (bytesRead === 0) throw new Unfit(problem.cut(place, bytes));
      const piece = buffer.subarray(0, bytesRead);
      whole.update(piece);
      at += bytesRead;
      left -= bytesRead;
      options.onProgress?.({ what: 'verifying', done: at, total: bytes });
      yield piece;
    }
  }

  async function takeAll(count: number, place: string): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of take(count, place)) pieces.push(Buffer.from(piece));
    return Buffer.concat(pieces);
  }

  async function skipPadding(size: number, place: string): Promise<void> {
    const rest = await takeAll(padding(size), place);
    if (rest.some((byte) => byte !== 0)) problems.push(problem.hidden(place, at - rest.length));
  }

  /** The next header; null at the end of the archive. */
  async function nextHead(): Promise<EntryHead | null> {
    const place = `byte ${at}`;
    const block = await takeAll(BLOCK, place);
    if (block.every((byte) => byte === 0)) return null;
    const head = readHeader(block);
    if (head === null) throw new Unfit(at === BLOCK ? problem.noBundle(place) : problem.damaged(place));
    if (at + head.size + padding(head.size) > bytes) throw new Unfit(problem.cut(head.path, bytes));
    return head;
  }

  async function readList(): Promise<{ raw: Buffer; files: readonly BundleFile[] }> {
    const head = bytes < BLOCK ? null : await nextHead();
    if (head === null || head.path !== CONTENTS || !head.plain || head.size > MAX_CONTENTS)
      throw new Unfit(problem.noBundle('byte 0'));
    const raw = await takeAll(head.size, CONTENTS);
    await skipPadding(head.size, CONTENTS);
    const files = parseContents(raw);
    if (typeof files === 'string') throw new Unfit(problem.list(files));
    return { raw, files };
  }

  /** One entry behind the list: what it holds, or why it is none that a bundle has. */
  async function readEntry(head: EntryHead): Promise<SeenFile | null> {
    const offset = at;
    const hash = createHash('sha256');
    if (options.listOnly === true) at += head.size;
    else for await (const piece of take(head.size, head.path)) hash.update(piece);
    await skipPadding(head.size, head.path);
    const { path, size } = head;
    const odd = oddity(head);
    if (odd !== undefined) {
      problems.push(odd);
      return null;
    }
    return { path, size, offset, ...(options.listOnly === true ? {} : { sha256: hash.digest('hex') }) };
  }

  async function read(): Promise<ReadBundle> {
    let signature: ReadBundle['signature'] = { status: 'none' };
    let list: { raw: Buffer; files: readonly BundleFile[] } | undefined;
    const seen: SeenFile[] = [];
    try {
      list = await readList();
      let head = await nextHead();
      if (head?.path === SIGNATURE && head.plain && head.size <= MAX_SIGNATURE) {
        const entry = await takeAll(head.size, SIGNATURE);
        await skipPadding(head.size, SIGNATURE);
        signature = checkSignature(list.raw, entry, options.key);
        head = await nextHead();
      }
      for (; head !== null; head = await nextHead()) {
        const file = await readEntry(head);
        if (file !== null) seen.push(file);
        if (seen.length + problems.length > list.files.length + MAX_STRANGERS)
          throw new Unfit(problem.many());
      }
      await readEnd();
    } catch (thrown) {
      if (!(thrown instanceof Unfit)) throw thrown;
      problems.push(thrown.told);
    }
    // What is missing behind the place where reading ended is told by that place.
    const ended = problems.some(({ code }) => ENDS.has(code));
    const compared = compareFiles(list?.files ?? [], seen, !ended);
    problems.push(...compared.problems);
    if (list !== undefined) problems.push(...signatureProblems(signature, options));
    return {
      bytes,
      ...(options.listOnly === true || at < bytes ? {} : { sha256: whole.digest('hex') }),
      ...(list === undefined ? {} : { contents: createHash('sha256').update(list.raw).digest('hex') }),
      signature,
      files: compared.files,
      problems,
    };
  }

  /** Behind the first empty block there is a second one and nothing else. */
  async function readEnd(): Promise<void> {
    const second = await takeAll(BLOCK, `byte ${at}`);
    if (second.some((byte) => byte !== 0) || at < bytes) problems.push(problem.trailing(at));
  }

  return { read };
}

/** Problems behind which nothing was read. */
const ENDS = new Set(['BUNDLE_CUT', 'BUNDLE_DAMAGED', 'BUNDLE_FORMAT', 'BUNDLE_CONTENTS', 'BUNDLE_MANY']);

/** Why an entry is none that a bundle has; undefined for one as Bringup writes it. */
function oddity(head: EntryHead): BundleProblem | undefined {
  const { path, type, linkpath } = head;
  if (type === 'SymbolicLink' || type === 'Link') return problem.link(path, linkpath);
  if (escapes(path)) return problem.escape(path);
  return head.plain ? undefined : problem.entry(path, type);
}

function signatureProblems(
  { status, fingerprint = '' }: ReadBundle['signature'],
  { key = '', unsigned = false }: ReadOptions,
): BundleProblem[] {
  if (status === 'bad') return [problem.badSignature()];
  if (status === 'other') return [problem.otherKey(fingerprint, key)];
  // A key that was asked for is stronger than leave to go without.
  return status === 'none' && (!unsigned || key !== '') ? [problem.unsigned()] : [];
}

function unreadable(file: string, cause: unknown): Error {
  return sourceError(
    'BUNDLE_UNREADABLE',
    `The bundle ${file} cannot be read.`,
    'Check the path, and that the disk it lies on is connected.',
    cause,
  );
}
