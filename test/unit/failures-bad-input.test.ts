import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { explainFailure } from '../../src/failures/index.ts';
import { shippedCatalogue } from './failures-texts.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const PAGE = read('docs/stacks/bad-input.md');
const REHEARSED = parse(read('assets/rehearsal/faults.yaml')) as readonly {
  readonly name: string;
  readonly results?: readonly { readonly res: { readonly code?: string } }[];
}[];
const catalogue = shippedCatalogue();
const SECRET = 'a-long-bmc-password';

/** What is wrong, as the code that brings it up says it; the cause, and whose it is; the fault that rehearses it, if it is of that code. */
const BAD_INPUT = [
  [
    'REDFISH_LOGIN_REFUSED',
    'The BMC at 10.20.1.11 refuses the user name or password of its credential; it was tried once.',
    ...['redfish.auth_failed', 'field-engineer', 'bmc-password'],
  ],
  [
    'OME_DEVICE_REFUSED',
    'OpenManage Enterprise could not log in to the BMC of node-4 at 10.20.1.14.',
    ...['ome.bmc_refused', 'field-engineer', 'bmc-password'],
  ],
  [
    'OME_UNREACHABLE',
    'The job 10042 cannot be followed: OpenManage Enterprise at 10.20.1.40 port 443 cannot be reached: connection refused.',
    ...['ome.unreachable', 'customer-network', 'ome-down'],
  ],
  [
    'FIRMWARE_CATALOG_MISSING',
    'The firmware catalogue is not at https://10.20.0.10/firmware/Catalog.xml.gz: HTTP 404.',
    ...['firmware.catalog_missing', 'field-engineer', 'catalogue-missing'],
  ],
  [
    'FIRMWARE_PACKAGE_MODEL',
    'The firmware update of node-2 failed: RED097: The specified firmware image is for a component that is not in the target system inventory.',
    ...['firmware.package_model', 'field-engineer', 'dup-other-model'],
  ],
  [
    'HOST_POWERED_OFF',
    'node-3 is powered off: what is to be set there takes effect in a start, and Bringup does not switch on a server that somebody switched off.',
    ...['host.powered_off', 'field-engineer', 'host-off'],
  ],
  [
    'FIRMWARE_JOB_ENDLESS',
    'The job 10042 (Firmware Update Task) of OpenManage Enterprise for node-2 has not ended: running since 2026-11-21 20:00:00.',
    ...['firmware.job_endless', 'field-engineer', 'job-stuck'],
  ],
  [
    'REPOSITORY_CORRUPT',
    'The repository is not whole: firmware/BIOS_X.EXE is corrupted: its SHA-256 is another one.',
    ...['repository.corrupted', 'field-engineer', 'repository-hash'],
  ],
  [
    'RKE2_HASH',
    'rke2.linux-amd64.tar.gz in /srv/repository/rke2 is not the file of the release: its SHA-256 is 11aa, and sha256sum-amd64.txt says 22bb.',
    ...['rke2.artifact_hash', 'field-engineer', 'artifact-hash'],
  ],
  [
    'REDFISH_CERTIFICATE_EXPIRED',
    'The TLS certificate of the BMC at 10.20.1.11 port 443 has expired; the clock here says 2026-11-21 18:30 UTC.',
    ...['redfish.certificate_expired', 'field-engineer', 'bmc-certificate-expired'],
  ],
  [
    'REPOSITORY_CERTIFICATE_EXPIRED',
    'the certificate of 10.20.0.10 port 443 has expired; the clock here says 2026-11-21 18:30 UTC.',
    ...['repository.certificate_expired', 'field-engineer', 'repository-certificate'],
  ],
  [
    'NTP_OFFSET',
    "this machine's clock is +3599.6 s off 10.20.0.3, wanted within 2 s",
    ...['clock.off', 'field-engineer', 'ntp-off'],
  ],
  [
    'RKE2_CLOCK',
    'The clock of node-2 is 3600 s ahead of that of the deployment VM: 2026-11-21 03:00:00 UTC here, 2026-11-21 02:00:00 UTC there.',
    ...['rke2.clock', 'field-engineer', 'ntp-off'],
  ],
  [
    'DHCP_LEASE',
    'On nic2: 10.20.0.66 answered as well, after 10.20.0.10: there is another DHCP server on this network',
    ...['dhcp.other_server', 'customer-network', 'dhcp-other-server'],
  ],
] as const;

describe.each(BAD_INPUT)('%s', (code, message, key, owner, fault) => {
  const record = explainFailure(
    {
      what: 'A task failed.',
      where: { stage: 'firmware', task: 'Tell what failed', host: 'node-2', runs_on: 'deployment-vm' },
      ...{ code, message },
      evidence: [{ source: 'stderr', text: `password: ${SECRET}\n${message}` }],
    },
    catalogue,
    { run: 'r1', site: 'plant-7', at: '2026-11-22T02:00:00Z', version: '0.1.0' },
  );

  it('says why and whose it is, and quotes no secret', () => {
    expect([record.why.key, record.owner]).toEqual([key, owner]);
    const told = JSON.stringify(record);
    expect(told).toContain(JSON.stringify(message).slice(1, 60));
    expect(told).not.toContain(SECRET);
    expect(told).not.toMatch(/\{\w+\|/);
  });

  it('says what to do first, and that the run goes on afterwards', () => {
    expect(record.fixes.length).toBeGreaterThan(1);
    expect(record.fixes.map(({ command = '' }) => command).join('\n')).toMatch(/^bringup (?:resume|retry)/m);
  });

  it('is on the page of bad input, and can be rehearsed', () => {
    expect(PAGE).toContain(`\`${code}\``);
    const rehearsed = REHEARSED.find(({ name }) => name === fault);
    expect(rehearsed).toBeDefined();
    const codes = rehearsed?.results?.flatMap(({ res }) => res.code ?? []) ?? [];
    // One that is met at another place first is rehearsed there, and there it has another code.
    if (REHEARSED.some(({ results = [] }) => results.some(({ res }) => res.code === code)))
      expect(codes).toContain(code);
  });
});
