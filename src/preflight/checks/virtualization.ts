import { GUEST_TEXT } from '../boot-sector.ts';
import { installRemedy } from '../packages.ts';
import type { Check, Facts, GuestProbe, PreflightInput, Verdict, Virtualization } from '../types.ts';

const EMULATION_COST = 'Emulation works but computes about seven times slower';

/** Virtualisation, proved by a guest that ran; emulation only where the site file allows it. */
export const virtualization: Check = {
  id: 'virtualization',
  title: 'Virtualisation, proved by running a guest',
  wanted: ({ virtualization: mode }) =>
    mode === 'kvm'
      ? 'a guest runs by KVM'
      : mode === 'emulate'
        ? 'a guest runs by emulation'
        : 'a guest runs, best by KVM',
  missing: (facts) => (facts.qemu === '' ? ['qemu'] : []),
  judge: (facts, { virtualization: mode }) => {
    if (facts.qemu === '') {
      const remedy = installRemedy(facts, ['qemu']);
      return { status: 'failed', seen: 'QEMU is not installed', code: 'PREFLIGHT_QEMU', remedy };
    }
    if (!facts.sudo.ok) return { status: 'skipped', seen: 'cannot be tried without root rights' };
    if (mode !== 'emulate' && ran(facts.probes.kvm)) {
      return { status: 'ok', seen: `a probe guest ran by KVM and said ${GUEST_TEXT}` };
    }
    return mode === 'kvm' ? withoutKvm(facts) : emulated(facts, mode);
  },
};

/** How guests will run, by what was proved. */
export function provedVirtualization({ probes }: Facts, input: PreflightInput): Virtualization {
  return input.virtualization !== 'emulate' && ran(probes.kvm) ? 'kvm' : 'emulate';
}

function withoutKvm(facts: Facts): Verdict {
  return { status: 'failed', seen: reason(facts), code: 'PREFLIGHT_KVM', remedy: remedyFor(facts) };
}

function emulated(facts: Facts, mode: 'auto' | 'emulate'): Verdict {
  if (!ran(facts.probes.tcg)) {
    return {
      status: 'failed',
      seen: `${mode === 'auto' ? `${reason(facts)}; ` : ''}the emulated probe guest ${failure(facts.probes.tcg)}`,
      code: 'PREFLIGHT_EMULATION',
      remedy: 'Check the QEMU installation of the KVM host, its load and its free memory.',
    };
  }
  if (mode === 'emulate')
    return { status: 'ok', seen: `a probe guest ran by emulation and said ${GUEST_TEXT}` };
  return {
    status: 'warning',
    seen: `${reason(facts)}; a probe guest ran by emulation`,
    code: 'PREFLIGHT_EMULATED',
    remedy: `${EMULATION_COST}. ${remedyFor(facts)}`,
  };
}

function ran(probe: GuestProbe | undefined): boolean {
  return probe?.text.includes(GUEST_TEXT) === true;
}

function reason(facts: Facts): string {
  if (!facts.kvmDevice) {
    return facts.cpu.virt === ''
      ? 'no /dev/kvm, and the processor shows no virtualisation (vmx or svm)'
      : `no /dev/kvm, though the processor has ${facts.cpu.virt}`;
  }
  return `/dev/kvm exists, but the probe guest ${failure(facts.probes.kvm)}`;
}

function remedyFor(facts: Facts): string {
  if (facts.kvmDevice) {
    return 'KVM does not execute: where the KVM host is itself a guest, its own host must allow nested virtualisation.';
  }
  if (facts.cpu.virt === '')
    return 'Switch on virtualisation (Intel VT-x or AMD-V) in the BIOS of the KVM host.';
  return `Load the module on the KVM host: modprobe kvm_${facts.cpu.virt === 'svm' ? 'amd' : 'intel'}`;
}

function failure(probe: GuestProbe | undefined): string {
  if (probe === undefined) return 'was not run';
  if (probe.code === 124) return 'executed nothing in the time it was given';
  return `failed: ${probe.text || `QEMU ended with ${probe.code}`}`;
}
