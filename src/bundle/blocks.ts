import { Header } from 'tar';

/** Bytes of a block of a tar. */
export const BLOCK = 512;

/** What ends a tar. */
export const END = Buffer.alloc(2 * BLOCK);

/** Bytes that fill the last block of a file of this size. */
export function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** The header of a file: no owner, no time, so that it tells nothing of where it was made. Any tar reads it. */
export function headerOf(path: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  new Header({ path, size, mode: 0o644, uid: 0, gid: 0, mtime: new Date(0), type: 'File' }).encode(block);
  return block;
}

/** What a header says; `plain` where it is byte for byte the one that a bundle has for this path and size. */
export interface EntryHead {
  readonly path: string;
  readonly size: number;
  readonly type: string;
  readonly linkpath: string;
  readonly plain: boolean;
}

/** Reads a header; null for what is none: its checksum is wrong, or its numbers make no sense. */
export function readHeader(block: Buffer): EntryHead | null {
  try {
    const head = new Header(block);
    const { path = '', size = 0, type, linkpath = '' } = head;
    if (!head.cksumValid || head.nullBlock || !Number.isSafeInteger(size) || size < 0) return null;
    return { path, size, type, linkpath, plain: block.equals(headerOf(path, size)) };
  } catch {
    return null;
  }
}
