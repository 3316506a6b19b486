import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BringupError } from '../../src/contract/errors.ts';
import {
  networkOf,
  normaliseSite,
  openSite,
  parseSite,
  prefixLength,
  siteJsonSchema,
} from '../../src/site/index.ts';
import { changed, marked, problemsOf, SITE, siteOf } from './site-example.ts';

describe('a good site file', () => {
  it('has no problems, and every default is filled in', () => {
    const site = siteOf();
    expect(site.kvm_host).toMatchObject({
      port: 22,
      virtualization: 'auto',
      storage: '/var/lib/libvirt/images',
    });
    expect(site.deployment_vm).toMatchObject({ user: 'bringup', cpus: 4, memory_mib: 8192, disk_gib: 80 });
    expect(site.services.repository).toEqual({ mode: 'none', protocols: ['http'] });
    expect(site.services.logging).toEqual({ mode: 'none' });
    expect(site.networks[1]?.mtu).toBe(1500);
    expect(site.hosts[0]).toMatchObject({ profile: 'auto', ssh: { port: 22 } });
    expect(site.hosts[0]?.interfaces[0]?.mac).toBe('02:00:5e:00:00:11');
    expect(site.parameters).toEqual({});
  });

  it('may leave out services, hosts and parameters', () => {
    const text = SITE.replace(/services:[\s\S]*(?=kvm_host)/, '').replace(/hosts:[\s\S]*/, '');
    expect(siteOf(text)).toMatchObject({
      hosts: [],
      services: { dhcp: { mode: 'none' }, dns: { mode: 'managed', upstream: [] } },
    });
  });

  it('reads the same from bytes, with a byte order mark and with Windows line ends', () => {
    const bytes = new TextEncoder().encode(`\uFEFF${SITE.replaceAll('\n', '\r\n')}`);
    expect(parseSite({ file: 'site.yaml', bytes }).site).toEqual(siteOf());
  });

  it('may repeat a value with an anchor', () => {
    const text = changed(
      'bmc: {address: 10.20.1.12, credential: idrac}',
      'bmc: {address: 10.20.1.12, credential: *c}',
      changed('credential: idrac', 'credential: &c idrac'),
    );
    expect(siteOf(text)).toEqual(siteOf());
  });

  it('knows its networks by name', () => {
    expect(prefixLength(networkOf(siteOf(), 'oob').cidr)).toBe(24);
    expect(() => networkOf(siteOf(), 'storage')).toThrow('The site has no network named storage.');
  });

  it('can be normalised from data as well, without touching the data', () => {
    const written = { ...siteOf(), hosts: [{ name: 'node-9' }] };
    expect(normaliseSite(written).hosts).toEqual([
      { name: 'node-9', roles: [], profile: 'auto', interfaces: [] },
    ]);
    expect(written.hosts).toEqual([{ name: 'node-9' }]);
    expect(() => normaliseSite({ ...written, stack: 'No Stack' })).toThrow(BringupError);
  });
});

