import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkStored, neededCredentials, withCredentials } from '../../src/app/credentials-missing.ts';
import { BringupError } from '../../src/contract/errors.ts';
import type { CredentialStore } from '../../src/contract/ports.ts';
import { parseStack, resolvePlan } from '../../src/stacks/index.ts';
import { siteOf } from './site-example.ts';

const STACK = parseStack(
  readFileSync(new URL('../../playbooks/stacks/dell-rke2/stack.yaml', import.meta.url), 'utf8'),
  'stack.yaml',
);
const site = siteOf();
const plan = resolvePlan(STACK, site);
const server = { runs_on: 'deployment-vm' } as const;

function storeOf(names: readonly string[]): CredentialStore {
  return {
    get: async (name) => (names.includes(name) ? { password: 'not to be seen' } : null),
    set: async () => undefined,
    list: async () => [...names],
    delete: async () => false,
  };
}

describe('the credentials that a run needs', () => {
  it('are that of the KVM host and those of its stages', () => {
    expect(neededCredentials(site, [{ runs_on: 'kvm-host' }])).toEqual(['kvm-host']);
    expect(neededCredentials(site, [server])).toEqual(['kvm-host', 'node']);
    expect(neededCredentials(site, [{ ...server, logs_in_to: ['bmc'] }])).toEqual([
      'kvm-host',
      'node',
      'idrac',
    ]);
  });

  it('stand in the way of the plan where they are not stored', async () => {
    const { blockers, ready } = await withCredentials(storeOf(['kvm-host', 'idrac']), plan, site);
    expect(ready).toBe(false);
    expect(blockers).toEqual([
      {
        code: 'credential.missing',
        message: 'No credential node is stored.',
        remedy: 'Store it with: bringup credentials set node',
      },
      ...plan.blockers,
    ]);
    const needed = neededCredentials(site, plan.stages);
    expect(await withCredentials(storeOf(needed), plan, site)).toBe(plan);
  });

  it('are told once where the store cannot be read', async () => {
    const locked = new BringupError({ code: 'X', message: 'The keychain is locked.', hint: 'Unlock it.' });
    const store = { ...storeOf([]), get: async () => Promise.reject(locked) };
    const { blockers } = await withCredentials(store, plan, site);
    expect(blockers).toEqual([
      { code: 'credential.unknown', message: 'The keychain is locked.', remedy: 'Unlock it.' },
      ...plan.blockers,
    ]);
    await expect(checkStored(store, site, plan.stages)).resolves.toBeUndefined();
  });

  it('are wanted before a run begins, all in one sentence', async () => {
    await expect(checkStored(storeOf([]), site, [server])).rejects.toMatchObject({
      code: 'CREDENTIAL_MISSING',
      exit: 2,
      message: 'No credentials kvm-host, node are stored.',
      hint: 'Store them with: bringup credentials set kvm-host; bringup credentials set node',
    });
    await expect(checkStored(storeOf(['kvm-host', 'node']), site, [server])).resolves.toBeUndefined();
  });
});
