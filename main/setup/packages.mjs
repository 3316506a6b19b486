// Debian packages by what they are for; each list says why the machine needs it.

/** The lab: namespaces, containers with an init, the image recipe. */
export const LAB_PACKAGES = [
  'iproute2',
  'iputils-ping',
  'mmdebstrap',
  'systemd-container',
  'qemu-utils',
  'gdisk',
  'mtools',
  'dosfstools',
  'e2fsprogs',
  'openssh-client',
  'bind9-dnsutils',
  'openssl',
  'debian-archive-keyring',
  'ovmf',
  'python3',
];

/** The window without an Electron runtime. */
export const WINDOW_PACKAGES = ['chromium'];

/** Peers of the edge tests and the linters of the playbooks. */
export const TEST_PACKAGES = [
  'ansible',
  'python3-ansible-runner',
  'python3-urllib3',
  'ansible-lint',
  'yamllint',
  'openssh-server',
  'sudo',
  'curl',
  'sshpass',
  'dnsmasq-base',
  'chrony',
  'qemu-system-x86',
  'virt-v2v',
  'dbus-daemon',
  'gnome-keyring',
  'libsecret-1-0',
  'apache2',
  'samba',
  'smbclient',
  'rsyslog',
  'rsyslog-gnutls',
];
