import {
  createSmallLaptop,
  diskFullAtBoot,
  diskFullAtBuild,
  diskFullAtUpload,
  journalDiskFull,
} from './disk-faults.ts';
import { killAtRandom } from './kills.ts';
import type { Laptop } from './laptop.ts';
import { clockJump, twoApps } from './laptop-faults.ts';
import { linkCut, linkSilent, sshdRestarted } from './link-faults.ts';
import { kvmHostRebooted, runnerKilled, vmOff, vmOffWhileBuilt, vmRebooted } from './machine-faults.ts';
import { tryFault, tryInTurn, type Fault, type Trial } from './trial.ts';

export interface FaultOptions {
  readonly kills: number;
  readonly seed: number;
  say(text: string): void;
  /** Whether the fault of that name was asked for. */
  wants(name: string): boolean;
  /** Told of a row as soon as it is known; a later one of the same title takes its place. */
  onRow(row: Row): void;
}

/** One row of the table; `times` is counted from the trials where it is left out. */
export interface Row {
  readonly title: string;
  readonly times?: number;
  readonly trials: readonly Trial[];
}

/** Faults that one or a few runs meet. */
export interface FaultGroup {
  readonly names: readonly string[];
  run(laptop: Laptop, options: FaultOptions): Promise<void>;
}

type MakeFault = (laptop: Laptop) => Fault;

/** A fault by its name for `--only` and its line in the table. */
interface NamedFault {
  readonly name: string;
  readonly title: string;
  make(laptop: Laptop): Fault;
}

function named(name: string, title: string, make: MakeFault): NamedFault {
  return { name, title, make };
}

/** Faults while the VM is built. */
const BUILDING: readonly NamedFault[] = [
  named('disk-upload', 'KVM host: disk full when the base image is sent', diskFullAtUpload),
  named('runner-kill-host', 'KVM host: ansible-runner killed', (laptop) =>
    runnerKilled(laptop, 'kvm-host', ['runner']),
  ),
  named('disk-build', 'KVM host: disk full while the image of the VM is built', diskFullAtBuild),
  named('disk-boot', 'KVM host: disk full while the VM boots', diskFullAtBoot),
  named('vm-off-boot', 'deployment VM switched off while it boots for the first time', vmOffWhileBuilt),
];

/** Faults that stop a stage which runs on the VM. */
const STOPPING: readonly NamedFault[] = [
  named('runner-kill', 'deployment VM: ansible-runner killed', (laptop) =>
    runnerKilled(laptop, 'deployment-vm', ['runner']),
  ),
  named('supervisor-kill', 'deployment VM: ansible-runner and its supervisor killed', (laptop) =>
    runnerKilled(laptop, 'deployment-vm', ['supervisor', 'runner']),
  ),
  named('vm-off', 'deployment VM switched off while a stage runs on it', vmOff),
  named('vm-reset', 'deployment VM reset while a stage runs on it', (laptop) => vmRebooted(laptop, 'reset')),
  named('vm-reboot', 'deployment VM rebooted in good order while a stage runs on it', (laptop) =>
    vmRebooted(laptop, 'in order'),
  ),
];

/** Faults that such a stage must survive by itself; it is too short to meet all of them. */
const SURVIVED: readonly NamedFault[] = [
  named('two-apps', 'second app on the same site: refused (`SITE_LOCKED`), the first goes on', twoApps),
  named('link-5s', 'cable between laptop and KVM host out for 5 s', (laptop) => linkCut(laptop, 5)),
  named('sshd-vm', 'sshd of the deployment VM restarted, its sessions killed', (laptop) =>
    sshdRestarted(laptop, 'deployment-vm'),
  ),
];
const SURVIVED_LONGER: readonly NamedFault[] = [
  named('sshd-kvm-host', 'sshd of the KVM host restarted, its sessions killed', (laptop) =>
    sshdRestarted(laptop, 'kvm-host'),
  ),
  named('link-3min', 'packets between laptop and KVM host lost for 3 min', (laptop) =>
    linkSilent(laptop, 180),
  ),
];

const CLOCK: readonly NamedFault[] = [
  named('clock-on', 'laptop: clock jumps by +1 h, then the link is lost for 25 s', (laptop) =>
    clockJump(laptop, 3600),
  ),
  named('clock-back', 'laptop: clock jumps by -1 h, then the link is lost for 25 s', (laptop) =>
    clockJump(laptop, -3600),
  ),
];

const POWER: readonly NamedFault[] = [
  named('kvm-host-reboot', 'KVM host, and the VM with it, without power while a stage runs', kvmHostRebooted),
];

/** The site as it was before the first run: the VM is built anew by the next one, and its image sent anew. */
async function clear(laptop: Laptop): Promise<void> {
  laptop.good.run = undefined;
  const destroyed = await laptop.start(['apply', laptop.siteFile, '--destroy']).done;
  if (destroyed.code !== 0) throw new Error(`the site could not be destroyed: ${destroyed.stderr}`);
  await laptop.machines.onKvmHost('find /var/lib/bringup/upload -size +100M -delete');
}

/** One run that meets all of the faults, one after the other. */
function together(faults: readonly NamedFault[], from: 'nothing' | 'what is there'): FaultGroup {
  return {
    names: faults.map(({ name }) => name),
    async run(laptop, { wants, onRow }) {
      const chosen = faults.filter(({ name }) => wants(name));
      if (from === 'nothing') await clear(laptop);
      const words = laptop.good.run === undefined ? ['apply', laptop.siteFile] : again(laptop.good.run);
      const tell = (index: number, trial: Trial): void =>
        onRow({ title: chosen[index]?.title ?? '', trials: [trial] });
      const trials = await tryInTurn(
        laptop,
        words,
        chosen.map(({ make }) => make(laptop)),
        tell,
      );
      const last = trials.at(-1);
      if (last !== undefined) tell(trials.length - 1, last);
    },
  };
}

function again(run: string): readonly string[] {
  return ['retry', run, '--stage', 'network-services'];
}

/** Every fault, in an order that builds and boots the VM as seldom as may be. */
export const GROUPS: readonly FaultGroup[] = [
  {
    names: ['kill'],
    async run(laptop, { kills, seed, say, onRow }) {
      await clear(laptop);
      const trials = await killAtRandom(laptop, kills, seed, say);
      onRow({
        title: 'app killed with SIGKILL at a random moment, and resumed each time',
        ...{ trials, times: kills },
      });
    },
  },
  together(BUILDING, 'nothing'),
  together(STOPPING, 'what is there'),
  together(SURVIVED, 'what is there'),
  together(SURVIVED_LONGER, 'what is there'),
  together(CLOCK, 'what is there'),
  {
    names: ['journal-disk'],
    async run(_laptop, { onRow }) {
      const small = await createSmallLaptop();
      try {
        const trials = [await tryFault(small, journalDiskFull(small))];
        onRow({ title: 'laptop: disk full while a stage runs', trials });
      } finally {
        await small.dispose();
      }
    },
  },
  together(POWER, 'what is there'),
];
