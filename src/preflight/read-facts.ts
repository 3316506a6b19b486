import type { Disk, Facts, GuestProbe } from './types.ts';

/** What was learned before the facts script ran. */
export type Access = Pick<Facts, 'login' | 'sudo' | 'forwarding' | 'clock'>;

/** Reads the `key=value` lines of the facts script. What is missing there becomes empty or 0. */
export function readFacts(output: string, access: Access): Facts {
  const lines = new Map<string, string>();
  for (const line of output.split('\n')) {
    const cut = line.indexOf('=');
    if (cut > 0) lines.set(line.slice(0, cut), line.slice(cut + 1).trim());
  }
  const text = (key: string): string => lines.get(key) ?? '';
  const number = (key: string): number => Number.parseInt(text(key), 10) || 0;
  const disk = (key: string): Disk => ({
    at: text(`${key}_at`),
    device: text(`${key}_device`),
    free: number(`${key}_free`),
  });
  const probe = (key: string): GuestProbe | undefined =>
    lines.has(`${key}_code`) ? { code: number(`${key}_code`), text: text(`${key}_text`) } : undefined;
  const kind = text('bridge');
  const [kvm, tcg] = [probe('kvm'), probe('tcg')];
  return {
    ...access,
    os: { id: text('os_id'), like: text('os_like'), version: text('os_version'), name: text('os_name') },
    cpu: { arch: text('arch'), count: number('cpus'), model: text('cpu_model'), virt: text('cpu_virt') },
    memory: { total: number('memory_total'), available: number('memory_available') },
    vm: { running: text('vm_state') === 'running', disk: number('vm_disk') },
    storage: disk('storage'),
    work: { ...disk('work'), used: number('work_used') },
    libvirt: lines.has('libvirt_code')
      ? { code: number('libvirt_code'), text: text('libvirt_text') }
      : { code: 127, text: 'virsh is not installed' },
    bridge: {
      kind: kind === 'bridge' || kind === 'other' ? kind : 'missing',
      state: text('bridge_state'),
      addresses: text('bridge_addresses'),
      others: text('bridges'),
    },
    firmware: text('firmware'),
    tools: text('tools').split(' ').filter(Boolean),
    ansible: {
      core: text('ansible_core'),
      runner: lines.has('ansible_runner_program') ? text('ansible_runner') || 'present' : '',
    },
    qemu: text('qemu'),
    kvmDevice: lines.has('kvm_device'),
    probes: { ...(kvm === undefined ? {} : { kvm }), ...(tcg === undefined ? {} : { tcg }) },
  };
}
