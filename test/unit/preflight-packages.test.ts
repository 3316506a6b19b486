import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { archiveVerdict, unpackAndInstall } from '../../src/preflight/install-archive.ts';
import { APT } from '../../src/preflight/packages.ts';

const NAMES = ['ansible', 'xorriso'];

describe('the package list of the KVM host', () => {
  it('is what preflight may have to install there', async () => {
    const text = await readFile(new URL('../../playbooks/images/kvm-host.packages', import.meta.url), 'utf8');
    const listed = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(listed).toEqual([...new Set(Object.values(APT.names))].sort());
  });
});

describe('installing from a package archive', () => {
  const archive = { path: '/laptop/kvm host.tar', sha256: 'ab'.repeat(32), script: 'exit 0' };

  it('unpacks the upload into a folder of its own and removes it in any case', () => {
    const command = unpackAndInstall(archive, NAMES);
    const folder = '/var/lib/bringup/packages-abababababab';
    expect(command).toContain(`trap 'rm -rf ${folder}' EXIT`);
    expect(command).toContain(
      `tar -xf '/var/lib/bringup/upload/${archive.sha256}/kvm host.tar' -C ${folder}`,
    );
    expect(command).toContain(`sh ${folder}/install-packages.sh ${folder} ansible xorriso`);
  });

  it('says what was installed', () => {
    expect(archiveVerdict(0, ['Setting up xorriso', 'installed: ansible xorriso'], NAMES)).toEqual({
      status: 'ok',
      seen: 'installed from the package archive: ansible xorriso',
    });
  });

  it.each([
    ['PACKAGES_WRONG_SYSTEM', 'PACKAGES_WRONG_SYSTEM', 'by hand'],
    ['PACKAGES_INCOMPLETE', 'PACKAGES_INCOMPLETE', 'Build the archive anew'],
    ['PACKAGES_ARCHIVE', 'PACKAGES_ARCHIVE', 'Build the archive anew'],
    ['PACKAGES_DISK_FULL', 'PREFLIGHT_DISK', 'Free space'],
    ['PACKAGES_INSTALL', 'PACKAGES_INSTALL', 'Read what apt said'],
  ])('turns %s into a failed check with code %s and a remedy', (said, code, remedy) => {
    const verdict = archiveVerdict(3, ['Get:1 file', `${said}: it is so`], NAMES);
    expect(verdict).toMatchObject({ status: 'failed', seen: 'it is so', code });
    expect(verdict.remedy).toContain(remedy);
  });

  it('quotes the complaints of apt, wherever they stand, and not its routine', () => {
    const last = [
      'Reading package lists...',
      ' perl : Depends: perl-base (= 5.36.0-7+deb12u1) but 5.36.0-7+deb12u2 is to be installed',
      'PACKAGES_INCOMPLETE: the archive does not do',
      'E: Unable to correct problems, you have held broken packages.',
    ];
    expect(archiveVerdict(3, last, NAMES).seen).toBe(
      `the archive does not do / ${last[1]?.trim()} / ${last[3]}`,
    );
  });

  it('shows the last lines where the script itself was cut short', () => {
    expect(archiveVerdict(null, ['tar: This does not look like a tar archive'], NAMES)).toMatchObject({
      status: 'failed',
      code: 'PREFLIGHT_INSTALL',
      seen: 'tar: This does not look like a tar archive',
    });
  });
});
