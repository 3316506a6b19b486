/** The site file of a bench, whose BMCs are asked from the laptop; `hosts` and `more` are lines of YAML. */
export function benchSite(hosts: string, more = ''): string {
  return `apiVersion: bringup/v1
site: {name: bench, domain: bench.example}
stack: dell-rke2
networks:
  - {name: mgmt, cidr: 10.20.0.0/24, gateway: 10.20.0.1, dhcp_range: [10.20.0.100, 10.20.0.199]}
  - {name: oob, cidr: 127.0.0.0/24}
services: {dhcp: {mode: managed, network: mgmt}}
kvm_host: {address: 10.20.0.5, user: installer, credential: kvm-host, network: mgmt, bridge: br-mgmt}
deployment_vm: {address: 10.20.0.10, network: mgmt, base_image: {path: image.qcow2, sha256: "${'a'.repeat(64)}"}}
discovery: {via: laptop}
${more}hosts:
${hosts}`;
}
