import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderInventory, type HostFacts, type NormalisedSite } from '../../src/site/index.ts';
import { siteOf } from '../unit/site-example.ts';

interface InventoryList {
  readonly _meta: { readonly hostvars: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
}

const run = promisify(execFile);
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bringup-inventory-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function listed(
  site: NormalisedSite,
  facts?: ReadonlyMap<string, HostFacts>,
): Promise<InventoryList & Record<string, { hosts?: string[] }>> {
  const file = path.join(folder, 'inventory.yml');
  await writeFile(file, renderInventory(site, facts));
  const env = {
    ...process.env,
    ANSIBLE_INVENTORY_UNPARSED_FAILED: 'true',
    ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED: 'true',
  };
  const { stdout, stderr } = await run('ansible-inventory', ['-i', file, '--list'], {
    env,
    maxBuffer: 2 ** 26,
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as InventoryList & Record<string, { hosts?: string[] }>;
}

describe('ansible-inventory', () => {
  it('sees the groups, the addresses and the whole site', async () => {
    const site = siteOf();
    const list = await listed(site);
    expect(list['targets']?.hosts).toEqual(['node-1', 'node-2']);
    expect(list['role_rke2_server']?.hosts).toEqual(['node-1']);
    expect(list['network_mgmt']?.hosts?.toSorted()).toEqual(['deploy', 'kvm-host', 'node-1', 'node-2']);
    expect(list['service_dns']?.hosts).toEqual(['deploy']);
    expect(list['service_ntp']).toBeUndefined();
    const { hostvars } = list._meta;
    expect(hostvars['node-1']).toMatchObject({
      ansible_host: '10.20.0.11',
      ansible_user: 'admin',
      ansible_port: 22,
    });
    expect(hostvars['node-2']?.['bringup_host']).toEqual(site.hosts[1]);
    expect(hostvars['deploy']).toMatchObject({
      ansible_host: '10.20.0.10',
      bringup_networks: site.networks,
      bringup_services: site.services,
      bringup_kvm_host: site.kvm_host,
      bringup_deployment_vm: site.deployment_vm,
      bringup_hosts: site.hosts,
    });
  });

  it('reads every value back as it was, whatever words people use', async () => {
    const words = fc.oneof(
      // Braces may look like a template; those have a test of their own.
      fc.string({ minLength: 1, maxLength: 12 }).map((word) => word.replaceAll('{', '(')),
      fc.constantFrom(
        'yes',
        'Off',
        'n',
        '~',
        '=',
        '<<',
        '1_000',
        '0o17',
        '012',
        '1:30',
        '1e3',
        '.inf',
        '2026-11-21',
        '- a',
        '# b',
        'a: b',
        '*x',
        '&x',
        '!x',
        '%x',
        '@x',
        ' x ',
      ),
    );
    const parameters = Object.fromEntries(
      fc.sample(words, { numRuns: 400, seed: 7 }).map((word, index) => [`p${index}`, word]),
    );
    const { hostvars } = (await listed({ ...siteOf(), parameters }))._meta;
    expect(hostvars['node-1']?.['bringup_parameters']).toEqual(parameters);
  });

  it('takes hosts for hosts whatever they are called, and has the list of all in one place', async () => {
    const site = siteOf();
    const names = ['7', 'on', '0x1f', 'null', '1e3', 'constructor'];
    const hosts = names.map((name) => ({ ...site.hosts[1]!, name }));
    const list = await listed({ ...site, hosts }, new Map([['7', { profile: 'no', vars: { yes: 'no' } }]]));
    expect(list['targets']?.hosts).toEqual(names);
    expect(list._meta.hostvars['7']).toMatchObject({ bringup_host: hosts[0], yes: 'no' });
    const having = Object.entries(list._meta.hostvars).filter(([, vars]) => 'bringup_hosts' in vars);
    expect(having.map(([name]) => name)).toEqual(['deploy']);
  });

  it('does not evaluate what looks like a template', async () => {
    const site = siteOf();
    const text = "{{ lookup('pipe', 'id') }}";
    const { hostvars } = (await listed({ ...site, parameters: { motd: text } }))._meta;
    expect(hostvars['node-1']?.['bringup_parameters']).toEqual({ motd: { __ansible_unsafe: text } });
  });
});
