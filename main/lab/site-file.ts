import type { BaseImage } from './base-image.ts';
import { IN_REPOSITORY, type LabBundle } from './bundle.ts';
import { LAB_CHART } from './chart.ts';
import { WHOLE_SITE } from './context.ts';
import { BARE_NODE, LAB, NODES, SERVERS, switchPortsOf } from './layout.ts';
import { STAND_IN_VERSION } from './rke2/rke2-stand-in.ts';

/** What varies from lab to lab. */
export interface LabSite {
  readonly image: BaseImage;
  /** Fingerprints of SSH host keys by machine. */
  readonly hostKeys: Readonly<Record<string, string>>;
  /** Fingerprints of the BMCs' certificates by node, and that of `ome`. */
  readonly certificates: Readonly<Record<string, string>>;
}

/** The lab's site file as YAML with comments, complete for `bringup apply`: as short as a site can be. */
export function labSiteFile(site: LabSite): string {
  return render(site, {
    about: 'The site file of the lab: a small real site on this one machine, made by `bringup lab up`.',
    more: '',
    ntp: '  ntp: { mode: managed }',
    services: `  # Left out, so that an apply takes no longer than it has to where the deployment VM is emulated.
  # The whole stack is in ${WHOLE_SITE} beside this file.
`,
    nodes: NODES,
    parameters: `
# Left out, so that a second apply takes less than a minute where the deployment VM is emulated.
parameters:
  network_tests: false
  health: false
`,
  });
}

/** The same lab with every stage of the stack, which takes some minutes. */
export function labWholeSiteFile(site: LabSite, bundle: LabBundle): string {
  return render(site, {
    about:
      'The whole stack on the lab: every stage, against simulated BMCs, a simulated OpenManage Enterprise and the rke2 stand-in.',
    more: `
# Firmware catalogue, RKE2 release and applications, as a back office would bring them.
bundle: { path: ${bundle.path}, sha256: "${bundle.sha256}" }
`,
    // An emulated processor keeps no time, and the last stage looks at every clock.
    ntp: `  ntp: { mode: managed, upstream: [${LAB.kvmHost.address}] } # the clock of this machine, served by the KVM host`,
    services: `  repository: { mode: managed, protocols: [http, smb] }
  logging: { mode: managed }
`,
    nodes: SERVERS,
    parameters: `
parameters:
  network_tests: true
  ome: { mode: existing, address: ${LAB.ome.address}, credential: lab/ome, certificate: "${site.certificates['ome'] ?? ''}" }
  firmware:
    reboot: now
    catalog: { url: "http://${LAB.deploymentVm.address}/${IN_REPOSITORY.catalog}" }
  bios: { via: direct }
  # node-3 has no operating system: it gets one by the virtual media of its BMC, here from the simulated installer of the lab.
  os:
    mode: install
    hosts: [${BARE_NODE.name}]
    image: ${IN_REPOSITORY.installer}
    sha256: "${bundle.installerSha256}"
    wait_minutes: 10
  rke2: { install: true, artifacts: ${IN_REPOSITORY.rke2}, version: ${STAND_IN_VERSION} }
  workloads:
    apply: true
    path: ${IN_REPOSITORY.workloads}
    charts: [{ application: ${LAB_CHART.application}, namespace: hall, values: { replicas: 2 } }]
  health: true
`,
  });
}

interface Parts {
  readonly about: string;
  readonly more: string;
  readonly ntp: string;
  readonly services: string;
  readonly nodes: typeof NODES;
  readonly parameters: string;
}

function render({ image, hostKeys, certificates }: LabSite, parts: Parts): string {
  const { mgmt, oob, kvmHost, deploymentVm } = LAB;
  return `# yaml-language-server: $schema=./site.schema.json
# ${parts.about}
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
${parts.more}
# 198.18.0.0/15 is set aside for test benches (RFC 2544), so the lab never hides a customer's network.
networks:
  - { name: mgmt, cidr: ${mgmt.cidr}, gateway: ${mgmt.gateway}, dhcp_range: [${mgmt.dhcp.join(', ')}] }
  - { name: oob, cidr: ${oob.cidr}, gateway: ${oob.gateway} }

# managed: the deployment VM does it. A lab has no way to the internet, hence no upstream servers.
services:
  dns: { mode: managed, upstream: [] }
${parts.ntp}
  dhcp: { mode: managed, network: mgmt }
${parts.services}
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
${parts.nodes.map((node) => hostEntry(node, hostKeys[node.name] ?? '', certificates[node.name] ?? '')).join('')}${parts.parameters}`;
}

function hostEntry(node: (typeof NODES)[number], hostKey: string, certificate: string): string {
  // Nobody knows the key of a server that has no operating system yet.
  const pin = hostKey === '' ? '' : `, host_key: "${hostKey}"`;
  return `  - name: ${node.name}
    serial: ${node.serial}
    roles: [${node.role}]
    profile: auto
    bmc: { address: ${node.bmcAddress}, credential: lab/bmc, certificate: "${certificate}" }
    ssh: { user: ${LAB.nodeUser}, credential: lab/node${pin} }
    interfaces:
      - { name: nic1, mac: "${node.mac}", network: mgmt, address: ${node.address}, switch_port: "${switchPortsOf(node)[0]}" }
`;
}
