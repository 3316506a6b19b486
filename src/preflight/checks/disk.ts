import type { Check, Facts, PreflightInput, Verdict } from '../types.ts';

/** Upload, OVA and the conversion between them; three times a base image of some 500 MB, rounded up. */
export const WORK_MIB = 3072;

/** Room for the deployment VM's disk; what its disk already takes counts as free. */
export const storage: Check = {
  id: 'disk',
  title: 'Free disk for the deployment VM',
  wanted: (input) => `${input.diskGib} GiB in ${input.storage}`,
  judge: (facts, input) => {
    const shared = facts.storage.device === facts.work.device;
    const needed = input.diskGib * 1024 + (shared ? workNeeded(facts) : 0) - facts.vm.disk;
    return compare(facts.storage.free, needed, facts.storage.at, facts.storage.device, input);
  },
};

/** Room for Bringup's own files, when they lie on another disk. */
export const work: Check = {
  id: 'work-disk',
  title: "Free disk for Bringup's files",
  wanted: () => `${gib(WORK_MIB)} GiB in /var/lib/bringup`,
  judge: (facts, input) => {
    if (facts.storage.device === facts.work.device) {
      return { status: 'ok', seen: 'on the disk of the deployment VM, counted there' };
    }
    return compare(facts.work.free, workNeeded(facts), facts.work.at, facts.work.device, input);
  },
};

function workNeeded(facts: Facts): number {
  return Math.max(0, WORK_MIB - facts.work.used);
}

function compare(free: number, needed: number, at: string, device: string, input: PreflightInput): Verdict {
  const seen = `${gib(free)} GiB free in ${at} (${device})`;
  if (free >= needed) return { status: 'ok', seen };
  return {
    status: 'failed',
    seen: `${seen}, ${gib(needed)} GiB needed`,
    code: 'PREFLIGHT_DISK',
    remedy: `Free at least ${gib(needed - free)} GiB on that disk, choose another folder by kvm_host.storage, or lower deployment_vm.disk_gib (now ${input.diskGib}).`,
  };
}

/** One decimal, rounded up, so that what is asked for is enough. */
function gib(mib: number): string {
  return (Math.ceil((mib / 1024) * 10) / 10).toFixed(1);
}
