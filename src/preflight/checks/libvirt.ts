import { installRemedy } from '../packages.ts';
import type { Check } from '../types.ts';

/** libvirt's system daemon answers. */
export const libvirt: Check = {
  id: 'libvirt',
  title: 'libvirt',
  wanted: () => 'virsh reaches qemu:///system',
  missing: (facts) => (facts.libvirt.code === 127 ? ['libvirt', 'libvirt-clients'] : []),
  judge: (facts) => {
    const { code, text } = facts.libvirt;
    if (code === 0) return { status: 'ok', seen: versionOf(text) };
    if (code === 127) {
      const remedy = installRemedy(facts, ['libvirt', 'libvirt-clients']);
      return { status: 'failed', seen: text, code: 'PREFLIGHT_LIBVIRT', remedy };
    }
    if (!facts.sudo.ok) return { status: 'skipped', seen: 'cannot be asked without root rights' };
    const seen = code === 124 ? 'libvirt did not answer within 10 s' : text;
    const remedy =
      'Start it on the KVM host: systemctl enable --now libvirtd (journalctl -u libvirtd says why it ended).';
    return { status: 'failed', seen, code: 'PREFLIGHT_LIBVIRT', remedy };
  },
};

/** The bridge the deployment VM is plugged into. */
export const bridge: Check = {
  id: 'bridge',
  title: 'Bridge',
  wanted: (input) => `a bridge ${input.bridge}, up`,
  judge: ({ bridge: found }, input) => {
    const others = found.others === '' ? 'there is no bridge' : `bridges there: ${found.others}`;
    if (found.kind === 'missing') {
      return {
        status: 'failed',
        seen: `no ${input.bridge}; ${others}`,
        code: 'PREFLIGHT_BRIDGE',
        remedy: `Correct kvm_host.bridge in the site file, or make ${input.bridge} on the KVM host with its network interface as a port.`,
      };
    }
    if (found.kind === 'other') {
      return {
        status: 'failed',
        seen: `${input.bridge} is an interface, not a bridge; ${others}`,
        code: 'PREFLIGHT_BRIDGE',
        remedy: `Name a bridge in kvm_host.bridge; guests cannot be plugged into ${input.bridge} itself.`,
      };
    }
    const seen = `${input.bridge}, ${found.state || 'state unknown'}, ${found.addresses || 'no IPv4 address'}`;
    if (found.state === 'up' || found.state === 'unknown') return { status: 'ok', seen };
    const remedy = `No port of ${input.bridge} has a link: check the cable, or bring it up: ip link set ${input.bridge} up`;
    return { status: 'warning', seen, code: 'PREFLIGHT_BRIDGE_DOWN', remedy };
  },
};

/** UEFI firmware for guests. */
export const firmware: Check = {
  id: 'ovmf',
  title: 'UEFI firmware for guests (OVMF)',
  wanted: () => 'OVMF without Secure Boot',
  missing: (facts) => (facts.firmware === '' ? ['ovmf'] : []),
  judge: (facts) => {
    if (facts.firmware !== '') return { status: 'ok', seen: facts.firmware };
    return {
      status: 'failed',
      seen: 'not installed',
      code: 'PREFLIGHT_OVMF',
      remedy: installRemedy(facts, ['ovmf']),
    };
  },
};

function versionOf(text: string): string {
  const daemon = /daemon:?\s+([\d.]+)/i.exec(text)?.[1];
  const qemu = /hypervisor: QEMU ([\d.]+)/i.exec(text)?.[1];
  return `libvirt ${daemon ?? 'answers'}${qemu === undefined ? '' : `, QEMU ${qemu}`}`;
}
