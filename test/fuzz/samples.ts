import { SITE } from '../unit/site-example.ts';

/** The example as other people and programs write it: indented lists or not, quotes, flow over several lines, JSON. */
const OTHER_STYLES = `# written by hand
apiVersion: "bringup/v1"

site:
  name: plant-7   # short
  domain: 'plant7.acme.example'
  contact:
    name: A. Smith
stack:   dell-rke2
networks:
- name: mgmt
  cidr: 10.20.0.0/24
  # reserved by the customer
  dhcp_range:
  - 10.20.0.100
  - 10.20.0.199
-
  name: oob
  cidr: 10.20.1.0/24
kvm_host: {
  address: 10.20.0.5, "user": installer,
  credential: kvm-host, network: mgmt,

  bridge: br-mgmt,
  }
deployment_vm:
    address: 10.20.0.10
    network: mgmt
    base_image: {"path":"images/debian-12.qcow2","sha256": "${'ab'.repeat(32)}"}
hosts:
  -   name: node-1
      roles: [ ]
      interfaces:
      - { name: nic1, network: mgmt, address: 10.20.0.11, switch_port: leaf1:Ethernet1 }
      -
        name: nic2
  - {name: node-2, bmc: {address: 10.20.1.12, port: 8443, credential: site/idrac}}
discovery: { }
parameters:
  nothing:
  more: {attempts: 3, pause: 0.5, nested: [[1, 2], [x y, z]], off: false, on: true}
`;

const WITH_ALIASES = SITE.replace('credential: idrac', 'credential: &c idrac')
  .replace('10.20.1.12, credential: idrac', '10.20.1.12, credential: *c')
  .replace('location: "Hall 3"', 'location: |-\n    Hall 3\n    left')
  .replace(
    'site: {name: plant-7, customer: ACME, ',
    'site:\n  name: plant-7\n  customer: >\n    ACME\n    Corp\n  ',
  )
  .replace(
    ', domain: plant7.acme.example, timezone: Europe/Berlin}',
    '\n  domain: "plant7\\u002eacme.example"',
  );

/** Texts from which mutated site files are made. */
export const SAMPLES: readonly string[] = [
  SITE,
  OTHER_STYLES,
  OTHER_STYLES.replaceAll('\n', '\r\n'),
  WITH_ALIASES,
  SITE.replace(
    'stack: dell-rke2\n',
    'stack: dell-rke2\ndiscovery: {ranges: [10.20.1.10-10.20.1.99], credential: idrac}\n',
  ),
];
