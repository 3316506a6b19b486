import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keptOmeCertificate } from '../../src/app/ome-certificate.ts';
import { parseStack, planStages, stageFiles, usesOf } from '../../src/stacks/index.ts';

const FILE = new URL('../../playbooks/stacks/dell-rke2/stack.yaml', import.meta.url);
const STACK = parseStack(readFileSync(FILE, 'utf8'), 'stack.yaml');
const SHA256 = 'ab'.repeat(32);

const withOme = (ome: Record<string, unknown>) => ({
  services: { dns: { mode: 'managed' }, repository: { mode: 'none' }, logging: { mode: 'none' } },
  parameters: { ome: { address: '10.20.1.40', credential: 'ome', ...ome } },
});
const image = { path: 'images/ome.qcow2', sha256: SHA256 };

describe('files that a stage needs on the KVM host', () => {
  it('are those of stages that the site has, and of fields that it gives', () => {
    expect(stageFiles(STACK, withOme({ mode: 'deploy', image }))).toEqual([
      { field: 'parameters.ome.image', ...image },
    ]);
    expect(stageFiles(STACK, withOme({ mode: 'existing', image }))).toEqual([]);
    expect(stageFiles(STACK, {})).toEqual([]);
  });

  it('make the upload stale when they change', () => {
    expect(usesOf(STACK, 'upload')).toEqual(
      expect.arrayContaining(['deployment_vm.base_image', 'parameters.ome.image']),
    );
  });

  it('lie at a field of the site file, which a stack cannot say otherwise', () => {
    const stage = '{id: a, title: A, runs_on: kvm-host, playbook: a.yml, files: [/etc/passwd]}';
    expect(() => parseStack(`stack: x\nversion: 1\nstages: [${stage}]`, 'stack.yaml')).toThrow();
  });
});

describe('OpenManage Enterprise that is deployed', () => {
  const plan = (mode: string) =>
    planStages(STACK, withOme({ mode, image }), { deploymentVm: 'deploy', targets: ['node-1'] }).filter(
      ({ id }) => id.startsWith('ome'),
    );

  it('comes before it is logged in to, and is left out where the site has one', () => {
    expect(plan('deploy').map(({ id, runs_on }) => `${id} on ${runs_on}`)).toEqual([
      'ome-appliance on kvm-host',
      'ome on deployment-vm',
      'ome-discovery on deployment-vm',
    ]);
    expect(plan('deploy')[1]?.after).toContain('ome-appliance');
    expect(plan('existing').map(({ id }) => id)).toEqual(['ome', 'ome-discovery']);
  });

  /** What stage `ome` is given for a certificate, where the KVM host has kept `kept`. */
  async function given(ome: Record<string, unknown>, kept: string, code = 0): Promise<string | undefined> {
    const kvmHost = { sudo: async () => ({ code, stdout: kept, stderr: '' }) };
    const session = { kvmHost: async () => kvmHost, siteDir: () => '/var/lib/bringup/sites/plant-7' };
    return keptOmeCertificate(
      { runs_on: 'deployment-vm', logs_in_to: ['ome'] },
      session as unknown as Parameters<typeof keptOmeCertificate>[1],
      withOme(ome),
    );
  }

  it('is logged in to by the certificate that it first showed the KVM host', async () => {
    expect(await given({ mode: 'deploy' }, `${SHA256}\n`)).toBe(SHA256);
    expect(await given({ mode: 'deploy' }, 'cat: no such file', 1)).toBeUndefined();
    expect(await given({ mode: 'deploy' }, 'half a fingerpr')).toBeUndefined();
  });

  it('is judged by the site file alone where that vouches for it, or where it was taken over', async () => {
    expect(await given({ mode: 'deploy', certificate: 'cd'.repeat(32) }, SHA256)).toBeUndefined();
    expect(await given({ mode: 'deploy', ca: '-----BEGIN CERTIFICATE-----' }, SHA256)).toBeUndefined();
    expect(await given({ mode: 'existing' }, SHA256)).toBeUndefined();
  });
});
