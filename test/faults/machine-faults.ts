import { setTimeout as sleep } from 'node:timers/promises';
import { killProcesses } from '../../main/lab/processes.ts';
import { openLab } from '../e2e/support/lab.ts';
import type { Laptop } from './laptop.ts';
import { DOMAIN } from './machines.ts';
import { playOf, taskOf } from './moments.ts';
import type { Fault } from './trial.ts';

const SERVICES = playOf('network-services');
/** A second or two into the play, when its tasks are under way. */
const INTO_THE_PLAY_MS = 2000;

/** The deployment VM is rebooted while a stage runs on it: by its reset button, or in good order. */
export function vmRebooted({ machines }: Laptop, how: 'reset' | 'in order'): Fault {
  return {
    at: SERVICES,
    keys: ['stage.machine_restarted'],
    powerLost: true,
    inject: async () => {
      await sleep(INTO_THE_PLAY_MS);
      if (how === 'reset') await machines.onKvmHost(`virsh --connect qemu:///system reset ${DOMAIN}`);
      else await machines.onVm('systemd-run --quiet systemctl reboot');
    },
  };
}

/** The deployment VM is switched off while a stage runs on it; the record says that resume starts it. */
export function vmOff(laptop: Laptop): Fault {
  const { machines } = laptop;
  return {
    at: SERVICES,
    keys: ['vm.off'],
    powerLost: true,
    inject: async () => {
      await sleep(INTO_THE_PLAY_MS);
      await machines.onKvmHost(`virsh --connect qemu:///system destroy ${DOMAIN}`);
    },
    mend: async () => {
      const [record] = await laptop.records(await laptop.newestRun());
      const resume = record?.fixes.some((fix) => fix.command === 'bringup resume') === true;
      if (!resume) throw new Error('the record does not say that resume starts the VM');
    },
  };
}

/** The deployment VM is switched off while the stage that builds it waits for its first answer. */
export function vmOffWhileBuilt({ machines }: Laptop): Fault {
  return {
    at: taskOf('deployment-vm', /answers SSH/),
    keys: ['vm.stopped', 'vm.off'],
    inject: async () => {
      await sleep(INTO_THE_PLAY_MS);
      await machines.onKvmHost(`virsh --connect qemu:///system destroy ${DOMAIN}`);
    },
  };
}

/** The KVM host, and with it the deployment VM, loses its power and is switched on again. */
export function kvmHostRebooted({ home, machines }: Laptop): Fault {
  return {
    at: SERVICES,
    keys: ['stage.machine_restarted'],
    powerLost: true,
    inject: async () => {
      await sleep(INTO_THE_PLAY_MS);
      await killProcesses(machines.lab, ['kvm-host']);
      await openLab(home);
    },
  };
}

/** ansible-runner is killed on the machine that carries the stage out, alone or with what looks after it. */
export function runnerKilled(
  { machines, newestRun }: Laptop,
  machine: 'kvm-host' | 'deployment-vm',
  names: readonly ('runner' | 'supervisor')[],
): Fault {
  const stage = machine === 'kvm-host' ? 'deployment-vm' : 'network-services';
  return {
    stage,
    at: playOf(stage),
    keys: ['stage.runner_died'],
    inject: async () => {
      const folder = `/var/lib/bringup/runs/${await newestRun()}/${stage}`;
      const read = `import json; found = json.load(open("processes.json")); print(*[found[name]["pid"] for name in ${JSON.stringify(names)}])`;
      await machines.on(
        machine,
        `cd ${folder}/$(ls ${folder} | sort -n | tail -1)\nkill -9 $(python3 -c '${read}')`,
      );
    },
  };
}
