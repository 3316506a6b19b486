import { execa } from 'execa';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLaptop, type Laptop } from './laptop.ts';
import { beginOf, playOf, taskOf } from './moments.ts';
import type { Fault } from './trial.ts';

const FILLER = '/var/lib/bringup/filler';
/** Takes every free block: nearly all of them without writing, the rest with zeros. */
const FILL = `fallocate -l $(($(df --output=avail -B1 /var/lib/bringup | tail -1) - 268435456)) ${FILLER}
dd if=/dev/zero of=${FILLER}.rest bs=1M status=none 2>/dev/null || true
dd if=/dev/zero of=${FILLER}.last bs=4k status=none 2>/dev/null || true`;
const FREE = `rm -f ${FILLER}*`;

/** The KVM host's disk is full when the base image is sent. */
export function diskFullAtUpload({ machines }: Laptop): Fault {
  return {
    at: beginOf('upload'),
    keys: ['storage.disk_full'],
    inject: () => machines.onKvmHost(FILL),
    mend: () => machines.onKvmHost(FREE),
  };
}

/** The KVM host's disk is full while the VM's image is built. */
export function diskFullAtBuild({ machines }: Laptop): Fault {
  return {
    at: taskOf('deployment-vm', /Build the OVA/),
    keys: ['storage.disk_full'],
    inject: () => machines.onKvmHost(FILL),
    mend: () => machines.onKvmHost(FREE),
  };
}

/** The KVM host's disk is full while the VM boots for the first time: libvirt pauses it. */
export function diskFullAtBoot({ machines }: Laptop): Fault {
  return {
    at: taskOf('deployment-vm', /answers SSH/),
    keys: ['vm.paused', 'storage.disk_full'],
    inject: () => machines.onKvmHost(FILL),
    mend: () => machines.onKvmHost(FREE),
  };
}

/** A laptop whose home is a disk of its own, of a few MiB. */
export async function createSmallLaptop(): Promise<Laptop> {
  const home = await mkdtemp(path.join(tmpdir(), 'bringup-faults-'));
  await execa('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=0700', 'bringup-faults', home]);
  const unmount = async (): Promise<void> => {
    await execa('umount', [home]);
    await rm(home, { recursive: true, force: true });
  };
  try {
    const laptop = await createLaptop(home);
    return {
      ...laptop,
      dispose: async () => {
        await execa('umount', [home]);
        await laptop.dispose();
      },
    };
  } catch (thrown) {
    await unmount();
    throw thrown;
  }
}

/** The laptop's disk is full while a stage runs. */
export function journalDiskFull({ home }: Laptop): Fault {
  const filler = path.join(home, 'filler');
  return {
    at: playOf('network-services'),
    // No record has room any more: the last event says it.
    keys: ['run.interrupted'],
    inject: () => execa('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k', 'status=none'], { reject: false }),
    mend: () => rm(filler),
  };
}
