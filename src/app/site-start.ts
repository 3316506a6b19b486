import { BringupError, EXIT } from '../contract/errors.ts';
import { editText } from '../site/index.ts';
import type { Stack } from '../stacks/index.ts';

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * A site file to begin with: complete in form, commented, one host for each role that the stack cannot do without.
 * Throws SITE_NAME_INVALID for a name that is not a DNS label.
 */
export function startText(name: string, stack: Stack): string {
  if (!LABEL.test(name)) throw badName(name);
  return `# yaml-language-server: $schema=./site.schema.json
# The site file of ${name}. Every value below is a beginning: put the site's own in its place.
# Check it at any time with:    bringup validate <this file>
apiVersion: bringup/v1
site:
  name: ${name}
  domain: ${name}.example
  timezone: Etc/UTC
stack: ${stack.stack}

# Each network of the site that a machine of this file is in.
networks:
  - { name: mgmt, cidr: 10.20.0.0/24, gateway: 10.20.0.1 }
  - { name: oob, cidr: 10.20.1.0/24, gateway: 10.20.1.1 } # where the BMCs are

# managed: the deployment VM does it. existing: the site has it, say where.
services:
  dns: { mode: managed }
  ntp: { mode: managed }
  dhcp: { mode: none }
  repository: { mode: managed, protocols: [http] }
  logging: { mode: managed }

# The hypervisor at the site. A credential is a name: its value is kept in the keychain, never here.
kvm_host:
  address: 10.20.0.5
  user: installer
  credential: kvm-host
  network: mgmt
  bridge: br-mgmt

deployment_vm:
  name: deploy
  address: 10.20.0.10
  network: mgmt
  base_image: # copy the image beside this file; sha256sum prints the checksum
    path: images/debian-12.qcow2
    sha256: "${'0'.repeat(64)}"

hosts:
${hostEntries(stack)}
parameters: {}
`;
}

/** The example of a site file under another name. Throws SITE_NAME_INVALID. */
export function exampleText(name: string, example: string): string {
  if (!LABEL.test(name)) throw badName(name);
  return editText(example, [{ op: 'set', path: ['site', 'name'], value: name }]);
}

function hostEntries(stack: Stack): string {
  const needed = Object.entries(stack.roles ?? {}).flatMap(([role, { min = 0 }]) =>
    Array.from({ length: min }, () => role),
  );
  const entries = needed.map((role, index) => {
    const last = 11 + index;
    return `  - name: node-${index + 1}
    roles: [${role}]
    profile: auto
    bmc: { address: 10.20.1.${last}, credential: bmc }
    ssh: { user: installer, credential: node }
    interfaces:
      - { name: nic1, network: mgmt, address: 10.20.0.${last} }
`;
  });
  return entries.length === 0 ? '  []\n' : entries.join('');
}

function badName(name: string): BringupError {
  return new BringupError({
    code: 'SITE_NAME_INVALID',
    exit: EXIT.invalid,
    message: `${name === '' ? 'An empty name' : `"${name.slice(0, 80)}"`} cannot be the name of a site.`,
    hint: 'Use 1 to 63 lower-case letters, digits and dashes, with no dash at either end, such as plant-7.',
  });
}
