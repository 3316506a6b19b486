import { describe, expect, it } from 'vitest';
import { storedZstd } from '../../main/lab/rke2/stored-zstd.ts';

/** What a frame of raw blocks holds, read as RFC 8878 lays it out. */
function unpack(frame: Buffer): Buffer {
  expect(frame.subarray(0, 5).toString('hex')).toBe('28b52ffda0');
  const parts: Buffer[] = [];
  let at = 9;
  for (let last = false; !last;) {
    const header = frame.readUIntLE(at, 3);
    const size = header >> 3;
    last = (header & 1) === 1;
    expect((header >> 1) & 3, 'raw').toBe(0);
    expect(size).toBeLessThanOrEqual(128 * 1024);
    parts.push(frame.subarray(at + 3, at + 3 + size));
    at += 3 + size;
  }
  expect(at).toBe(frame.length);
  const content = Buffer.concat(parts);
  expect(frame.readUInt32LE(5)).toBe(content.length);
  return content;
}

describe('an archive of images of the rke2 stand-in', () => {
  it.each([0, 1, 128 * 1024, 128 * 1024 + 1, 400_000])(
    'is a Zstandard frame that gives back its %i bytes',
    (size) => {
      const content = Buffer.alloc(size, 'stand-in');
      expect(unpack(storedZstd(content)).equals(content)).toBe(true);
    },
  );
});
