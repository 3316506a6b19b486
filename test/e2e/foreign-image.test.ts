import { execa } from 'execa';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckResult, RunEvent } from '../../src/contract/events.ts';
import type { RemoteConnection } from '../../src/remote/index.ts';
import { createLaptop } from '../faults/laptop.ts';
import { linkCut } from '../faults/link-faults.ts';
import { playOf } from '../faults/moments.ts';
import { tryInTurn, type Fault } from '../faults/trial.ts';
import { apply, bringup, type Applied } from './support/cli.ts';
import { foreignImage, packageArchive, type CheckedFile } from './support/foreign-image.ts';
import { changedSite, login, openLab, type Lab } from './support/lab.ts';
import { told } from './support/told.ts';

let home: string;
let lab: Lab;
let kvmHost: RemoteConnection;
let vmArchive: CheckedFile;
let hostArchive: CheckedFile;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'bringup-home-'));
  lab = await openLab(home);
  kvmHost = await login('198.18.20.5', lab.credentials['lab/kvm-host']!);
  [vmArchive, hostArchive] = [await packageArchive('debian-12'), await packageArchive('kvm-host')];
});

afterAll(async () => {
  kvmHost?.close();
  await rm(home, { recursive: true, force: true });
});

describe('a KVM host without Ansible', () => {
  /** Preflight only: the bridge of this site does not exist. The lab has no way to a mirror, so nothing comes from there. */
  const preflight = async (packages: CheckedFile, ...flags: string[]) => {
    const site = await changedSite(lab, { 'kvm_host.bridge': 'br-none', 'kvm_host.packages': packages });
    return apply(['apply', site, ...flags], home);
  };
  const check = ({ events }: Applied, id: string): CheckResult | undefined =>
    events.flatMap((event) =>
      event.kind === 'host.result' && event.check?.id === id ? [event.check] : [],
    )[0];

  it('is told so, with the option that mends it', async () => {
    await kvmHost.sudo('dpkg --purge --force-depends ansible-core ansible python3-ansible-runner xorriso');
    const result = await preflight(hostArchive);
    expect(check(result, 'install')).toBeUndefined();
    expect(check(result, 'ansible')).toMatchObject({
      status: 'failed',
      remedy: expect.stringContaining('--install-missing'),
    });
  });

  it('does not get it from an archive that lacks it', async () => {
    const result = await preflight(vmArchive, '--install-missing');
    expect(check(result, 'install')).toMatchObject({ status: 'failed', code: 'PACKAGES_INCOMPLETE' });
    expect(check(result, 'install')?.seen).toMatch(/E: .*package '?xorriso/i);
    expect(result.failures.map((record) => record.why.key)).toContain('packages.incomplete');
    expect(check(result, 'tools')?.seen).toBe('missing: xorriso');
  });

  it('does not take an archive whose checksum is another than in the site file', async () => {
    const result = await preflight({ ...hostArchive, sha256: '0'.repeat(64) }, '--install-missing');
    expect(result.failures[0]?.why.key).toBe('packages.checksum_mismatch');
    expect(told(result)).toContain('kvm_host.packages.sha256');
  });

  it('gets it from its archive, and then passes the check', async () => {
    const result = await preflight(hostArchive, '--install-missing');
    expect(check(result, 'install')).toMatchObject({ status: 'ok' });
    expect(check(result, 'install')?.seen).toBe(
      'installed from the package archive: ansible python3-ansible-runner xorriso',
    );
    expect(check(result, 'tools')?.status).toBe('ok');
    expect(check(result, 'ansible')?.status).toBe('ok');
    expect(result.failures.map((record) => record.why.key)).toEqual(['libvirt.bridge_missing']);
    const left = await kvmHost.sudo('ls /var/lib/bringup');
    expect(left.stdout).not.toMatch(/packages/);
  });
});

describe('a cloud image without the programs of later stages', () => {
  const site = async (changes: Readonly<Record<string, unknown>>): Promise<string> =>
    changedSite(lab, { 'deployment_vm.base_image': await foreignImage(), ...changes });

  it('is named as such where the site file has no package archive', async () => {
    await apply(['apply', lab.siteFile, '--destroy'], home);
    const result = await apply(['apply', await site({})], home);
    expect(result.failures[0]?.why.key).toBe('packages.programs_missing');
    expect(told(result)).toMatch(/missing: .*ansible-runner.*chronyd.*dnsmasq/);
    expect(told(result)).toContain('playbooks/images/build-packages.sh');
  });

  it('refuses an archive that is for another system, before anything is sent', async () => {
    const folder = await mkdtemp(path.join(home, 'other-'));
    await execa('sh', [
      '-euc',
      'tar -x -f "$1" -C "$2" Release wanted.list Packages; cd "$2"; sed -i "s/^Codename:.*/Codename: trixie/; s/^Label:.*/Label: Debian 13 (trixie)/" Release; tar -c -f other.tar Release wanted.list Packages',
      'sh',
      vmArchive.path,
      folder,
    ]);
    const file = path.join(folder, 'other.tar');
    const sha256 = (await execa('sha256sum', [file])).stdout.split(' ')[0];
    const result = await apply(
      ['apply', await site({ 'deployment_vm.packages': { path: file, sha256 } })],
      home,
    );
    expect(result.failures[0]?.why.key).toBe('packages.wrong_system');
    expect(told(result)).toContain(
      'The package archive is for Debian 13 (trixie), and the base image is Debian GNU/Linux 12 (bookworm)',
    );
  });

  it('comes up with them from the archive, for an app that is killed in both stages and whose cable is out for 5 s, and no event is lost or doubled', async () => {
    const file = await site({ 'deployment_vm.packages': vmArchive });
    const laptop = { ...(await createLaptop()), siteFile: file };
    try {
      const trials = await tryInTurn(
        laptop,
        ['apply', file],
        [killedAt(playOf('deployment-vm')), killedAt(playOf('network-services')), linkCut(laptop, 5)],
      );
      expect(trials.flatMap(({ wrong }) => wrong)).toEqual([]);
      expect(trials.map(({ end }) => end)).toEqual(['resumed', 'resumed', 'by itself']);
      const { stdout } = await bringup(['show', '--json'], laptop.home);
      const { stages } = JSON.parse(stdout) as { stages: { id: string; status: string }[] };
      expect(stages.map(({ id, status }) => `${id} ${status}`)).toEqual([
        'kvm-host-preflight ok',
        expect.stringMatching(/^upload (ok|changed)$/),
        'deployment-vm changed',
        'network-services changed',
      ]);
    } finally {
      await laptop.dispose();
    }
    const accessKey = await kvmHost.readFile('/var/lib/bringup/sites/lab/ssh/access_ed25519', { sudo: true });
    const vm = await login(
      '198.18.20.10',
      { username: 'bringup', privateKey: accessKey.toString() },
      kvmHost,
    );
    const seen = await vm.sudo(
      'systemctl is-active lldpd rsyslog; systemctl is-enabled lldpd rsyslog; ls -A /var/lib/bringup/packages; ls /usr/sbin/policy-rc.d',
    );
    vm.close();
    expect(seen.stdout.split('\n').filter(Boolean)).toEqual(['inactive', 'inactive', 'disabled', 'disabled']);
  });
});

/** The quickest of the faults that `npm run faults` tries: see docs/reliability.md. */
const killedAt = (at: (event: RunEvent) => boolean): Fault => ({
  ...{ at, keys: [], killed: true },
  inject: (app) => app.kill(),
});
