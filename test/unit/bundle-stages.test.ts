import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { credentialUses, misfit } from '../../src/app/credentials-uses.ts';
import { stageCredentials } from '../../src/app/stage-credentials.ts';
import { compareInputs, findStale } from '../../src/runs/stale.ts';
import { parseStack, resolvePlan, usesOf } from '../../src/stacks/index.ts';
import { changed, siteOf } from './site-example.ts';

const FILE = new URL('../../playbooks/stacks/dell-rke2/stack.yaml', import.meta.url);
const STACK = parseStack(readFileSync(FILE, 'utf8'), 'stack.yaml');
const OURS = ['repository', 'logging', 'logging-kvm-host'];

/** The example with these services besides its own, without the network tests. */
function siteWith(...services: string[]) {
  const lines = services.map((line) => `  ${line}\n`).join('');
  return siteOf(`${changed('  dhcp: {', `${lines}  dhcp: {`)}parameters: {network_tests: false}\n`);
}

const SHARE = 'repository: {mode: managed, protocols: [smb], credential: share}';
const planOf = (...services: string[]) => {
  const { stages, skipped } = resolvePlan(STACK, siteWith(...services));
  return {
    stages: stages.filter(({ id }) => OURS.includes(id)),
    skipped: skipped.filter(({ id }) => OURS.includes(id)).map(({ id, reason }) => `${id}: ${reason}`),
  };
};

describe('repository and logs as stages', () => {
  it('are part of no plan of a site that does not name them, and the plan says why', () => {
    expect(planOf()).toEqual({
      stages: [],
      skipped: [
        'repository: services.repository.mode is none, not managed or existing',
        'logging: services.logging.mode is none, not managed or existing',
        'logging-kvm-host: services.logging.mode is none, not managed or existing',
      ],
    });
  });

  it('come one after the other, each in both modes', () => {
    const both = planOf(SHARE, 'logging: {mode: existing, server: 10.20.0.9}').stages;
    expect(both.map(({ id, after, hosts }) => [id, after, hosts])).toEqual([
      ['repository', ['network-services'], ['deploy', 'node-1', 'node-2']],
      ['logging', ['network-services', 'repository'], ['deploy', 'node-1', 'node-2']],
      ['logging-kvm-host', ['logging'], ['kvm-host']],
    ]);
    expect(both[0]?.reason).toBe('services.repository.mode is managed or existing');
    const logs = planOf('logging: {mode: managed}').stages;
    expect(logs.map(({ id, after }) => [id, after])).toEqual([
      ['logging', ['network-services']],
      ['logging-kvm-host', ['logging']],
    ]);
  });

  it('get the credential of the share where the deployment VM gives it, and only there', () => {
    const site = siteWith(SHARE);
    const [repository] = planOf(SHARE).stages;
    expect(stageCredentials(repository!, site)).toEqual(['node', 'share']);
    const existing = siteWith('repository: {mode: existing, url: "http://x/", credential: share}');
    expect(stageCredentials(repository!, existing)).toEqual(['node']);
    const [use] = credentialUses(site).filter(({ name }) => name === 'share');
    expect(use).toEqual({ name: 'share', target: 'repository', path: '$.services.repository.credential' });
    expect(misfit({ password: 'x' }, [use!])).toBe(
      'The share of the repository wants a user name with the password; none is stored.',
    );
  });
});

describe('a bundle with other files', () => {
  it('makes stale what was built on the earlier one', () => {
    const told = (bundle?: string) => ({ site: {}, hashes: bundle === undefined ? {} : { bundle } });
    expect(STACK.stages.map(({ id }) => id).filter((id) => usesOf(STACK, id).includes('bundle'))).toEqual([
      'repository',
    ]);
    expect(usesOf(STACK, 'upload')).toContain('bundle');
    expect(compareInputs(told('none'), told('ab'))).toEqual([{ path: 'bundle' }]);
    expect(compareInputs(told('ab'), told()), 'one that cannot be read now says nothing').toEqual([]);
    const stage = { id: 'repository', title: 'x', runs_on: 'deployment-vm' as const, after: [], hosts: [] };
    const known = { status: 'ok', inputs: told('ab') };
    const state = { stages: new Map([['repository', known]]) } as unknown as Parameters<typeof findStale>[0];
    expect(findStale(state, [stage], new Map([['repository', told('cd')]]))).toMatchObject([
      { stage: 'repository', why: 'the bundle has other files' },
    ]);
  });
});
