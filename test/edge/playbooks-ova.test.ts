import { createHash } from 'node:crypto';
import { access, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callModule, PLAYBOOKS, runCommand } from './playbooks-ansible.ts';

const DAMAGE = fileURLToPath(new URL('playbooks-ova-damage.py', import.meta.url));
let folder: string;
let image: string;
let ova: string;
let sha256: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bringup-ova-'));
  image = join(folder, 'base.qcow2');
  ova = join(folder, 'out', 'deploy.ova');
  const raw = join(folder, 'base.raw');
  await writeFile(raw, Buffer.concat([Buffer.alloc(1 << 20, 'bringup '), Buffer.alloc(3 << 20)]));
  await runCommand('qemu-img', ['convert', '-O', 'qcow2', raw, image]);
  sha256 = createHash('sha256')
    .update(await readFile(image))
    .digest('hex');
  expect(await build()).toMatchObject({ changed: true, reason: 'there was no OVA yet' });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const build = (changes: Record<string, unknown> = {}) =>
  callModule('bringup_ova_build', {
    path: ova,
    base_image: image,
    sha256,
    name: 'deploy',
    cpus: 2,
    memory_mib: 2048,
    network: 'mgmt',
    ...changes,
  });

async function validate(file: string): Promise<{ code: number; codes: string[] }> {
  const { code, stdout } = await runCommand('python3', [
    `${PLAYBOOKS}/library/bringup_ova_validate.py`,
    file,
  ]);
  const { violations } = JSON.parse(stdout) as { violations: { code: string }[] };
  return { code, codes: violations.map((violation) => violation.code) };
}

describe('building', () => {
  it('leaves an OVA alone while its inputs are the same', async () => {
    const before = await stat(ova);
    expect(await build()).toMatchObject({ changed: false });
    expect((await stat(ova)).mtimeMs).toBe(before.mtimeMs);
  });

  it('gives the same bytes for the same inputs', async () => {
    const again = join(folder, 'again', 'deploy.ova');
    await build({ path: again });
    expect((await readFile(again)).equals(await readFile(ova))).toBe(true);
  });

  it('builds a damaged OVA anew and says so', async () => {
    const path = join(folder, 'damaged', 'deploy.ova');
    await build({ path });
    const data = await readFile(path);
    data[data.length >> 1] = (data[data.length >> 1] ?? 0) ^ 0xff;
    await writeFile(path, data);
    const result = await build({ path });
    expect(result).toMatchObject({ changed: true });
    expect(result['reason']).toContain('the OVA on disk was damaged: OVA_');
    expect(await validate(path)).toEqual({ code: 0, codes: [] });
  });

  it('refuses a base image with another checksum', async () => {
    const result = await build({ sha256: '0'.repeat(64) });
    expect(result).toMatchObject({ failed: true, code: 'BASE_IMAGE_CHECKSUM' });
    expect(result.msg).toContain(sha256);
  });

  it('refuses a base image that is not there', async () => {
    expect(await build({ base_image: join(folder, 'nowhere') })).toMatchObject({
      failed: true,
      code: 'BASE_IMAGE_MISSING',
    });
  });

  it('clears away what a killed build left', async () => {
    const leftover = join(folder, 'out', '.ova-killed');
    await runCommand('mkdir', [leftover]);
    expect(await build({ cpus: 4 })).toMatchObject({
      changed: true,
      reason: 'the base image or the VM definition changed',
    });
    await expect(access(leftover)).rejects.toThrow();
    await build();
  });
});

describe('checking', () => {
  it('accepts the OVA it built', async () => {
    expect(await validate(ova)).toEqual({ code: 0, codes: [] });
  });

  it('agrees with virt-v2v', async () => {
    const target = join(folder, 'v2v');
    await runCommand('mkdir', [target]);
    const source = await runCommand(
      'virt-v2v',
      ['-i', 'ova', ova, '-o', 'local', '-os', target, '--print-source'],
      {
        LIBGUESTFS_BACKEND: 'direct',
      },
    );
    expect(source.stderr).toBe('');
    expect(source.stdout).toMatch(/nr vCPUs: 2[\s\S]*firmware: uefi/);
  });

  it.each([
    ['not-tar', 'OVA_NOT_TAR'],
    ['truncated', 'OVA_TRUNCATED'],
    ['no-end', 'OVA_TRUNCATED'],
    ['gnu-tar', 'OVA_NOT_USTAR'],
    ['folder', 'OVA_MEMBER_NAME'],
    ['twice', 'OVA_MEMBER_NAME'],
    ['no-descriptor', 'OVA_DESCRIPTOR_COUNT'],
    ['order', 'OVA_ORDER'],
    ['manifest-in-between', 'OVA_ORDER'],
    ['no-manifest', 'OVA_MANIFEST_COUNT'],
    ['manifest-space', 'OVA_MANIFEST_SYNTAX'],
    ['manifest-short', 'OVA_MANIFEST_INCOMPLETE'],
    ['manifest-long', 'OVA_MANIFEST_EXTRA'],
    ['digest', 'OVA_DIGEST'],
    ['not-xml', 'OVA_XML'],
    ['doctype', 'OVA_XML'],
    ['no-disk-file', 'OVA_FILE_MISSING'],
    ['size', 'OVA_FILE_SIZE'],
    ['unreferenced', 'OVA_FILE_UNREFERENCED'],
    ['file-reference', 'OVA_DISK_FILE'],
    ['disk-format', 'OVA_DISK_FORMAT'],
    ['disk-data', 'OVA_DISK_DATA'],
    ['capacity', 'OVA_DISK_CAPACITY'],
    ['capacity-units', 'OVA_DISK_CAPACITY'],
    ['no-cpu', 'OVA_HARDWARE_MISSING'],
    ['no-memory', 'OVA_HARDWARE_MISSING'],
    ['no-nic', 'OVA_HARDWARE_MISSING'],
    ['quantity', 'OVA_HARDWARE_QUANTITY'],
    ['item-twice', 'OVA_ITEM_ID'],
    ['disk-item', 'OVA_ITEM_DISK'],
    ['disk-parent', 'OVA_ITEM_PARENT'],
    ['network', 'OVA_NETWORK'],
  ])('refuses %s with %s', async (kind, code) => {
    const bad = join(folder, `${kind}.ova`);
    const damage = await runCommand('python3', [DAMAGE, ova, bad, kind]);
    expect(damage.stderr).toBe('');
    const result = await validate(bad);
    expect(result.code).toBe(1);
    expect(result.codes).toContain(code);
  });
});
