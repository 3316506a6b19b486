import { describe, expect, it } from 'vitest';
import { BringupError } from '../../src/contract/errors.ts';
import { migrateSite, parseSite } from '../../src/site/index.ts';
import { SITE } from './site-example.ts';

const TAIL = `deployment_vm:
  address: 10.20.0.10
  network: mgmt
  base_image: {path: images/debian-12.qcow2, sha256: ${'ab'.repeat(32)}}
`;

const OLD = `# Plant 7, first draft
apiVersion: bringup/v1beta1   # from the trial
site: {name: plant-7, domain: plant7.acme.example}
stack: dell-rke2

dns_servers: [10.20.0.2]   # corporate DNS
ntp_servers:
  # the clock in hall 3
  - 10.20.0.3   # GPS
networks:
  - {name: mgmt, cidr: 10.20.0.0/24}
  - {name: oob, cidr: 10.20.1.0/24}
kvm_host: {host: 10.20.0.5, user: installer, credential: kvm-host, network: mgmt, bridge: br-mgmt}
${TAIL}hosts:
  # top of the rack
  - name: node-1
    bmc_address: 10.20.1.11      # slot 1
    bmc_credential: idrac        # same for all
    serial: 'ABC1234'
  - {name: node-2, bmc_address: 10.20.1.12, bmc_credential: idrac}   # borrowed
`;

const NEW = `# Plant 7, first draft
apiVersion: bringup/v1   # from the trial
site: {name: plant-7, domain: plant7.acme.example}
stack: dell-rke2

# corporate DNS
# the clock in hall 3
# GPS
services:
  dns:
    mode: existing
    servers: [10.20.0.2]
  ntp:
    mode: existing
    servers: [10.20.0.3]
networks:
  - {name: mgmt, cidr: 10.20.0.0/24}
  - {name: oob, cidr: 10.20.1.0/24}
kvm_host: {address: 10.20.0.5, user: installer, credential: kvm-host, network: mgmt, bridge: br-mgmt}
${TAIL}hosts:
  # top of the rack
  - name: node-1
    # slot 1
    # same for all
    bmc: {address: 10.20.1.11, credential: idrac}
    serial: 'ABC1234'
  - {name: node-2, bmc: {address: 10.20.1.12, credential: idrac}}   # borrowed
`;

function refusal(text: string): string {
  try {
    return migrateSite(text).text;
  } catch (thrown) {
    if (thrown instanceof BringupError) return `${thrown.code} ${thrown.message} -> ${thrown.hint ?? ''}`;
    throw thrown;
  }
}

describe('a site file of bringup/v1beta1', () => {
  it('is read as one problem: what to do about it', () => {
    const { site, problems } = parseSite({ file: 'plant-7.yaml', text: OLD });
    expect(site).toBeUndefined();
    expect(problems).toMatchObject([{ code: 'SITE_OLD_VERSION', line: 2, column: 13, path: '$.apiVersion' }]);
    expect(problems[0]?.hint).toContain('bringup validate --migrate plant-7.yaml');
  });

  it('becomes one of bringup/v1, every comment kept', () => {
    const { text, from, to } = migrateSite(OLD);
    expect({ from, to }).toEqual({ from: 'bringup/v1beta1', to: 'bringup/v1' });
    expect(text).toBe(NEW);
    expect(parseSite({ file: 'site.yaml', text }).problems).toEqual([]);
  });

  it('comes with a list of what changed, by the lines of the old file', () => {
    expect(migrateSite(OLD).changes).toEqual([
      { line: 2, what: 'apiVersion is bringup/v1.' },
      { line: 6, what: 'dns_servers is now services.dns: {mode: existing, servers: [...]}.' },
      { line: 7, what: 'ntp_servers is now services.ntp: {mode: existing, servers: [...]}.' },
      { line: 13, what: 'kvm_host.host is now kvm_host.address.' },
      { line: 21, what: 'bmc_address and bmc_credential of hosts[0] are now in hosts[0].bmc.' },
      { line: 24, what: 'bmc_address and bmc_credential of hosts[1] are now in hosts[1].bmc.' },
    ]);
  });

  it('keeps the services that it has already', () => {
    const text = OLD.replace('networks:', 'services:\n  dhcp: {mode: none}   # later\nnetworks:');
    expect(migrateSite(text).text).toContain(
      'services:\n  dhcp: {mode: none}   # later\n  dns:\n    mode: existing\n    servers: [10.20.0.2]\n  ntp:',
    );
  });

  it('keeps Windows line ends and the byte order mark', () => {
    expect(migrateSite(`\uFEFF${OLD.replaceAll('\n', '\r\n')}`).text).toBe(
      `\uFEFF${NEW.replaceAll('\n', '\r\n')}`,
    );
  });
});

describe('a migration', () => {
  it('is done once: a file of this version stays as it is', () => {
    expect(migrateSite(NEW)).toEqual({ text: NEW, from: 'bringup/v1', to: 'bringup/v1', changes: [] });
    expect(migrateSite(SITE).text).toBe(SITE);
  });

  it.each([
    [
      'no YAML',
      'a: [1\nb: 2\n',
      /^SITE_MIGRATE_UNREADABLE .* because line 2 cannot be read: This is not valid YAML/,
    ],
    ['no version', 'stack: x\n', /^SITE_MIGRATE_VERSION The site file does not say which version it has\./],
    [
      'a newer version',
      'apiVersion: bringup/v7\n',
      /^SITE_MIGRATE_VERSION .*"bringup\/v7", which cannot be brought to/,
    ],
    [
      'the old field and the new one',
      OLD.replace('bmc_address', 'bmc: {}\n    bmc_address'),
      /^SITE_MIGRATE_CONFLICT hosts\[0\] has the older bmc_address as well as bmc\. -> Remove one of them/,
    ],
    [
      'what an alias repeats',
      OLD.replace('10.20.1.11 ', '&b 10.20.1.11 ').replace('10.20.1.12', '*b'),
      /^SITE_EDIT_ANCHOR Line 21 cannot be edited from here: .* \*b on line 24/,
    ],
  ])('refuses a file with %s', (_, text, told) => {
    expect(refusal(text)).toMatch(told);
  });
});
