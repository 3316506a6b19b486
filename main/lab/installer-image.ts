import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

const SECTOR = 2048;
const VOLUME = 'BRINGUP_LAB_INSTALLER';
const NOTE = `A volume of Bringup's lab. There is no installer on it: where a simulated BMC starts a machine from this image,
the simulated installer of the lab reads it to the end and then starts a Debian system in the machine's place.
`;
/** Sectors of the volume (ECMA-119 begins at the seventeenth). */
const AT = {
  descriptor: 16,
  end: 17,
  pathTable: 18,
  pathTableBig: 19,
  root: 20,
  note: 21,
  size: 22,
} as const;
const PATH_TABLE_BYTES = 10;

/** Writes the image as `lab-installer.iso` into `folder` and answers its SHA-256, which is the same every time. */
export async function writeInstallerImage(folder: string): Promise<string> {
  const image = installerImage();
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'lab-installer.iso'), image);
  return createHash('sha256').update(image).digest('hex');
}

/** The image from which the lab's bare server is installed: an ISO 9660 volume with one text in it. */
export function installerImage(): Buffer {
  const image = Buffer.alloc(AT.size * SECTOR);
  const sector = (number: number) => image.subarray(number * SECTOR, (number + 1) * SECTOR);
  writeDescriptor(sector(AT.descriptor));
  sector(AT.end).set([255, ...Buffer.from('CD001'), 1]);
  for (const [number, big] of [
    [AT.pathTable, false],
    [AT.pathTableBig, true],
  ] as const) {
    const table = sector(number);
    table[0] = 1;
    if (big) table.writeUInt32BE(AT.root, 2);
    else table.writeUInt32LE(AT.root, 2);
    if (big) table.writeUInt16BE(1, 6);
    else table.writeUInt16LE(1, 6);
  }
  const root = { at: AT.root, bytes: SECTOR, isFolder: true };
  const records = [
    directoryRecord('\0', root),
    directoryRecord('\u0001', root),
    directoryRecord('README.TXT;1', { at: AT.note, bytes: NOTE.length, isFolder: false }),
  ];
  Buffer.concat(records).copy(sector(AT.root));
  sector(AT.note).write(NOTE, 'ascii');
  return image;
}

/** Why these bytes are no image for the lab, as the end of a sentence about them; undefined when they are one, and complete. */
export function imageProblem(image: Buffer): string | undefined {
  const descriptor = image.subarray(AT.descriptor * SECTOR, (AT.descriptor + 1) * SECTOR);
  if (descriptor.toString('latin1', 0, 7) !== '\u0001CD001\u0001') return 'is no ISO 9660 volume';
  const wanted = descriptor.readUInt32LE(80) * descriptor.readUInt16LE(128);
  if (image.length < wanted) return `ends after ${image.length} of ${wanted} bytes`;
  const volume = descriptor.toString('latin1', 40, 72).trimEnd();
  return volume === VOLUME
    ? undefined
    : `is the volume "${volume}", and the simulated installer knows only ${VOLUME}`;
}

function writeDescriptor(sector: Buffer): void {
  sector.fill(' ', 8, 72);
  sector.fill(' ', 190, 813);
  sector.set([1, ...Buffer.from('CD001'), 1]);
  sector.write(VOLUME, 40, 'ascii');
  both32(AT.size).copy(sector, 80);
  both16(1).copy(sector, 120);
  both16(1).copy(sector, 124);
  both16(SECTOR).copy(sector, 128);
  both32(PATH_TABLE_BYTES).copy(sector, 132);
  sector.writeUInt32LE(AT.pathTable, 140);
  sector.writeUInt32BE(AT.pathTableBig, 148);
  directoryRecord('\0', { at: AT.root, bytes: SECTOR, isFolder: true }).copy(sector, 156);
  // Four dates that say "not given", and the version of the structure.
  for (const offset of [813, 830, 847, 864]) sector.fill('0', offset, offset + 16);
  sector[881] = 1;
}

function directoryRecord(
  name: string,
  { at, bytes, isFolder }: { readonly at: number; readonly bytes: number; readonly isFolder: boolean },
): Buffer {
  const record = Buffer.alloc(33 + name.length + (name.length % 2 === 0 ? 1 : 0));
  record[0] = record.length;
  both32(at).copy(record, 2);
  both32(bytes).copy(record, 10);
  // 1 January 2026, so that the image is the same every time.
  record.set([126, 1, 1, 0, 0, 0, 0], 18);
  record[25] = isFolder ? 2 : 0;
  both16(1).copy(record, 28);
  record[32] = name.length;
  record.write(name, 33, 'latin1');
  return record;
}

/** A number as ECMA-119 writes it: little end first, then big end first. */
function both32(value: number): Buffer {
  const field = Buffer.alloc(8);
  field.writeUInt32LE(value, 0);
  field.writeUInt32BE(value, 4);
  return field;
}

function both16(value: number): Buffer {
  const field = Buffer.alloc(4);
  field.writeUInt16LE(value, 0);
  field.writeUInt16BE(value, 2);
  return field;
}
