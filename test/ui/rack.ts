import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createCertificatePinFile } from '../../main/adapters/host-keys.ts';
import { createBmcSimulator, type BmcSimulator } from '../../main/lab/bmc/index.ts';
import { createBringup, type Bringup } from '../../src/bringup.ts';
import type { Credential } from '../../src/contract/ports.ts';
import { laptopPorts } from '../edge/laptop-ports.ts';

const SERIALS = ['7KQ4T83', '7KQ5T83', '7KQ6T83', '9PM1X83', '9PM2X83', '9PM3X83'];

/** Where the KVM host answers, and by which credential. */
export interface RackKvmHost {
  readonly port: number;
  readonly user: string;
  readonly credential: Credential;
}

/** Simulated BMCs at addresses of loopback, port 443, as a rack has them; one a worker, shared by its tests. */
export interface Rack {
  /** First two bytes of every address: `127.71`. */
  readonly prefix: string;
  readonly bmcs: BmcSimulator;
  close(): Promise<void>;
}

/** Six planned machines, of which the last answers nowhere and the fifth takes another password; and a stranger. */
export async function startRack(worker: number): Promise<Rack> {
  const prefix = `127.${71 + (worker % 100)}`;
  const planned = SERIALS.slice(0, 5).map((serial, index) => {
    const number = index + 1;
    const ports = [`leaf1:Ethernet${number}`, `leaf2:Ethernet${number}`];
    return {
      identity: {
        ...{ name: `node-${number}`, serial, macs: [macOf(number, 1), macOf(number, 2)] },
        // The cables of the third are in each other's port.
        switchPorts: number === 3 ? [...ports].reverse() : ports,
      },
      ...(number === 5 ? { login: { username: 'root', password: 'a password of its own' } } : {}),
      ...{ host: `${prefix}.1.1${number}`, port: 443, tls: 'own' as const },
    };
  });
  const stranger = {
    identity: { name: 'other', serial: 'F8Z2W03' },
    ...{ host: `${prefix}.1.40`, port: 443, tls: 'own' as const },
  };
  const bmcs = await createBmcSimulator({ machines: [...planned, stranger] });
  return { prefix, bmcs, close: () => bmcs.close() };
}

function macOf(node: number, nic: number): string {
  return `02:00:5e:00:0${nic}:1${node}`;
}

/** One laptop beside the rack: its home, a site file, and the real application service. */
export interface Laptop {
  readonly file: string;
  readonly service: Bringup;
  close(): Promise<void>;
}

export interface LaptopOptions {
  /** Hosts of the site file, by number; all six when left out. */
  readonly nodes?: readonly number[];
  /** True: the certificates of all BMCs were compared on an earlier day. */
  readonly pinned?: boolean;
  /** True: as it is with everything right, so that nothing stands in the way of a run. */
  readonly clean?: boolean;
  readonly kvmHost?: RackKvmHost;
}

/** Writes the site file and opens the application service over a home of its own, with real files and real TLS. */
export async function openLaptop(rack: Rack, options: LaptopOptions = {}): Promise<Laptop> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bringup-rack-'));
  const home = path.join(folder, 'home');
  const file = path.join(folder, 'site.yaml');
  writeFileSync(path.join(folder, 'image.qcow2'), '');
  writeFileSync(file, siteText(rack, options));
  if (options.clean !== true) writeTie(path.join(folder, 'profiles'));
  const certificates = createCertificatePinFile(home);
  for (const { url, certificate } of options.pinned === true ? rack.bmcs.machines : []) {
    const { hostname, port } = new URL(url);
    await certificates.set(`${hostname}:${port === '' ? '443' : port}`, certificate?.sha256 ?? '');
  }
  const credentials: Readonly<Record<string, Credential>> = {
    idrac: rack.bmcs.machines[0]?.login ?? {},
    ...(options.clean === true ? { 'kvm-host': { password: 'of a KVM host that is not there' } } : {}),
    ...(options.kvmHost === undefined ? {} : { 'kvm-host': options.kvmHost.credential }),
  };
  const service = createBringup(
    laptopPorts(home, credentials, { version: '0', host: 'browser', certificates }),
  );
  return {
    ...{ file, service },
    close: async () => {
      await service.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function siteText(
  { prefix }: Rack,
  { nodes = [1, 2, 3, 4, 5, 6], clean = false, kvmHost }: LaptopOptions,
): string {
  const { port = 22, user = 'installer' } = kvmHost ?? {};
  const address = kvmHost === undefined ? `${prefix}.0.5` : '127.0.0.1';
  const mgmt = kvmHost === undefined ? `${prefix}.0` : '127.0.0';
  const hosts = nodes.map((number) => {
    // Two neighbouring digits are the wrong way round.
    const mac = number === 4 && !clean ? macOf(4, 1).replace(/14$/, '41') : macOf(number, 1);
    return `  - name: node-${number}
    serial: ${SERIALS[number - 1] ?? ''}
    roles: [${number === 1 ? 'rke2-server' : 'rke2-agent'}]
    bmc: {address: ${prefix}.1.1${number}, credential: idrac}
    interfaces:
      - {name: nic1, mac: "${mac}", network: mgmt, address: ${mgmt}.1${number}, switch_port: "leaf1:Ethernet${number}"}
      - {name: nic2, mac: "${macOf(number, 2)}", switch_port: "leaf2:Ethernet${number}"}
`;
  });
  return `# The site file of a rack on loopback.
apiVersion: bringup/v1
site: {name: plant-7, customer: ACME, domain: plant7.acme.example}
stack: dell-rke2
networks:
  - {name: mgmt, cidr: ${mgmt}.0/24, dhcp_range: [${mgmt}.100, ${mgmt}.199]}
  - {name: oob, cidr: ${prefix}.1.0/24}
services: {dhcp: {mode: managed, network: mgmt}}
kvm_host: {address: ${address}, port: ${port}, user: ${user}, credential: kvm-host, network: mgmt, bridge: no-such-br, virtualization: emulate, storage: /var/lib/not/yet/there}
deployment_vm: {address: ${mgmt}.10, network: mgmt, base_image: {path: image.qcow2, sha256: "${'a'.repeat(64)}"}}
discovery: {via: laptop${clean ? '' : `, ranges: [${prefix}.1.40], credential: idrac`}}
hosts:
${hosts.join('')}`;
}

/** Two profiles of the site that fit node-2 equally well: nothing decides between them but a person. */
function writeTie(folder: string): void {
  mkdirSync(folder);
  for (const name of ['acme-blue', 'acme-green']) {
    const text = `name: ${name}\nversion: 1\ntitle: ${name}\nmatch:\n  - {field: serial, is: 7KQ5T83}\nroles: [rke2-agent]\n`;
    writeFileSync(path.join(folder, `${name}.yaml`), text);
  }
}
