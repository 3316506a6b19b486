import { execa } from 'execa';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { parseSite, renderInventory } from '../../src/site/index.ts';
import type { BenchRow } from './row.ts';

const SIZES = [1000, 5000, 10_000] as const;
const MAIN_SIZE = 5000;
const ROUNDS = 5;
const RIVAL_ROUNDS = 3;

/** A site file of 5,000 hosts checked and rendered, against Ansible reading the result and against the YAML library alone. */
export async function benchScale(): Promise<BenchRow[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bringup-scale-'));
  try {
    measure(MAIN_SIZE);
    const seconds = new Map(SIZES.map((size) => [size, measure(size)]));
    const ours = seconds.get(MAIN_SIZE) ?? Number.NaN;
    const size = `${MAIN_SIZE} hosts, ${mebibytes(siteOfHosts(MAIN_SIZE))} MiB, median of ${ROUNDS}`;
    const rival = await listByAnsible(folder);
    const library = medianOf(RIVAL_ROUNDS, () => void parse(siteOfHosts(MAIN_SIZE)));
    return [
      row(
        'validate and inventory against ansible-inventory',
        ours,
        rival,
        `${size}; it only reads the result`,
      ),
      row(
        'validate and inventory against YAML alone',
        ours,
        library,
        `${size}; it only parses the site file`,
      ),
      ...SIZES.slice(1).map((hosts) =>
        row(
          `validate and inventory, ${hosts} hosts by the host`,
          (seconds.get(hosts) ?? Number.NaN) / hosts,
          (seconds.get(SIZES[0]) ?? Number.NaN) / SIZES[0],
          `against ${SIZES[0]} hosts, in ms: linear is 1`,
          1000,
        ),
      ),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function measure(hosts: number): number {
  const bytes = new TextEncoder().encode(siteOfHosts(hosts));
  return medianOf(ROUNDS, () => {
    const { site, problems } = parseSite({ file: 'site.yaml', bytes });
    if (site === undefined) throw new Error(problems[0]?.message ?? 'the site file of the bench is wrong');
    renderInventory(site);
  });
}

async function listByAnsible(folder: string): Promise<number> {
  const file = path.join(folder, 'inventory.yml');
  const { site } = parseSite({ file: 'site.yaml', text: siteOfHosts(MAIN_SIZE) });
  if (site === undefined) throw new Error('the site file of the bench is wrong');
  await writeFile(file, renderInventory(site));
  const times: number[] = [];
  for (let round = 0; round < RIVAL_ROUNDS; round += 1) {
    const started = performance.now();
    await execa('ansible-inventory', ['-i', file, '--list'], { stdout: 'ignore' });
    times.push((performance.now() - started) / 1000);
  }
  return middle(times);
}

function medianOf(rounds: number, work: () => void): number {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    work();
    times.push((performance.now() - started) / 1000);
  }
  return middle(times);
}

function middle(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

function row(name: string, ours: number, rival: number, note: string, scale = 1): BenchRow {
  const unit = scale === 1 ? 's' : 'ms';
  return { name, ours: ours * scale, rival: rival * scale, unit, ratio: rival / ours, note };
}

function mebibytes(text: string): string {
  return (text.length / 2 ** 20).toFixed(1);
}

/** A site file as a person writes it, with two interfaces, a BMC and a reasoned profile for each host. */
function siteOfHosts(count: number): string {
  const hex = (byte: number) => byte.toString(16).padStart(2, '0');
  const hosts = Array.from({ length: count }, (_, index) => {
    const [high, low] = [index >> 8, index & 255];
    const mac = (port: number) => `"02:00:5e:${hex(high)}:${hex(low)}:${hex(port)}"`;
    return `  - name: node-${index + 1}
    serial: "SN${String(index).padStart(6, '0')}"
    roles: [rke2-agent]
    profile: storage-dense
    profile_reason: two disks fewer than ordered   # agreed with the customer
    bmc: {address: 10.129.${high}.${low}, credential: idrac}
    ssh: {user: admin, credential: node}
    interfaces:
      - {name: nic1, mac: ${mac(1)}, network: mgmt, address: 10.65.${high}.${low}, switch_port: "leaf${high}:Ethernet${low}"}
      - {name: nic2, mac: ${mac(2)}, switch_port: "leaf${high}:Ethernet${low}/2"}`;
  });
  return `apiVersion: bringup/v1
site: {name: plant-7, domain: plant7.acme.example}
stack: dell-rke2
networks:
  - {name: mgmt, cidr: 10.64.0.0/10, gateway: 10.127.0.1}
  - {name: oob, cidr: 10.128.0.0/10}
kvm_host: {address: 10.126.0.5, user: installer, credential: kvm-host, network: mgmt, bridge: br-mgmt}
deployment_vm:
  address: 10.126.0.10
  network: mgmt
  base_image: {path: images/debian-12.qcow2, sha256: ${'ab'.repeat(32)}}
hosts:
${hosts.join('\n')}
`;
}
