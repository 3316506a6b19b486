import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { HardwareSnapshot } from '../../src/contract/hardware.ts';
import { checkCompat, parseRequirements, type Machine } from '../../src/profiles/index.ts';
import { parseStack } from '../../src/stacks/index.ts';
import { disksOf, machineOf } from './profiles-example.ts';

const RKE2 = readFileSync(new URL('../../playbooks/stacks/dell-rke2/stack.yaml', import.meta.url), 'utf8');

/** A stack with an application that wants a GPU. */
const AI = `
stack: ai
version: 1
roles: {worker: {min: 1}, head: {min: 1}}
requires:
  - {field: memory.total_gib, at_least: 32, severity: fail, why: The base needs 32 GiB.}
applications:
  - name: inference
    title: Inference server
    requires:
      - {roles: [worker], field: accelerators, where: {kind: gpu, memory_gib: {at_least: 24}}, severity: fail, why: Models need 24 GiB.}
      - {roles: [worker], field: cpu.flags, has: [avx512f], severity: warn, why: Preprocessing is slow without.}
      - {roles: [worker], field: os.name, one_of: [debian, ubuntu], severity: fail, why: The driver is built for these.}
stages:
  - {id: one, title: One, runs_on: kvm-host, playbook: one.yml}
`;

function compat(stack: string, changes: Partial<HardwareSnapshot>, entry: Partial<Machine>) {
  const { requirements, problems } = parseRequirements(stack, 'stack.yaml');
  expect(problems).toEqual([]);
  const host = checkCompat([machineOf(changes, entry)], requirements).hosts[0]!;
  return {
    ...host,
    lines: host.checks.map(
      (check) => `${check.status} ${check.application} ${check.field} ${check.wanted}: ${check.seen}`,
    ),
  };
}

const gpu = (memory_gib?: number): HardwareSnapshot['accelerators'] => [
  {
    id: 'gpu-1',
    kind: 'gpu',
    model: 'L4',
    health: 'OK',
    ...(memory_gib === undefined ? {} : { memory_gib }),
  },
];
const worker = { roles: ['worker'] };

describe('a stack with an application for GPUs', () => {
  it('passes what is there and warns of what the BMC does not tell', () => {
    const { status, reason, lines } = compat(AI, { accelerators: gpu(24) }, worker);
    expect(lines).toEqual([
      'pass ai memory.total_gib at least 32 GiB: 256 GiB',
      'pass inference accelerators at least 1 accelerator with kind gpu and memory at least 24 GiB: 1 of 1 fit: 1 x gpu L4',
      'warn inference cpu.flags avx512f: not seen: the BMC does not tell cpu.flags',
      'warn inference os.name debian or ubuntu: not seen: the BMC does not tell os.name',
    ]);
    expect(status).toBe('warn');
    expect(reason).toBe(
      'inference wants cpu.flags avx512f; not seen: the BMC does not tell cpu.flags, and 1 more.',
    );
  });

  it('passes the operating system where something else told it', () => {
    const flags = { cpu: { count: 2, cores: 32, threads: 64, flags: ['avx2', 'avx512f'], processors: [] } };
    const { status, reason } = compat(
      AI,
      { ...flags, accelerators: gpu(48) },
      { ...worker, os: { name: 'Debian' } },
    );
    expect([status, reason]).toEqual(['pass', 'All 4 requirements are met.']);
  });

  it('warns rather than fails when the memory of the GPU is not told', () => {
    expect(compat(AI, { accelerators: gpu() }, worker).lines[1]).toBe(
      'warn inference accelerators at least 1 accelerator with kind gpu and memory at least 24 GiB: 0 of 1 fit, 1 more may (memory not told): 1 x gpu L4',
    );
  });

  it('fails a worker without a GPU, and asks none of a head', () => {
    expect(compat(AI, {}, worker)).toMatchObject({
      status: 'fail',
      reason:
        'inference wants accelerators at least 1 accelerator with kind gpu and memory at least 24 GiB; seen: no accelerators.',
    });
    expect(compat(AI, {}, { roles: ['head'] })).toMatchObject({
      status: 'pass',
      reason: 'The only requirement is met.',
    });
  });

  it('does not know of a machine that was not discovered', () => {
    const { requirements } = parseRequirements(AI, 'stack.yaml');
    expect(checkCompat([{ host: 'node-9', profile: 'auto', roles: ['worker'] }], requirements).hosts).toEqual(
      [
        {
          host: 'node-9',
          status: 'unknown',
          reason: 'Not known, because nothing was discovered of node-9.',
          checks: [],
        },
      ],
    );
  });
});

describe('requirements that are wrong', () => {
  it.each([
    [
      'a role the stack does not have',
      ['roles: [worker]', 'roles: [wroker]'],
      'STACK_UNKNOWN_ROLE',
      'Did you mean worker?',
    ],
    ['no reason', [', why: The base needs 32 GiB.', ''], 'STACK_MISSING_FIELD', 'why: Why it is needed.'],
    [
      'a severity there is not',
      ['severity: warn', 'severity: warnn'],
      'STACK_BAD_VALUE',
      'Did you mean warn?',
    ],
    [
      'a field there is not',
      ['field: cpu.flags', 'field: cpu.flag'],
      'STACK_UNKNOWN_FIELD',
      'Did you mean cpu.flags?',
    ],
  ])('are found: %s', (_, [from = '', to = ''], code, hint) => {
    const { problems } = parseRequirements(AI.replace(from, to), 'stack.yaml');
    expect(problems).toMatchObject([{ code, hint, file: 'stack.yaml' }]);
    expect(problems[0]!.line).toBeGreaterThan(5);
  });
});

describe('the stack dell-rke2', () => {
  const server = { roles: ['rke2-server'] };

  it('is accepted by the parser of stacks and by that of requirements', () => {
    expect(parseStack(RKE2, 'stack.yaml').requires).toHaveLength(
      parseRequirements(RKE2, 'stack.yaml').requirements.length,
    );
    expect(parseRequirements(AI, 'stack.yaml').requirements).toHaveLength(4);
    expect(parseStack(AI, 'stack.yaml').applications?.[0]?.name).toBe('inference');
  });

  it.each<[string, Partial<HardwareSnapshot>, string, RegExp]>([
    ['a usual server', {}, 'pass', /^All 7 requirements are met/],
    [
      '2 GiB',
      { memory: { total_gib: 2, dimms: [] } },
      'fail',
      /memory\.total_gib at least 4 GiB; seen: 2 GiB/,
    ],
    [
      '6 GiB',
      { memory: { total_gib: 6, dimms: [] } },
      'warn',
      /memory\.total_gib at least 8 GiB; seen: 6 GiB/,
    ],
    [
      'hard disks under etcd',
      { disks: disksOf([2, 'hdd', 600]) },
      'warn',
      /disks at least 1 disk with kind ssd or nvme; seen: 0 of 2 fit/,
    ],
    [
      'an ARM server',
      { cpu: { count: 1, cores: 64, threads: 64, architecture: 'aarch64', processors: [] } },
      'fail',
      /cpu\.architecture x86_64; seen: aarch64/,
    ],
    ['another maker', { manufacturer: 'HPE' }, 'warn', /manufacturer like Dell\*; seen: HPE/],
  ])('gives %s', (_, changes, status, reason) => {
    const found = compat(RKE2, changes, server);
    expect(found.status).toBe(status);
    expect(found.reason).toMatch(reason);
  });
});
