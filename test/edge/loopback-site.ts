import { writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes a site file with one host and its image into a folder, and gives its path. Its KVM host is a port of loopback;
 * port 1 is closed, so that a run ends at once. `host` is what the entry of the host has beside name, serial and roles.
 */
export function writeLoopbackSite(folder: string, host: string, port = 1): string {
  const file = path.join(folder, 'site.yaml');
  writeFileSync(path.join(folder, 'image.qcow2'), '');
  writeFileSync(
    file,
    `apiVersion: bringup/v1
site: {name: bench, domain: bench.example}
stack: dell-rke2
networks:
  - {name: mgmt, cidr: 127.0.0.0/24, dhcp_range: [127.0.0.100, 127.0.0.199]}
services: {dhcp: {mode: managed, network: mgmt}}
kvm_host: {address: 127.0.0.1, port: ${port}, user: installer, credential: kvm-host, network: mgmt, bridge: br-mgmt}
deployment_vm: {address: 127.0.0.10, network: mgmt, memory_mib: 8192, base_image: {path: image.qcow2, sha256: "${'a'.repeat(64)}"}}
hosts:
  - name: node-1
    serial: S1
    roles: [rke2-server]
    ${host}
`,
  );
  return file;
}
