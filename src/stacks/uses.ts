import { PREFLIGHT_STAGE, UPLOAD_STAGE } from './plan.ts';
import type { Stack } from './schema.ts';

/** Everything of a site file that can make a difference to a playbook; who to call at the site cannot. */
const ALL = [
  ...['site.name', 'site.domain', 'site.timezone', 'networks', 'services', 'kvm_host', 'deployment_vm'],
  ...['hosts', 'parameters', 'hardware'],
];

const OWN: Readonly<Record<string, readonly string[]>> = {
  [PREFLIGHT_STAGE]: [
    ...['kvm_host', 'deployment_vm.memory_mib', 'deployment_vm.disk_gib', 'deployment_vm.cpus'],
    'deployment_vm.name',
  ],
  [UPLOAD_STAGE]: [
    'site.name',
    'kvm_host.address',
    'deployment_vm.base_image',
    'deployment_vm.packages',
    'bundle',
  ],
};

/**
 * Dotted paths of the site file that a stage depends on: its own `uses`, else everything. `hardware` stands for what was
 * discovered of the hosts.
 */
export function usesOf(stack: Stack, stage: string): readonly string[] {
  if (stage === UPLOAD_STAGE)
    return [...(OWN[stage] ?? []), ...stack.stages.flatMap(({ files = [] }) => files)];
  return OWN[stage] ?? stack.stages.find(({ id }) => id === stage)?.uses ?? ALL;
}
