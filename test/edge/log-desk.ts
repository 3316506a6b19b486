import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createBringup, type Bringup } from '../../src/bringup.ts';
import type { LogPage, LogQuestion } from '../../src/contract/api.ts';
import { fingerprintOf } from '../../src/remote/index.ts';
import { laptopPorts } from './laptop-ports.ts';
import { ADDRESS, SITE, type ServiceSite } from './service-site.ts';

/** A laptop that reaches the KVM host of the site by a port of loopback, and everything else through it. */
export interface LogDesk {
  readonly file: string;
  readonly service: Bringup;
  search(question: Omit<LogQuestion, 'file'>): Promise<LogPage>;
  close(): Promise<void>;
}

/** Address of the deployment VM in the site file of the laptop. */
const VM = '127.0.0.10';
/** Where the stage `deployment-vm` leaves the keys on the KVM host. */
const KEYS = '/var/lib/bringup/sites/services/ssh';

export async function openLogDesk({ kvm, folder: siteFolder }: ServiceSite): Promise<LogDesk> {
  const keys = `${siteFolder}/site/ssh`;
  await kvm.must('sh', '-c', `mkdir -p ${KEYS}; cp ${keys}/access_ed25519 ${KEYS}`);
  await kvm.must('cp', `${keys}/host.pub`, `${KEYS}/host_ed25519.pub`);
  // The laptop knows the VM by an address of loopback as well, which leads to it from the KVM host alone.
  const way = `ssh -f -N -i ${keys}/access_ed25519 -oBatchMode=yes -oExitOnForwardFailure=yes -oUserKnownHostsFile=${keys}/known_hosts`;
  await kvm.must('sh', '-c', `${way} -L ${VM}:22:127.0.0.1:22 root@${ADDRESS.vm} >/dev/null 2>&1`);
  const options = [`AuthorizedKeysFile=${keys}/access_ed25519.pub`, 'PermitRootLogin=yes', 'StrictModes=no'];
  // One sshd for each connection: its input and output lead out of the network that nothing else leads out of.
  const wire = createServer((socket) => {
    const sshd = kvm.start(
      ...['/usr/sbin/sshd', '-i', '-f', '/dev/null', '-h', `${keys}/host`],
      ...options.flatMap((option) => ['-o', option]),
    );
    sshd.stdout?.pipe(socket);
    if (sshd.stdin !== null) socket.pipe(sshd.stdin);
    for (const stream of [socket, sshd.stdin]) stream?.on('error', () => undefined);
    socket.on('close', () => sshd.kill());
  });
  wire.listen(0, '127.0.0.1');
  await once(wire, 'listening');
  const { port } = wire.address() as AddressInfo;
  const folder = mkdtempSync(path.join(tmpdir(), 'bringup-log-desk-'));
  const file = path.join(folder, 'site.yaml');
  mkdirSync(path.join(folder, 'images'));
  writeFileSync(path.join(folder, 'images/debian-12.qcow2'), '');
  const [, blob = ''] = (await kvm.must('cat', `${keys}/host.pub`)).split(' ');
  const hostKey = fingerprintOf(Buffer.from(blob, 'base64'));
  writeFileSync(file, siteFor(port, hostKey));
  const privateKey = await kvm.must('cat', `${keys}/access_ed25519`);
  const service = createBringup(laptopPorts(path.join(folder, 'home'), { 'kvm-host': { privateKey } }));
  return {
    ...{ file, service },
    search: (question) => service.call('logs.search', { file, ...question }),
    async close() {
      await service.close();
      wire.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The site file of the machines as the laptop has it. */
function siteFor(port: number, hostKey: string): string {
  return SITE.replace('name: mgmt, cidr: 198.18.30.0/24', 'name: mgmt, cidr: 127.0.0.0/24')
    .replace('networks:\n', 'networks:\n  - {name: rack, cidr: 198.18.30.0/24}\n')
    .replace(ADDRESS.kvm, `127.0.0.1, port: ${port}, host_key: "${hostKey}"`)
    .replace(`address: ${ADDRESS.vm}`, `address: ${VM}`)
    .replace('network: mgmt, address: 198', 'network: rack, address: 198');
}
