import { quote } from '../remote/index.ts';
import { REMOTE_ROOT, uploadedPath } from './layout.ts';
import type { PackageArchive, Verdict } from './types.ts';

const SCRIPT = 'playbooks/images/build-packages.sh';

/** What the engineer does about each failure of install-packages.sh; a full disk is the same as one found too small before. */
const REMEDIES: Readonly<Record<string, { readonly code?: string; readonly remedy: string }>> = {
  PACKAGES_WRONG_SYSTEM: {
    remedy: `Install the packages by hand, or set the KVM host up with the system the archive is for; ${SCRIPT} makes archives for Debian 12 only.`,
  },
  PACKAGES_INCOMPLETE: {
    remedy: `Build the archive anew: ${SCRIPT} OUT.tar --list playbooks/images/kvm-host.packages. An archive that is older than the system on the KVM host may not fit it.`,
  },
  PACKAGES_DISK_FULL: {
    code: 'PREFLIGHT_DISK',
    remedy: 'Free space on the root file system of the KVM host, then apply again.',
  },
  PACKAGES_ARCHIVE: {
    remedy: `Build the archive anew: ${SCRIPT} OUT.tar --list playbooks/images/kvm-host.packages.`,
  },
};

/** The command that unpacks an uploaded archive, installs `names` by the script it gets as standard input, and tidies up. */
export function unpackAndInstall(archive: PackageArchive, names: readonly string[]): string {
  const folder = `${REMOTE_ROOT}/packages-${archive.sha256.slice(0, 12)}`;
  const script = `${folder}/install-packages.sh`;
  return `trap 'rm -rf ${folder}' EXIT
rm -rf ${folder}; mkdir -p ${folder} && cat >${script} || exit 1
tar -xf ${quote(uploadedPath(archive))} -C ${folder} || exit 1
sh ${script} ${folder} ${names.map(quote).join(' ')} 2>&1`;
}

/** What the package manager and tar complained about, their routine left out; the last lines where they did not complain. */
export function complaints(last: readonly string[]): readonly string[] {
  const found = errorLines(last);
  return found.length > 0 ? found : last.slice(-8);
}

function errorLines(lines: readonly string[]): readonly string[] {
  return lines
    .filter((line) => /^(E:|Error: |dpkg: error| .*Depends:|tar: )/.test(line))
    .map((line) => line.trim());
}

/** Judges how the installation ended by its exit code and its last lines; pure. */
export function archiveVerdict(
  exit: number | null,
  last: readonly string[],
  names: readonly string[],
): Verdict {
  if (exit === 0) return { status: 'ok', seen: `installed from the package archive: ${names.join(' ')}` };
  const said = /^(PACKAGES_[A-Z_]+): (.*)$/m.exec(last.join('\n'));
  const known = REMEDIES[said?.[1] ?? ''];
  return {
    status: 'failed',
    seen: (said?.[2] === undefined ? complaints(last) : [said[2], ...errorLines(last)]).join(' / '),
    code: known?.code ?? said?.[1] ?? 'PREFLIGHT_INSTALL',
    remedy:
      known?.remedy ??
      'Read what apt said, mend it on the KVM host, then apply again; install the packages by hand if that does not help.',
  };
}
