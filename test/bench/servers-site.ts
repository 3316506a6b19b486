import { readFileSync } from 'node:fs';
import type { Credential } from '../../src/contract/ports.ts';
import type { HardwareSnapshot } from '../../src/contract/hardware.ts';
import { loadProfiles, profileVars } from '../../src/profiles/index.ts';
import { normaliseSite, renderInventory, type Site } from '../../src/site/index.ts';

/** The simulated BMCs of the bench, all with one login and one certificate. */
export interface Bmcs {
  readonly port: number;
  readonly login: Credential;
  readonly certificate: string;
  readonly machines: readonly { readonly address: string; readonly serial: string }[];
}

/** The simulated OpenManage Enterprise, and the address of a catalogue. */
export interface Ome {
  readonly address: string;
  readonly port: number;
  readonly login: Credential;
  readonly certificate: string;
  readonly catalog: string;
}

const COMPUTE = new URL('../../playbooks/profiles/compute.yaml', import.meta.url);

/** The inventory of a site with these servers, as the product makes it; discovery found them to be PowerEdge R750. */
export function inventoryOfServers(bmcs: Bmcs, ome: Ome): string {
  const [profile] = loadProfiles([{ file: 'compute.yaml', text: readFileSync(COMPUTE, 'utf8') }]).profiles;
  if (profile === undefined) throw new Error('the profile compute is not there');
  const snapshot = { manufacturer: 'Dell Inc.', model: 'PowerEdge R750' } as HardwareSnapshot;
  const facts = { profile: 'compute', vars: profileVars(profile, snapshot) };
  const hosts = bmcs.machines.map(({ address, serial }, index) => ({
    ...{ name: `node-${index + 1}`, serial, roles: ['rke2-agent'], profile: 'compute' },
    bmc: { address, port: bmcs.port, credential: 'idrac', certificate: bmcs.certificate },
    interfaces: [{ name: 'nic1', network: 'mgmt', address: address.replace('127.40.', '127.41.') }],
  }));
  const site = {
    ...{ apiVersion: 'bringup/v1', site: { name: 'bench', domain: 'bench.example' }, stack: 'dell-rke2' },
    networks: [
      { name: 'mgmt', cidr: '127.41.0.0/16' },
      { name: 'oob', cidr: '127.40.0.0/16' },
    ],
    services: {
      dns: { mode: 'existing', servers: ['127.41.255.1'] },
      ntp: { mode: 'existing', servers: ['127.41.255.1'] },
    },
    kvm_host: { address: '127.41.255.2', user: 'root', credential: 'kvm', network: 'mgmt', bridge: 'br0' },
    deployment_vm: {
      ...{ name: 'deploy', address: '127.41.255.3', network: 'mgmt' },
      base_image: { path: 'image.qcow2', sha256: 'ab'.repeat(32) },
    },
    hosts,
    parameters: {
      ome: { ...omeParameters(ome), mode: 'existing' },
      firmware: { reboot: 'now', catalog: { url: ome.catalog } },
      bios: { via: 'direct', reboot: 'now', reset: 'graceful' },
    },
  };
  return renderInventory(
    normaliseSite(site as unknown as Site),
    new Map(hosts.map(({ name }) => [name, facts])),
  );
}

function omeParameters({ address, port, certificate }: Ome): object {
  return { address, port, certificate, credential: 'ome' };
}
