import { describe, expect, it } from 'vitest';
import { credentialUses, misfit } from '../../src/app/credentials-uses.ts';
import { stageCredentials } from '../../src/app/stage-credentials.ts';
import type { LoginKind } from '../../src/contract/events.ts';
import { parseStack, planStages } from '../../src/stacks/index.ts';
import { changed, siteOf, SITE } from './site-example.ts';

const OME = 'parameters: {ome: {mode: existing, address: 10.20.0.40, credential: ome-admin}}\n';
const RKE2 =
  'parameters: {rke2: {credential: token, registries: [{name: a, endpoints: [x]}, {name: b, endpoints: [x], credential: pull}]}}\n';
const WITHOUT = siteOf();
const WITH = siteOf(
  `${changed('bmc: {address: 10.20.1.12, credential: idrac}', 'bmc: {address: 10.20.1.12, credential: idrac-2}')}${OME}`,
);

function given(logsInTo: readonly LoginKind[], site = WITH): string[] {
  return stageCredentials({ runs_on: 'deployment-vm', logs_in_to: logsInTo }, site);
}

describe('a stage on the deployment VM', () => {
  it('gets the credentials of the target servers, and no other', () => {
    expect(stageCredentials({ runs_on: 'deployment-vm' }, WITH)).toEqual(['node']);
  });

  it('gets each kind that it names, every BMC its own, each name once', () => {
    expect(given(['kvm-host'])).toEqual(['node', 'kvm-host']);
    expect(given(['bmc'])).toEqual(['node', 'idrac', 'idrac-2']);
    expect(given(['bmc'], WITHOUT)).toEqual(['node', 'idrac']);
    expect(given(['ome', 'bmc'])).toEqual(['node', 'ome-admin', 'idrac', 'idrac-2']);
  });

  it('gets nothing for OpenManage Enterprise where the site has none', () => {
    expect(given(['ome'], WITHOUT)).toEqual(['node']);
  });
});

it('a stage on the KVM host gets no credential', () => {
  expect(stageCredentials({ runs_on: 'kvm-host', logs_in_to: ['bmc', 'ome'] }, WITH)).toEqual([]);
});

it('a plan tells whose credentials a stage needs; a kind that nobody knows is refused', () => {
  const stack = (kinds: string): string =>
    `stack: s\nversion: 1\nstages:\n  - {id: ome, title: OME, runs_on: deployment-vm, playbook: ome.yml, logs_in_to: [${kinds}]}\n`;
  const plan = planStages(
    parseStack(stack('ome, bmc'), 'stack.yaml'),
    {},
    { deploymentVm: 'deploy', targets: [] },
  );
  expect(plan.at(-1)?.logs_in_to).toEqual(['ome', 'bmc']);
  expect(() => parseStack(stack('oem'), 'stack.yaml')).toThrow(/logs_in_to/);
});

describe('the credential of OpenManage Enterprise', () => {
  it('counts among those that a site file wants', () => {
    expect(credentialUses(siteOf(`${SITE}${OME}`)).at(-1)).toEqual({
      name: 'ome-admin',
      target: 'ome',
      path: '$.parameters.ome.credential',
    });
  });

  it('is no surprise where the file is half written', () => {
    for (const parameters of [
      ...[{}, { ome: null }, { ome: 'yes' }, { ome: { credential: 7 } }],
      ...[{ rke2: null }, { rke2: { registries: 'all' } }, { rke2: { registries: [null, 7] } }],
    ])
      expect(credentialUses({ parameters })).toEqual([]);
  });

  it('is a password with a user name', () => {
    const uses = [{ target: 'ome', path: '$.parameters.ome.credential' }] as const;
    expect(misfit({ username: 'admin', password: 'long-enough' }, uses)).toBeUndefined();
    expect(misfit({ password: 'long-enough' }, uses)).toContain('OpenManage Enterprise wants a user name');
    expect(misfit({ username: 'admin', privateKey: 'PEM' }, uses)).toContain('takes a password');
  });
});

describe('the credentials of a cluster', () => {
  it('are the token and the logins of its registries, given to the stage that names them', () => {
    const site = siteOf(`${SITE}${RKE2}`);
    expect(given(['registry', 'rke2'], site)).toEqual(['node', 'pull', 'token']);
    expect(given(['registry', 'rke2'])).toEqual(['node']);
    expect(credentialUses(site).slice(-2)).toEqual([
      { name: 'pull', target: 'registry', path: '$.parameters.rke2.registries[1].credential' },
      { name: 'token', target: 'rke2', path: '$.parameters.rke2.credential' },
    ]);
  });

  it('are a password: a token alone, a registry with its user', () => {
    const of = (target: 'registry' | 'rke2') => [{ target, path: '$' }];
    expect(misfit({ password: 'long-enough' }, of('rke2'))).toBeUndefined();
    expect(misfit({ privateKey: 'PEM' }, of('rke2'))).toContain('is a password');
    expect(misfit({ password: 'long-enough' }, of('registry'))).toContain('A registry wants a user name');
  });
});
