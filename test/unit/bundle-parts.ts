import { Header } from 'tar';

/** The entries of a bundle as they lie in it: header with content and fill. */
export function partsOf(bytes: Buffer): Map<string, Buffer> {
  const parts = new Map<string, Buffer>();
  for (let at = 0; bytes[at] !== 0;) {
    const { path: name = '', size = 0 } = new Header(bytes, at);
    const end = at + 512 + Math.ceil(size / 512) * 512;
    parts.set(name, bytes.subarray(at, end));
    at = end;
  }
  return parts;
}

/** A bundle with some of its entries replaced; undefined takes one out. */
export function joined(whole: Buffer, changes: Readonly<Record<string, Buffer | undefined>>): Buffer {
  const parts = new Map<string, Buffer | undefined>([...partsOf(whole), ...Object.entries(changes)]);
  return Buffer.concat([...[...parts.values()].filter((part) => part !== undefined), Buffer.alloc(1024)]);
}

/** An entry as a bundle has it, but for what `head` says otherwise. */
export function entry(head: ConstructorParameters<typeof Header>[0], content = ''): Buffer {
  const block = Buffer.alloc(512);
  const size = Buffer.byteLength(content);
  const plain = { mode: 0o644, uid: 0, gid: 0, mtime: new Date(0), type: 'File' as const, size };
  new Header({ ...plain, ...(head as object) }).encode(block);
  return Buffer.concat([block, Buffer.from(content), Buffer.alloc((512 - (size % 512)) % 512)]);
}
