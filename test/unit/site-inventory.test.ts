import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderInventory } from '../../src/site/index.ts';
import { machine, port } from './hardware-machine.ts';
import { changed, siteOf } from './site-example.ts';

const GOLDEN = `all:
  vars:
    bringup_site:
      name: plant-7
      customer: ACME
      location: Hall 3
      domain: plant7.acme.example
      timezone: Europe/Berlin
    bringup_stack: dell-rke2
    bringup_networks:
      - {name: mgmt, cidr: 10.20.0.0/24, gateway: 10.20.0.1, vlan: 20, dhcp_range: [10.20.0.100, 10.20.0.199], mtu: 1500}
      - {name: oob, cidr: 10.20.1.0/24, gateway: 10.20.1.1, mtu: 1500}
    bringup_services:
      dns: {mode: managed, upstream: [10.20.0.2]}
      ntp: {mode: existing, servers: [10.20.0.3], upstream: []}
      dhcp: {mode: managed, network: mgmt}
      repository: {mode: none, protocols: [http]}
      logging: {mode: none}
    bringup_kvm_host:
      address: 10.20.0.5
      user: installer
      credential: kvm-host
      network: mgmt
      bridge: br-mgmt
      port: 22
      virtualization: auto
      storage: /var/lib/libvirt/images
    bringup_deployment_vm:
      name: deploy
      address: 10.20.0.10
      network: mgmt
      base_image: {path: images/debian-12.qcow2, sha256: ${'ab'.repeat(32)}}
      user: bringup
      cpus: 4
      memory_mib: 8192
      disk_gib: 80
    bringup_discovery:
      via: auto
      ranges: []
    bringup_parameters: {}
  children:
    kvm_host:
      hosts:
        kvm-host: {ansible_host: 10.20.0.5}
    deployment_vm:
      hosts:
        deploy: {ansible_host: 10.20.0.10}
      vars:
        bringup_hosts:
          - &node-1 {name: node-1, serial: ABC1234, roles: [rke2-server], bmc: {address: 10.20.1.11, credential: idrac, port: 443}, ssh: {user: admin, credential: node, port: 22}, interfaces: [{name: nic1, mac: "02:00:5e:00:00:11", network: mgmt, address: 10.20.0.11, switch_port: "leaf1:Ethernet1"}, {name: nic2, mac: "02:00:5e:00:00:12"}], profile: auto}
          - &node-2 {name: node-2, serial: ABC1235, roles: [rke2-agent], profile: gpu-dense, profile_reason: the cards were added after delivery, bmc: {address: 10.20.1.12, credential: idrac, port: 443}, interfaces: [{name: nic1, mac: "02:00:5e:00:00:21", network: mgmt, address: 10.20.0.12}]}
    targets:
      hosts:
        node-1: {ansible_host: 10.20.0.11, ansible_user: admin, ansible_port: 22, bringup_host: *node-1}
        node-2: {ansible_host: 10.20.0.12, bringup_host: *node-2, bringup_profile: gpu-dense}
    role_rke2_server:
      hosts:
        node-1: {}
    role_rke2_agent:
      hosts:
        node-2: {}
    profile_gpu_dense:
      hosts:
        node-2: {}
    network_mgmt:
      hosts:
        kvm-host: {}
        deploy: {}
        node-1: {}
        node-2: {}
    service_dns:
      hosts:
        deploy: {}
    service_dhcp:
      hosts:
        deploy: {}
`;

/** What the BMC of node-1 told. */
const SEEN = machine({
  bmc: { address: 'https://10.20.1.11', product: 'iDRAC', version: '7.10.30' },
  bios: { version: '2.1.0', attributes: {}, pending: {} },
  cpu: { count: 2, cores: 64, threads: 128, processors: [] },
  memory: { total_gib: 512, dimms: [] },
  disks: [{ id: 'd0', name: 'Disk 0', kind: 'nvme', size_gb: 960, serial: 'S1', health: 'OK' }],
  nics: [port('p1', { name: 'Port 1', mac: '02:00:5e:00:00:11' })],
  boot: { mode: 'UEFI', order: [], override: { enabled: 'Disabled', target: 'None' } },
});

