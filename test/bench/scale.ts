import { execa } from 'execa';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { parseSite, renderInventory } from '../../src/site/index.ts';
import { median, rowOf, secondsOf, type BenchRow } from './row.ts';

const SIZES = [1000, 5000, 10_000] as const;
const MAIN_SIZE = 5000;
const ROUNDS = 5;
const RIVAL_ROUNDS = 3;

/** A site file of 5,000 hosts checked and rendered, against Ansible reading the result and against the YAML library alone. */
export async function benchScale(): Promise<BenchRow[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bringup-scale-'));
  try {
    await measure(MAIN_SIZE);
    const seconds = new Map<number, number>();
    for (const size of SIZES) seconds.set(size, await measure(size));
    const of = (size: number): number => seconds.get(size) ?? Number.NaN;
    const size = `${MAIN_SIZE} hosts, ${mebibytes(siteOfHosts(MAIN_SIZE))} MiB, median of ${ROUNDS}`;
    const rival = await listByAnsible(folder);
    const library = await medianOf(RIVAL_ROUNDS, () => parse(siteOfHosts(MAIN_SIZE)));
    const against = (name: string, seconds: number, note: string): BenchRow =>
      rowOf(
        `validate and inventory against ${name}`,
        of(MAIN_SIZE),
        seconds,
        's',
        `${size}; it only ${note}`,
      );
    return [
      against('ansible-inventory', rival, 'reads the result'),
      against('YAML alone', library, 'parses the site file'),
      ...SIZES.slice(1).map((hosts) =>
        rowOf(
          `validate and inventory, ${hosts} hosts by the host`,
          (of(hosts) / hosts) * 1000,
          (of(SIZES[0]) / SIZES[0]) * 1000,
          'ms',
          `against ${SIZES[0]} hosts, in ms: linear is 1`,
        ),
      ),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function measure(hosts: number): Promise<number> {
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
  return medianOf(RIVAL_ROUNDS, () =>
    execa('ansible-inventory', ['-i', file, '--list'], { stdout: 'ignore' }),
  );
}

async function medianOf(rounds: number, work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) times.push(await secondsOf(work));
  return median(times);
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
