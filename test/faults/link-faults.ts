import { setTimeout as sleep } from 'node:timers/promises';
import { LAB } from '../../main/lab/layout.ts';
import type { Laptop } from './laptop.ts';
import type { Machines } from './machines.ts';
import { newsOf } from './moments.ts';
import type { Fault } from './trial.ts';

const SERVICES = newsOf('network-services');

/** The cable of the laptop is out for some seconds: its interface, too, sees that. */
export function linkCut(laptop: Laptop, seconds: number): Fault {
  return {
    at: SERVICES,
    keys: [],
    inject: async () => {
      await laptop.machines.ip('link', 'set', 'laptop', 'down');
      try {
        await sleep(seconds * 1000);
      } finally {
        await laptop.machines.ip('link', 'set', 'laptop', 'up');
      }
    },
  };
}

/** Behind the switch every packet is lost in silence: the laptop's interface stays up. */
export function linkSilent(laptop: Laptop, seconds: number): Fault {
  return {
    at: SERVICES,
    keys: [],
    inject: () => silence(laptop.machines, seconds),
  };
}

/** Loses every packet between laptop and KVM host for some seconds. */
export async function silence(machines: Machines, seconds: number): Promise<void> {
  await machines.ip('link', 'set', 'laptop', 'nomaster');
  try {
    await sleep(seconds * 1000);
  } finally {
    await machines.ip('link', 'set', 'laptop', 'master', LAB.mgmt.bridge);
  }
}

/** Stops sshd, ends every session, and starts it again after 3 s. */
const RESTART_SSHD = `systemctl stop ssh
for pid in $(pgrep -x sshd); do kill -9 $pid || true; done
sleep 3
systemctl start ssh`;

/** sshd is restarted where the stage's connection ends or passes through, and every session is gone. */
export function sshdRestarted(laptop: Laptop, machine: 'kvm-host' | 'deployment-vm'): Fault {
  return {
    at: SERVICES,
    keys: [],
    // In a unit of its own, since the login that starts it ends with the others.
    inject: () =>
      laptop.machines.on(
        machine,
        `systemd-run --quiet --collect --property=KillMode=none sh -c '${RESTART_SSHD}'`,
      ),
  };
}