describe('a field that is wrong', () => {
  it.each([
    [
      'customer: ACME',
      '¦costumer: ACME',
      'SITE_UNKNOWN_FIELD site has no field "costumer". -> Did you mean customer?',
    ],
    ['vlan: 20', 'vlan: ¦5000', 'SITE_OUT_OF_RANGE networks[0].vlan must be between 1 and 4094, not 5000.'],
    [
      'vlan: 20',
      'vlan: ¦"20"',
      'SITE_WRONG_TYPE networks[0].vlan must be a whole number, not 20, which is text. -> Remove the quotes.',
    ],
    [
      'serial: ABC1234',
      'serial: ¦12E4567',
      'SITE_WRONG_TYPE hosts[0].serial must be text, not 12E4567, which is a number. -> Put it in quotes: "12E4567".',
    ],
    [
      'mode: existing',
      'mode: ¦exsting',
      'SITE_BAD_VALUE services.ntp.mode must be one of managed, existing, not "exsting". -> Did you mean existing?',
    ],
    [
      'ntp: {mode: existing, servers: [10.20.0.3]}',
      '¦ntp: {mode: existing}',
      'SITE_MISSING_FIELD services.ntp needs the field servers when its mode is existing.',
    ],
    [
      'address: 10.20.0.5',
      'address: ¦10.20.0.5/24',
      'SITE_BAD_ADDRESS kvm_host.address must be an IPv4 address, not "10.20.0.5/24". -> Write the address alone; the prefix length belongs to the network.',
    ],
    [
      'address: 10.20.0.5',
      'address: ¦fd00::5',
      'SITE_BAD_ADDRESS kvm_host.address must be an IPv4 address, not "fd00::5". -> This version of Bringup works with IPv4 only.',
    ],
    [
      'name: node-2',
      'name: ¦Node_2',
      'SITE_BAD_VALUE hosts[1].name must be a DNS label: 1 to 63 lower-case letters, digits and dashes, with no dash at either end, not "Node_2". -> For example "node-1".',
    ],
    ['  name: deploy\n', '  name:¦\n', 'SITE_WRONG_TYPE deployment_vm.name is empty, but must be text.'],
    [
      'apiVersion: bringup/v1',
      'apiVersion: ¦bringup.v1',
      'SITE_BAD_VALUE apiVersion must be "bringup/v1", not "bringup.v1".',
    ],
    [
      'apiVersion: bringup/v1',
      'apiVersion: ¦bringup/v2beta1',
      'SITE_NEWER_VERSION This site file is of the version "bringup/v2beta1", which is newer than bringup/v1. -> Update Bringup; an older Bringup cannot tell what the file means.',
    ],
    [
      'apiVersion: bringup/v1',
      'apiVersion: ¦bringup/v1beta1',
      'SITE_OLD_VERSION This site file is of the older version bringup/v1beta1; Bringup reads bringup/v1. -> Bring it up to date, comments and order kept, with: bringup validate --migrate site.yaml',
    ],
  ])('%s -> %s', (from, to, problem) => {
    const { text, at } = marked(from, to);
    expect(problemsOf(text)).toEqual([`${at} ${problem}`]);
  });

  it('is shown with its place in the data too', () => {
    const { problems } = parseSite({ file: 'plant-7.yaml', text: changed('"02:00:5E:00:00:21"', 'none') });
    expect(problems).toMatchObject([
      { severity: 'error', file: 'plant-7.yaml', path: '$.hosts[1].interfaces[0].mac', line: 34, column: 27 },
    ]);
  });

  it('never shows what may be a secret, and sends secrets to the keychain', () => {
    const text = changed('credential: kvm-host', 'credential: "Hunter2 is mine!", password: Hunter2');
    const problems = problemsOf(text);
    expect(problems.map((problem) => problem.split(' ')[1])).toEqual(['SITE_BAD_VALUE', 'SITE_SECRET']);
    expect(problems.join()).not.toContain('Hunter2');
    expect(problems[1]).toContain('bringup credentials set');
  });

  it('does not hide which stack is meant', () => {
    const { site, stack } = parseSite({ file: 'site.yaml', text: changed('vlan: 20', 'vlan: x') });
    expect({ site, stack }).toEqual({ site: undefined, stack: 'dell-rke2' });
  });

  it('is found once; the stack that the file names is then looked at too', () => {
    const opened = openSite({ file: 'site.yaml', text: changed('vlan: 20', 'vlan: x') });
    const roles = { 'rke2-server': { min: 1 } };
    const codes = (site: typeof opened, context = {}) => site.check(context).problems.map(({ code }) => code);
    expect(opened.stack).toBe('dell-rke2');
    expect(codes(opened)).toEqual(['SITE_WRONG_TYPE']);
    expect(codes(opened, { stack: { stack: 'dell-rke2', roles } })).toEqual([
      'SITE_WRONG_TYPE',
      'SITE_UNKNOWN_ROLE',
    ]);
  });

  it('does not hide the others: all problems come at once, in the order of the lines', () => {
    const text = changed(
      '10.20.0.12',
      '10.20.0.11',
      changed('gateway: 10.20.1.1', 'gatway: 10.20.1.1', changed('stack: dell-rke2', 'stack: ""')),
    );
    expect(problemsOf(text).map((problem) => problem.split(' ').slice(0, 2).join(' '))).toEqual([
      '4:8 SITE_BAD_VALUE',
      '7:37 SITE_UNKNOWN_FIELD',
      '34:72 SITE_DUPLICATE_ADDRESS',
    ]);
  });
});

describe('the published schema', () => {
  it('is the one the code uses', () => {
    const file = readFileSync(new URL('../../assets/site.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(file)).toEqual(siteJsonSchema());
  });

  it('describes every field, so that an editor can', () => {
    const bare: string[] = [];
    const walk = (schema: unknown, path: string) => {
      const { properties = {}, items } = schema as {
        properties?: Record<string, { description?: string }>;
        items?: unknown;
      };
      for (const [name, field] of Object.entries(properties)) {
        if (field.description === undefined) bare.push(`${path}.${name}`);
        walk(field, `${path}.${name}`);
      }
      if (items !== undefined) walk(items, `${path}[]`);
    };
    walk(siteJsonSchema(), '');
    expect(bare).toEqual([]);
  });
});
