import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseStack } from '../../src/stacks/index.ts';
import { marked, problemsOf, SITE } from './site-example.ts';

const FILE = new URL('../../playbooks/stacks/dell-rke2/stack.yaml', import.meta.url);
const STACK = parseStack(readFileSync(FILE, 'utf8'), 'stack.yaml');
const OS = `mode: install, image: "http://10.20.0.9/os.iso", sha256: ${'ab'.repeat(32)}`;
const OME = 'mode: deploy, credential: ome, image: {path: ome.qcow2, sha256: ' + 'ab'.repeat(32) + '}';

/** The example with these parameters at its end; `¦` is the place of the problem. */
const withParameters = (line: string) => marked(SITE, `${SITE}parameters:\n  ${line}\n`);

describe('what parameters name', () => {
  it.each([
    [
      `os: {hosts: [node-1, ¦nod-1], ${OS}}`,
      'SITE_UNKNOWN_HOST There is no host named nod-1. -> Did you mean node-1?',
    ],
    [
      `os: {hosts: [node-1], overwrite: [¦server-9], ${OS}}`,
      'SITE_UNKNOWN_HOST There is no host named server-9. -> The hosts are: node-1, node-2.',
    ],
    [
      `os: {hosts: [¦node-2], ${OS}}`,
      'SITE_HOST_LACKS parameters.os.hosts[0] names node-2, which has no ssh in the site file. -> Add ssh to the host node-2, or take it from this list.',
    ],
    [
      'bios: {via: direct, restart_at_work: [¦node-3]}',
      'SITE_UNKNOWN_HOST There is no host named node-3. -> Did you mean node-1?',
    ],
    ['rke2: {network: ¦mgnt}', 'SITE_UNKNOWN_NETWORK There is no network named mgnt. -> Did you mean mgmt?'],
    [
      'rke2: {vip: ¦10.20.0.11}',
      'SITE_DUPLICATE_ADDRESS parameters.rke2.vip has the address 10.20.0.11, but node-1 nic1 has it already. -> Give each its own address.',
    ],
    [
      'rke2: {vip: ¦10.20.0.150}',
      'SITE_DHCP_TAKES_ADDRESS The address 10.20.0.150 of parameters.rke2.vip is in the DHCP range 10.20.0.100 to 10.20.0.199. -> Choose an address outside the range, or make the range smaller.',
    ],
    [
      'rke2: {vip: ¦10.20.0.999}',
      'SITE_BAD_ADDRESS parameters.rke2.vip must be an IPv4 address, not "10.20.0.999". -> Write it as four numbers from 0 to 255 without leading zeros, like 10.20.0.5.',
    ],
    [
      `ome: {address: ¦10.20.1.11, ${OME}}`,
      'SITE_DUPLICATE_ADDRESS parameters.ome.address has the address 10.20.1.11, but the BMC of node-1 has it already. -> Give each its own address.',
    ],
    [
      'rke2: {artifacts: ¦rke2/v1.31.4}',
      'SITE_NO_REPOSITORY parameters.rke2.artifacts is a path in the repository of the deployment VM, but services.repository has the mode none. -> Set services.repository.mode to managed, or name a folder on the deployment VM (/...).',
    ],
    [
      'rke2: {registries: [{name: docker.io, endpoints: ["https://a"]}, {name: ¦docker.io, endpoints: ["https://b"]}]}',
      'SITE_DUPLICATE_NAME "docker.io" is named already by parameters.rke2.registries[0].name. -> Put both into one entry.',
    ],
  ])('is there, or is told at its place: %s', (line, problem) => {
    const { text, at } = withParameters(line);
    expect(problemsOf(text, { stack: STACK })).toEqual([`${at} ${problem}`]);
  });

  it('lets a registry have a login only where nobody on the way can read it', () => {
    const registry = (endpoint: string) =>
      withParameters(
        `rke2: {registries: [{name: docker.io, endpoints: [¦"${endpoint}"], credential: site/registry}]}`,
      );
    expect(problemsOf(registry('https://10.20.0.9:5000').text, { stack: STACK })).toEqual([]);
    const { text, at } = registry('http://10.20.0.9:5000');
    expect(problemsOf(text, { stack: STACK })).toEqual([
      expect.stringContaining(`${at} SITE_PARAMETER parameters.rke2.registries[0].endpoints[0]`),
    ]);
  });

  it.each([
    `os: {hosts: [node-1], ${OS}}`,
    'rke2: {network: oob, vip: 10.20.0.50, artifacts: /srv/rke2}',
    `ome: {mode: existing, address: 10.20.1.11, credential: ome}`,
  ])('has nothing wrong with %s', (line) => {
    expect(problemsOf(`${SITE}parameters:\n  ${line}\n`, { stack: STACK })).toEqual([]);
  });

  it('is not looked at where no stack is known, and survives every form of nonsense', () => {
    const { text } = withParameters('os: ¦{hosts: [nobody]}');
    expect(problemsOf(text)).toEqual([]);
    for (const nonsense of [
      'os: 7',
      'os: {hosts: nobody}',
      'rke2: [vip]',
      'rke2: {registries: [1, null]}',
      'ome: null',
    ])
      expect(() => problemsOf(`${SITE}parameters: {${nonsense}}\n`, { stack: STACK })).not.toThrow();
  });
});
