import { parseSite, type NormalisedSite, type ParseInput } from '../../src/site/index.ts';

/** A small site file in which nothing is wrong. */
export const SITE = `# A site with two servers
apiVersion: bringup/v1
site: {name: plant-7, customer: ACME, location: "Hall 3", domain: plant7.acme.example, timezone: Europe/Berlin}
stack: dell-rke2
networks:
  - {name: mgmt, cidr: 10.20.0.0/24, gateway: 10.20.0.1, vlan: 20, dhcp_range: [10.20.0.100, 10.20.0.199]}
  - {name: oob, cidr: 10.20.1.0/24, gateway: 10.20.1.1}
services:
  dns: {mode: managed, upstream: [10.20.0.2]}
  ntp: {mode: existing, servers: [10.20.0.3]}
  dhcp: {mode: managed, network: mgmt}
kvm_host: {address: 10.20.0.5, user: installer, credential: kvm-host, network: mgmt, bridge: br-mgmt}
deployment_vm:
  name: deploy
  address: 10.20.0.10
  network: mgmt
  base_image: {path: images/debian-12.qcow2, sha256: ${'ab'.repeat(32)}}
hosts:
  - name: node-1
    serial: ABC1234
    roles: [rke2-server]
    bmc: {address: 10.20.1.11, credential: idrac}
    ssh: {user: admin, credential: node}
    interfaces:
      - {name: nic1, mac: "02:00:5E:00:00:11", network: mgmt, address: 10.20.0.11, switch_port: "leaf1:Ethernet1"}
      - {name: nic2, mac: "02:00:5E:00:00:12"}
  - name: node-2
    serial: ABC1235
    roles: [rke2-agent]
    profile: gpu-dense
    profile_reason: the cards were added after delivery
    bmc: {address: 10.20.1.12, credential: idrac}
    interfaces:
      - {name: nic1, mac: "02:00:5E:00:00:21", network: mgmt, address: 10.20.0.12}
`;

/** The example with one place changed; fails when the place is not there. */
export function changed(from: string, to: string, text = SITE): string {
  if (!text.includes(from)) throw new Error(`the example has no ${from}`);
  return text.replace(from, () => to);
}

/** Every problem of a text as `line:column code sentence -> hint`. */
export function problemsOf(text: string, context: Partial<ParseInput> = {}): string[] {
  return parseSite({ file: 'site.yaml', ...context, text }).problems.map(
    ({ line, column, code, message, hint }) =>
      `${line}:${column} ${code} ${message}${hint === undefined ? '' : ` -> ${hint}`}`,
  );
}

/** The site of a text in which nothing is wrong. */
export function siteOf(text = SITE): NormalisedSite {
  const { site, problems } = parseSite({ file: 'site.yaml', text });
  if (site === undefined) throw new Error(problems.map((problem) => problem.message).join('\n'));
  return site;
}

/** The example with one place changed, and where the mark `¦` in the new text stands, as `line:column`. */
export function marked(from: string, to: string): { text: string; at: string } {
  const text = changed(from, to);
  const before = text.slice(0, text.indexOf('¦')).split('\n');
  return { text: text.replace('¦', ''), at: `${before.length}:${(before.at(-1) ?? '').length + 1}` };
}
