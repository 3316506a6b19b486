const BLOCK = 128 * 1024;

/** A Zstandard frame that holds the bytes as they are (RFC 8878: one segment, its size in four bytes, raw blocks). */
export function storedZstd(content: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUInt32LE(0xfd2fb528, 0);
  head.writeUInt8(0xa0, 4);
  head.writeUInt32LE(content.length, 5);
  const parts: Buffer[] = [head];
  for (let at = 0; at === 0 || at < content.length; at += BLOCK) {
    const piece = content.subarray(at, at + BLOCK);
    const last = at + BLOCK >= content.length ? 1 : 0;
    const header = Buffer.alloc(3);
    header.writeUIntLE((piece.length << 3) | last, 0, 3);
    parts.push(header, piece);
  }
  return Buffer.concat(parts);
}
