import type { Check, Facts, Verdict } from '../types.ts';

const RESERVE_MIB = 256;

/** Distributions and the first release that is known to carry what the playbooks need. */
const KNOWN: readonly (readonly [id: string, first: number])[] = [
  ['debian', 12],
  ['ubuntu', 22.04],
  ['rhel', 9],
  ['rocky', 9],
  ['almalinux', 9],
  ['centos', 9],
  ['ol', 9],
];

/** Distribution and release; others may do, so they are a warning. */
export const os: Check = {
  id: 'os',
  title: 'Operating system',
  wanted: () => 'Debian 12, Ubuntu 22.04, RHEL 9 (or a rebuild of it), or newer',
  judge: ({ os: found }) => {
    const seen = found.name || 'unknown';
    const first = KNOWN.find(([id]) => id === found.id)?.[1];
    if (first !== undefined && Number.parseFloat(found.version) >= first) return { status: 'ok', seen };
    return {
      status: 'warning',
      seen,
      code: 'PREFLIGHT_OS',
      remedy: 'Bringup was not tried on this system. Go on with care, or use one of those named.',
    };
  },
};

/** Processor: the image is built for x86_64; fewer cores than virtual CPUs only make it slow. */
export const cpu: Check = {
  id: 'cpu',
  title: 'Processor',
  wanted: ({ cpus }) => `x86_64 with ${plural(cpus, 'CPU')}`,
  judge: ({ cpu: found }, { cpus }) => {
    const seen = `${found.arch || 'unknown'}, ${plural(found.count, 'CPU')}${found.model === '' ? '' : `, ${found.model}`}`;
    if (found.arch !== 'x86_64') {
      const remedy = 'Use a KVM host with an x86_64 processor: the deployment VM is built for it.';
      return { status: 'failed', seen, code: 'PREFLIGHT_CPU_ARCHITECTURE', remedy };
    }
    if (found.count >= cpus) return { status: 'ok', seen };
    const remedy = `The deployment VM will be slow. Set deployment_vm.cpus to ${found.count} or use a larger host.`;
    return { status: 'warning', seen, code: 'PREFLIGHT_CPU_COUNT', remedy };
  },
};

/** Free memory; a deployment VM that runs already has taken its own. */
export const memory: Check = {
  id: 'memory',
  title: 'Free memory',
  wanted: ({ memoryMib }) => `${memoryMib} MiB for the deployment VM and ${RESERVE_MIB} MiB to spare`,
  judge: ({ memory: found, vm }, { memoryMib }) => {
    const seen = `${found.available} of ${found.total} MiB available`;
    if (vm.running) return { status: 'ok', seen: `${seen}, the deployment VM runs already` };
    if (found.available >= memoryMib + RESERVE_MIB) return { status: 'ok', seen };
    return {
      status: 'failed',
      seen,
      code: 'PREFLIGHT_MEMORY',
      remedy:
        'Stop other guests on the KVM host (virsh list), or lower deployment_vm.memory_mib in the site file.',
    };
  },
};

/** The clocks of the KVM host and the laptop; certificates and logs suffer from a wrong one. */
export const clock: Check = {
  id: 'clock',
  title: 'Clock against the laptop',
  wanted: () => 'at most 2 s apart',
  judge: ({ clock: found }: Facts): Verdict => {
    // What the round trip leaves open is given in favour of the host.
    const apart = Math.max(0, Math.abs(found.ahead) - found.uncertainty);
    const seen = `${Math.abs(found.ahead).toFixed(1)} s ${found.ahead < 0 ? 'behind' : 'ahead'} (± ${found.uncertainty.toFixed(1)} s)`;
    if (apart <= 2) return { status: 'ok', seen };
    const remedy =
      'Check first which of the two is wrong. Set the clock of the KVM host by NTP (timedatectl set-ntp true) or by hand: date -s @SECONDS';
    return apart <= 60
      ? { status: 'warning', seen, code: 'PREFLIGHT_CLOCK', remedy }
      : { status: 'failed', seen, code: 'PREFLIGHT_CLOCK', remedy };
  },
};

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
