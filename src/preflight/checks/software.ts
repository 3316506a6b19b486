import { TOOLS } from '../facts-script.ts';
import { installRemedy } from '../packages.ts';
import type { Check, Facts, Need } from '../types.ts';

const NEED_OF: Readonly<Record<(typeof TOOLS)[number], Need>> = {
  python3: 'python3',
  'qemu-img': 'qemu-img',
  virsh: 'libvirt-clients',
  xorriso: 'xorriso',
  'ssh-keygen': 'openssh-client',
};

const CORE = { major: 2, minor: 14 } as const;

/** The programs the playbooks start on the KVM host. */
export const tools: Check = {
  id: 'tools',
  title: 'Programs',
  wanted: () => TOOLS.join(', '),
  missing: (facts) => lacking(facts).map((tool) => NEED_OF[tool]),
  judge: (facts) => {
    const lack = lacking(facts);
    if (lack.length === 0) return { status: 'ok', seen: 'all present' };
    const remedy = installRemedy(
      facts,
      lack.map((tool) => NEED_OF[tool]),
    );
    return { status: 'failed', seen: `missing: ${lack.join(', ')}`, code: 'PREFLIGHT_TOOLS', remedy };
  },
};

/** Ansible and its runner, which carry out every stage. */
export const ansible: Check = {
  id: 'ansible',
  title: 'Ansible',
  wanted: () => `ansible-core ${CORE.major}.${CORE.minor} or newer, and ansible-runner`,
  missing: (facts) => ansibleNeeds(facts),
  judge: (facts) => {
    const { core, runner } = facts.ansible;
    const seen = `ansible-core ${core || 'missing'}, ansible-runner ${runner || 'missing'}`;
    if (core !== '' && !isEnough(core)) {
      const remedy = `Replace ansible-core by ${CORE.major}.${CORE.minor} or newer on the KVM host.`;
      return { status: 'failed', seen, code: 'PREFLIGHT_ANSIBLE_OLD', remedy };
    }
    const needs = ansibleNeeds(facts);
    if (needs.length === 0) return { status: 'ok', seen };
    return { status: 'failed', seen, code: 'PREFLIGHT_ANSIBLE', remedy: installRemedy(facts, needs) };
  },
};

function lacking(facts: Facts): readonly (typeof TOOLS)[number][] {
  return TOOLS.filter((tool) => !facts.tools.includes(tool));
}

function ansibleNeeds({ ansible: { core, runner } }: Facts): readonly Need[] {
  return [
    ...(core === '' ? (['ansible'] as const) : []),
    ...(runner === '' ? (['ansible-runner'] as const) : []),
  ];
}

function isEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major > CORE.major || (major === CORE.major && minor >= CORE.minor);
}
