import type { Check } from '../types.ts';

/** Logged in at all: the run would not be here otherwise, but the tester wants to see it proved. */
export const login: Check = {
  id: 'login',
  title: 'Login over SSH',
  wanted: () => 'a login with the stored credential',
  judge: ({ login: { user } }) => ({ status: 'ok', seen: `logged in as ${user}` }),
};

/** Root rights: libvirt, its storage and Ansible need them. */
export const sudo: Check = {
  id: 'sudo',
  title: 'Root rights by sudo',
  wanted: () => 'the user may run commands as root',
  judge: ({ sudo: found }) =>
    found.ok
      ? { status: 'ok', seen: 'commands run as root' }
      : {
          status: 'failed',
          seen: found.text ?? 'sudo refused',
          code: found.code ?? 'SUDO_NOT_ALLOWED',
          ...(found.remedy === undefined ? {} : { remedy: found.remedy }),
        },
};

/** docs/decisions/001: the deployment VM is reached through the KVM host. */
export const forwarding: Check = {
  id: 'forwarding',
  title: 'TCP forwarding by sshd',
  wanted: () => 'sshd forwards connections to the deployment VM',
  judge: ({ forwarding: found }) =>
    found.ok
      ? { status: 'ok', seen: 'sshd forwards' }
      : {
          status: 'failed',
          seen: found.text,
          code: 'PREFLIGHT_FORWARDING',
          remedy: 'Set AllowTcpForwarding yes in /etc/ssh/sshd_config on the KVM host and reload sshd.',
        },
};
