import type { BaseImage } from './base-image.ts';
import { LAB, NODES, switchPortsOf } from './layout.ts';

/**
 * The lab's site file as YAML with comments, complete for `bringup apply`; `hostKeys` are fingerprints by machine,
 * `certificates` those of the BMCs by node, and that of `ome`.
 */
export function labSiteFile(
  image: BaseImage,
  hostKeys: Readonly<Record<string, string>>,
  certificates: Readonly<Record<string, string>>,
): string {
  const { mgmt, oob, kvmHost, deploymentVm } = LAB;
  return `# yaml-language-server: $schema=./site.schema.json
# The site file of the lab: a small real site on this one machine, made by \`bringup lab up\`.
# Bring it up with:    bringup apply <this file>
# Its passwords are random, of use nowhere else, and already known to Bringup under the names below (lab/...).
# Take it as a pattern for a real site: copy it, then change addresses, serial numbers and credential names.
apiVersion: bringup/v1
site:
  name: ${LAB.site}
  customer: Bringup lab
  location: "this machine"
  contact: { name: The person at this machine, phone: "+49 30 0000" }
  domain: ${LAB.domain}
  timezone: Etc/UTC
stack: dell-rke2

# 198.18.0.0/15 is set aside for test benches (RFC 2544), so the lab never hides a customer's network.
networks:
  - { name: mgmt, cidr: ${mgmt.cidr}, gateway: ${mgmt.gateway}, dhcp_range: [${mgmt.dhcp.join(', ')}] }
  - { name: oob, cidr: ${oob.cidr}, gateway: ${oob.gateway} }

# managed: the deployment VM does it. A lab has no way to the internet, hence no upstream servers.
services:
  dns: { mode: managed, upstream: [] }
  ntp: { mode: managed }
  dhcp: { mode: managed, network: mgmt }
  # Left out, so that an apply takes no longer than it has to where the deployment VM is emulated. Try them:
  # repository: { mode: managed, protocols: [http] }
  # logging: { mode: managed }

# The laptop has no way into the network of the BMCs, so they are dialled through the KVM host.
discovery: { via: kvm-host }

kvm_host:
  address: ${kvmHost.address}
  port: 22
  user: ${kvmHost.user}
  credential: lab/kvm-host
  host_key: "${hostKeys[kvmHost.name] ?? ''}"
  network: mgmt
  bridge: ${mgmt.bridge}
  virtualization: auto # KVM where a guest truly runs by it, software emulation where not

deployment_vm:
  name: ${deploymentVm.name}
  cpus: ${deploymentVm.cpus}
  memory_mib: ${deploymentVm.memoryMib}
  disk_gib: ${deploymentVm.diskGib}
  address: ${deploymentVm.address}
  network: mgmt
  base_image:
    path: ${image.path}
    sha256: "${image.sha256}"

hosts:
${NODES.map((node) => hostEntry(node, hostKeys[node.name] ?? '', certificates[node.name] ?? '')).join('')}
# Left out, so that a second apply takes less than a minute where the deployment VM is emulated. Try them: network_tests: true,
# and the simulated OpenManage Enterprise of the lab, taken over as a site's own is, by the lines that follow.
parameters:
  network_tests: false
  # ome: { mode: existing, address: ${LAB.ome.address}, credential: lab/ome, certificate: "${certificates['ome'] ?? ''}" }
`;
}

function hostEntry(node: (typeof NODES)[number], hostKey: string, certificate: string): string {
  return `  - name: ${node.name}
    serial: ${node.serial}
    roles: [${node.role}]
    profile: auto
    bmc: { address: ${node.bmcAddress}, credential: lab/bmc, certificate: "${certificate}" }
    ssh: { user: ${LAB.nodeUser}, credential: lab/node, host_key: "${hostKey}" }
    interfaces:
      - { name: nic1, mac: "${node.mac}", network: mgmt, address: ${node.address}, switch_port: "${switchPortsOf(node)[0]}" }
`;
}
