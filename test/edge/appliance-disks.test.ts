import { execa } from 'execa';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand, type ModuleResult } from './playbooks-ansible.ts';
import { causeInStage } from './service-cause.ts';

let folder: string;
/** What became of each image, by a name of its own. */
let made: Readonly<Record<string, ModuleResult>>;

const file = (name: string): string => path.join(folder, name);
const prefixOf = (name: string): string => file(`storage/${name}/plant-7.ome`);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bringup-appliance-disks-'));
  await writeFile(file('content'), Buffer.alloc(1 << 20, 'appliance '));
  await execa('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', file('content'), file('first.qcow2')]);
  await execa('qemu-img', ['create', '-q', '-f', 'qcow2', file('second.qcow2'), '2G']);
  const onTop = ['create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', file('first.qcow2')];
  await execa('qemu-img', [...onTop, file('overlay.qcow2')]);
  await execa('tar', ['-cf', 'packed.tar', 'first.qcow2'], { cwd: folder });
  await execa('python3', ['-m', 'zipfile', '-c', 'packed.zip', 'first.qcow2'], { cwd: folder });
  const sha256 = createHash('sha256').update(await readFile(file('first.qcow2')));
  const ova = {
    ...{ path: file('ome.ova'), base_image: file('first.qcow2'), sha256: sha256.digest('hex') },
    ...{ name: 'ome', cpus: 4, memory_mib: 4096, network: 'mgmt' },
  };
  const images: Record<string, readonly string[]> = {
    two: ['first.qcow2', 'second.qcow2'],
    ova: ['ome.ova'],
    ...{ overlay: ['overlay.qcow2'], raw: ['content'], tar: ['packed.tar'], zip: ['packed.zip'] },
  };
  const tasks = Object.entries(images).map(([name, from]) => [name, from, 512] as const);
  const make = [...tasks, ['memory', ['first.qcow2'], 1 << 30] as const].map(([name, from, memory_mib]) => ({
    name,
    bringup_appliance_disks: { images: from.map(file), prefix: prefixOf(name), memory_mib },
    ignore_errors: true,
  }));
  const play = { hosts: 'localhost', gather_facts: false, connection: 'local' };
  const playbook = [{ ...play, tasks: [{ name: 'build', bringup_ova_build: ova }, ...make] }];
  await writeFile(file('play.yml'), JSON.stringify(playbook));
  const { stdout, stderr } = await runCommand('ansible-playbook', ['-i', 'localhost,', file('play.yml')], {
    ANSIBLE_STDOUT_CALLBACK: 'json',
  });
  const report = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
    plays: { tasks: { task: { name: string }; hosts: { localhost: ModuleResult } }[] }[];
  };
  made = Object.fromEntries(
    report.plays.flatMap(({ tasks }) => tasks).map(({ task, hosts }) => [task.name, hosts.localhost]),
  );
  expect(Object.keys(made), stderr).toHaveLength(8);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Whether a disk holds what is in the file of content. */
async function holdsContent(disk: string): Promise<boolean> {
  const compare = ['compare', '-f', 'qcow2', '-F', 'raw', disk, file('content')];
  return (await execa('qemu-img', compare, { reject: false })).exitCode === 0;
}

describe('the disks of an appliance', () => {
  it('are those of its qcow2 images, in their order and size', async () => {
    expect(made['two']?.['disks']).toEqual([`${prefixOf('two')}-1.qcow2`, `${prefixOf('two')}-2.qcow2`]);
    expect(await holdsContent(`${prefixOf('two')}-1.qcow2`)).toBe(true);
    const second = await execa('qemu-img', ['info', '--output=json', `${prefixOf('two')}-2.qcow2`]);
    expect(JSON.parse(second.stdout)).toMatchObject({ format: 'qcow2', 'virtual-size': 2 * 2 ** 30 });
  });

  it('are those in its OVA', async () => {
    expect(made['ova']?.['disks']).toEqual([`${prefixOf('ova')}-1.qcow2`]);
    expect(await holdsContent(`${prefixOf('ova')}-1.qcow2`)).toBe(true);
  });

  it.each([
    ['overlay', 'is not whole: part of it is in another file'],
    ['raw', 'is neither a qcow2 image nor an OVA: qemu-img takes it for raw'],
    ['tar', 'without one OVF descriptor, so it is no OVA'],
    ['zip', 'is a zip archive. Unpack it, and name the qcow2 file in it'],
  ])('are not made of what is no whole image: %s', (name, told) => {
    expect(made[name]).toMatchObject({ failed: true, code: 'OME_IMAGE_FORMAT' });
    expect(made[name]?.msg).toContain(told);
    expect(causeInStage('ome-appliance', made[name]!)).toBe('ome.image_unfit');
  });

  it('are not made where the VM would have no memory', async () => {
    expect(made['memory']).toMatchObject({ failed: true, code: 'OME_APPLIANCE_MEMORY' });
    expect(causeInStage('ome-appliance', made['memory']!)).toBe('ome.no_room');
    expect((await execa('ls', [file('storage')])).stdout.split('\n').toSorted()).toEqual(['ova', 'two']);
  });
});
