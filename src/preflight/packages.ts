import type { Facts, Need } from './types.ts';

/** A way to install packages; names per need, one string may hold several. */
export interface PackageManager {
  readonly install: (packages: readonly string[]) => string;
  readonly names: Readonly<Record<Need, string>>;
}

/** Debian and what descends from it; package archives hold its packages. */
export const APT: PackageManager = {
  install: (packages) =>
    `export DEBIAN_FRONTEND=noninteractive; apt-get -q update && apt-get -q -y --no-install-recommends install ${packages.join(' ')}`,
  names: {
    ansible: 'ansible',
    'ansible-runner': 'python3-ansible-runner',
    libvirt: 'libvirt-daemon-system',
    'libvirt-clients': 'libvirt-clients',
    'openssh-client': 'openssh-client',
    ovmf: 'ovmf',
    python3: 'python3',
    qemu: 'qemu-system-x86',
    'qemu-img': 'qemu-utils',
    xorriso: 'xorriso',
  },
};

const DNF: PackageManager = {
  install: (packages) => `dnf -y install ${packages.join(' ')}`,
  names: {
    ansible: 'ansible-core',
    'ansible-runner': 'ansible-runner',
    libvirt: 'libvirt-daemon-kvm',
    'libvirt-clients': 'libvirt-client',
    'openssh-client': 'openssh-clients',
    ovmf: 'edk2-ovmf',
    python3: 'python3',
    qemu: 'qemu-kvm',
    'qemu-img': 'qemu-img',
    xorriso: 'xorriso',
  },
};

/** The package manager of the KVM host, or null where its distribution is not known. */
export function packageManagerOf({ os }: Pick<Facts, 'os'>): PackageManager | null {
  const family = `${os.id} ${os.like}`.split(' ');
  if (family.includes('debian') || family.includes('ubuntu')) return APT;
  if (family.includes('rhel') || family.includes('fedora')) return DNF;
  return null;
}

/** How an engineer mends the lack of something: the package names of this distribution and the option that installs them. */
export function installRemedy(facts: Pick<Facts, 'os'>, needs: readonly Need[]): string {
  const manager = packageManagerOf(facts);
  if (manager === null) return `Install on the KVM host: ${needs.join(', ')}.`;
  const names = packageNames(manager, needs).join(' ');
  return `Apply with --install-missing, or install on the KVM host: ${names}`;
}

/** Package names for needs, each once, in a stable order. */
export function packageNames(manager: PackageManager, needs: readonly Need[]): readonly string[] {
  return [...new Set(needs.map((need) => manager.names[need]))].sort();
}