/** Host names by group, as a playbook sees them. */
function groupsOf(yaml: string): Record<string, string[]> {
  const { all } = parse(yaml) as { all: { children: Record<string, { hosts: Record<string, unknown> }> } };
  return Object.fromEntries(
    Object.entries(all.children).map(([name, { hosts }]) => [name, Object.keys(hosts)]),
  );
}

describe('the inventory', () => {
  it('of the example site reads like this', () => {
    expect(renderInventory(siteOf())).toBe(GOLDEN);
  });

  it('has the group of targets even when there are none', () => {
    const groups = groupsOf(renderInventory({ ...siteOf(), hosts: [] }));
    expect(groups).toMatchObject({ targets: [], network_mgmt: ['kvm-host', 'deploy'] });
  });

  it('reaches a host by its address on the network of the deployment VM', () => {
    const text = changed(
      '- {name: nic1, mac: "02:00:5E:00:00:21"',
      '- {name: nic0, network: oob, address: 10.20.1.99}\n      - {name: nic1',
    );
    expect(renderInventory(siteOf(text))).toContain('node-2: {ansible_host: 10.20.0.12,');
  });

  it('quotes what Ansible, which reads YAML 1.1, would take for something else', () => {
    const text = changed('customer: ACME, location: "Hall 3"', 'customer: "yes", location: "10:30:00"');
    expect(renderInventory(siteOf(text))).toMatch(/customer: "yes"\n +location: "10:30:00"\n/);
  });

  it('keeps a host in its place and as text, whatever it is called', () => {
    const text = changed('name: node-2', 'name: "7"', changed('name: node-1', 'name: "on"'));
    const yaml = renderInventory(siteOf(text));
    expect(yaml).toContain('targets:\n      hosts:\n        "on": {');
    expect(yaml).toContain('        "7": {ansible_host: 10.20.0.12, bringup_host: *7,');
  });

  it('knows what discovery saw of a host and which profile it matched', () => {
    const facts = new Map([
      ['node-1', { profile: 'storage-dense', snapshot: SEEN, vars: { data_disks: 12 } }],
    ]);
    const yaml = renderInventory(siteOf(), facts);
    expect(groupsOf(yaml)).toMatchObject({
      profile_storage_dense: ['node-1'],
      profile_gpu_dense: ['node-2'],
    });
    const { all } = parse(yaml) as { all: { children: { targets: { hosts: Record<string, unknown> } } } };
    expect(all.children.targets.hosts['node-1']).toMatchObject({
      data_disks: 12,
      ansible_host: '10.20.0.11',
      bringup_profile: 'storage-dense',
      bringup_hardware: {
        manufacturer: 'Dell Inc.',
        model: 'PowerEdge R660',
        serial: 'ABC1234',
        bios_version: '2.1.0',
        bmc_version: '7.10.30',
        cpu_count: 2,
        cpu_cores: 64,
        memory_gib: 512,
        disks: [{ id: 'd0', kind: 'nvme', size_gb: 960, serial: 'S1' }],
        nics: [{ id: 'p1', mac: '02:00:5e:00:00:11', link: 'up' }],
        accelerators: [],
      },
    });
  });

  it('lets neither a profile nor its variables overrule the site file', () => {
    const vars = { ansible_host: '192.0.2.1', bringup_host: 'gone' };
    const facts = new Map([['node-2', { profile: 'storage-dense', vars }]]);
    const yaml = renderInventory(siteOf(), facts);
    expect(groupsOf(yaml)).not.toHaveProperty('profile_storage_dense');
    expect(yaml).toContain(
      'node-2: {ansible_host: 10.20.0.12, bringup_host: *node-2, bringup_profile: gpu-dense}',
    );
  });

  it('grows with the number of hosts, not with its square: only the deployment VM has the list of all', () => {
    const site = siteOf();
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ ...site.hosts[0]!, name: `n${index}` }));
    const size = (count: number) => renderInventory({ ...site, hosts: many(count) }).length;
    expect(size(2000) / size(1000)).toBeLessThan(2.1);
    expect(renderInventory(site).match(/bringup_hosts/g)).toHaveLength(1);
  });

  it('passes on what looks like a template as plain text', () => {
    const text = changed('location: "Hall 3"', `location: "{{ lookup('pipe', 'id') }}"`);
    expect(renderInventory(siteOf(text))).toContain(`location: !unsafe "{{ lookup('pipe', 'id') }}"`);
  });
});
