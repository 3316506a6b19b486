import { Type, type Static } from 'typebox';
import {
  address,
  certificatePin,
  checkedFile,
  closed,
  credential,
  freeText,
  hostKey,
  label,
  login,
  SshPort,
  textOf,
} from './parts.ts';

/** The hypervisor at the site that carries the deployment VM. */
export const KvmHostSchema = closed(
  {
    address: address('Address of the KVM host as seen from the laptop.', { examples: ['10.20.0.5'] }),
    port: Type.Optional(SshPort),
    user: login('User to log in as; it needs sudo.', { examples: ['installer'] }),
    credential: credential('Credential of that user.'),
    host_key: Type.Optional(hostKey('Fingerprint of its SSH host key, when known beforehand.')),
    network: label('Network on which the KVM host and the deployment VM meet.'),
    bridge: textOf('^[A-Za-z0-9_.-]{1,15}$', 'the name of a Linux bridge, at most 15 characters', {
      description: 'Bridge on the KVM host to which the deployment VM is attached.',
      examples: ['br-mgmt'],
    }),
    virtualization: Type.Optional(
      Type.Enum(['auto', 'kvm', 'emulate'], {
        default: 'auto',
        description:
          'auto: KVM when a probe guest runs, otherwise slow emulation, and Bringup says so. kvm: refuse emulation. emulate: always emulate.',
      }),
    ),
    storage: Type.Optional(
      textOf('^(/[A-Za-z0-9_.-]+)+$', 'an absolute path of letters, digits, dots, dashes and underscores', {
        default: '/var/lib/libvirt/images',
        description: 'Directory on the KVM host that takes the disks.',
      }),
    ),
    packages: Type.Optional(
      checkedFile(
        'packages/kvm-host.tar',
        'Package archive from which missing software is installed on the KVM host.',
      ),
    ),
  },
  { description: 'The hypervisor at the site, reached over SSH.' },
);

/** The VM that runs every later stage. */
export const DeploymentVmSchema = closed(
  {
    name: Type.Optional(label('Host name of the deployment VM.', { default: 'deploy' })),
    user: Type.Optional(login('User by which Bringup logs in.', { default: 'bringup' })),
    cpus: Type.Optional(Type.Integer({ minimum: 1, maximum: 256, default: 4, description: 'Virtual CPUs.' })),
    memory_mib: Type.Optional(
      Type.Integer({ minimum: 512, maximum: 4194304, default: 8192, description: 'Memory in MiB.' }),
    ),
    disk_gib: Type.Optional(
      Type.Integer({ minimum: 4, maximum: 65536, default: 80, description: 'Size of its disk in GiB.' }),
    ),
    address: address('Its fixed address.', { examples: ['10.20.0.10'] }),
    network: label('The network its address is in.'),
    base_image: checkedFile(
      'images/debian-12.qcow2',
      'The qcow2 image from which the deployment VM is built.',
    ),
    packages: Type.Optional(
      checkedFile(
        'packages/debian-12.tar',
        'Package archive from which the deployment VM gets the programs its base image lacks.',
      ),
    ),
  },
  { description: 'The VM that is booted on the KVM host and runs every later stage.' },
);

const Interface = closed(
  {
    name: textOf('^[A-Za-z0-9_.-]{1,15}$', 'the name of a network interface, at most 15 characters', {
      description: 'Name of the interface.',
      examples: ['nic1', 'eno1'],
    }),
    mac: Type.Optional(
      textOf('^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$', 'a MAC address with colons, such as 02:00:5e:00:00:11', {
        description: 'MAC address, in quotes.',
        examples: ['02:00:5e:00:00:11'],
      }),
    ),
    network: Type.Optional(label('The network it is plugged into.')),
    address: Type.Optional(address('Its fixed address.')),
    switch_port: Type.Optional(
      freeText('Where the cable should end: switch:port.', { examples: ['leaf1:Ethernet1'] }),
    ),
  },
  { description: 'One network interface.' },
);

/** One server to be brought up. */
export const HostSchema = closed(
  {
    name: label('Host name.', { examples: ['node-1'] }),
    serial: Type.Optional(freeText('Serial number or service tag, in quotes.', { examples: ['ABC1234'] })),
    roles: Type.Optional(
      Type.Array(label('A role of the stack.'), {
        default: [],
        description: 'What the host becomes, in words of the stack.',
      }),
    ),
    profile: Type.Optional(
      label('Hardware profile; auto lets discovery choose.', { default: 'auto', examples: ['auto'] }),
    ),
    profile_reason: Type.Optional(
      freeText(
        'Why this profile and not the one that discovery would choose; kept in the record of the run.',
      ),
    ),
    bmc: Type.Optional(
      closed(
        {
          address: address('Address of the BMC.'),
          port: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 65535,
              default: 443,
              description: 'TCP port of its HTTPS server.',
            }),
          ),
          credential: credential('Credential of the BMC.'),
          certificate: Type.Optional(
            certificatePin('Fingerprint of its TLS certificate, when known beforehand.'),
          ),
        },
        { description: 'The board management controller (iDRAC, iLO, XCC...).' },
      ),
    ),
    ssh: Type.Optional(
      closed(
        {
          user: login('User to log in as.'),
          port: Type.Optional(SshPort),
          credential: credential('Credential of that user.'),
          host_key: Type.Optional(hostKey('Fingerprint of its SSH host key, when known beforehand.')),
        },
        { description: "How the deployment VM logs in to the host's operating system." },
      ),
    ),
    interfaces: Type.Optional(Type.Array(Interface, { default: [], description: 'Its network interfaces.' })),
  },
  { description: 'One server.' },
);

export type KvmHostEntry = Static<typeof KvmHostSchema>;
export type DeploymentVmEntry = Static<typeof DeploymentVmSchema>;
export type HostEntry = Static<typeof HostSchema>;
export type InterfaceEntry = Static<typeof Interface>;
