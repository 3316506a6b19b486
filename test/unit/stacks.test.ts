import { describe, expect, it } from 'vitest';
import { BringupError } from '../../src/contract/errors.ts';
import { parseStack, planStages, stagesUntil } from '../../src/stacks/index.ts';

const STACK = `
stack: two-step
version: 1
stages:
  - {id: deployment-vm, title: Build the VM, runs_on: kvm-host, playbook: deployment-vm.yml, expect_seconds: 300}
  - {id: dns, title: DNS, runs_on: deployment-vm, playbook: dns.yml, after: [deployment-vm], when: {services.dns.mode: managed}}
  - {id: health, title: Health, runs_on: deployment-vm, playbook: health.yml, after: [dns]}
`;
const NAMES = { deploymentVm: 'deploy', targets: ['node-1', 'node-2'] };

function faultOf(text: string): BringupError {
  try {
    parseStack(text, 'stack.yaml');
  } catch (error) {
    if (error instanceof BringupError) return error;
    throw error;
  }
  throw new Error('the stack was accepted');
}

describe('a stack', () => {
  it('puts preflight and upload before the first playbook', () => {
    const plan = planStages(
      parseStack(STACK, 'stack.yaml'),
      { services: { dns: { mode: 'managed' } } },
      NAMES,
    );
    expect(plan.map((stage) => `${stage.id} after ${stage.after.join('+')}`)).toEqual([
      'kvm-host-preflight after ',
      'upload after kvm-host-preflight',
      'deployment-vm after upload',
      'dns after deployment-vm',
      'health after dns',
    ]);
    expect(plan[3]).toMatchObject({
      hosts: ['deploy', 'node-1', 'node-2'],
      reason: 'services.dns.mode is managed',
    });
  });

  it('leaves out a stage whose condition the site does not meet; who waited for it waits for what it waited for', () => {
    const plan = planStages(
      parseStack(STACK, 'stack.yaml'),
      { services: { dns: { mode: 'existing' } } },
      NAMES,
    );
    expect(plan.map((stage) => stage.id)).not.toContain('dns');
    expect(plan.at(-1)?.after).toEqual(['deployment-vm']);
  });

  it('says which servers a stage leaves out while they have no operating system, and who tries them then', () => {
    const leaving =
      'after: [deployment-vm], leaves_out: {hosts: parameters.os.hosts, tried_by: health}, when:';
    const stack = parseStack(STACK.replace('after: [deployment-vm], when:', leaving), 'stack.yaml');
    const reasonWith = (hosts?: readonly string[]) => {
      const parameters = hosts === undefined ? {} : { os: { hosts } };
      const site = { services: { dns: { mode: 'managed' } }, parameters };
      return planStages(stack, site, NAMES).find(({ id }) => id === 'dns')?.reason;
    };
    const then = 'while there is no operating system, which stage health tries then';
    expect(reasonWith()).toBe('services.dns.mode is managed');
    expect(reasonWith(['node-2'])).toBe(`services.dns.mode is managed; without node-2 ${then}`);
    expect(reasonWith(['a', 'b', 'c', 'd', 'e', 'f'])).toContain(
      `without the 6 servers of parameters.os.hosts ${then}`,
    );
    expect(
      faultOf(STACK.replace('after: [deployment-vm], when:', leaving.replace('health', 'nobody'))),
    ).toMatchObject({
      code: 'STACK_INVALID',
      message: expect.stringContaining('stage dns leaves hosts to nobody, which is not listed') as string,
    });
  });

  it('ends at a stage when asked: that one and those it waits for', () => {
    const plan = planStages(
      parseStack(STACK, 'stack.yaml'),
      { services: { dns: { mode: 'managed' } } },
      NAMES,
    );
    const until = (id: string): string[] => stagesUntil(plan, id).map((stage) => stage.id);
    expect(until('kvm-host-preflight')).toEqual(['kvm-host-preflight']);
    expect(until('dns')).toEqual(['kvm-host-preflight', 'upload', 'deployment-vm', 'dns']);
    expect(() => until('dsn')).toThrow('There is no stage dsn in the plan');
  });

  it('never evaluates a condition', () => {
    const plan = planStages(parseStack(STACK, 'stack.yaml'), { services: { dns: 'managed' } }, NAMES);
    expect(plan.map((stage) => stage.id)).not.toContain('dns');
  });

  it('names every fault of a bad stack', () => {
    const error = faultOf('stack: x\nversion: 1\nstages: [{id: A, title: t, runs_on: moon, playbook: ../x}]');
    expect(error).toMatchObject({ code: 'STACK_INVALID', exit: 2 });
    expect(error.evidence.map((line) => line.text).join('\n')).toMatch(/\/stages\/0\/id/);
    expect(error.evidence.map((line) => line.text).join('\n')).toMatch(/\/stages\/0\/playbook/);
  });

  it('refuses a stage that waits for a later or unknown one, and an id listed twice', () => {
    const error = faultOf(
      'stack: x\nversion: 1\nstages: [{id: a, title: t, runs_on: kvm-host, playbook: a.yml, after: [b]}, {id: a, title: t, runs_on: kvm-host, playbook: a.yml}]',
    );
    expect(error.evidence.map((line) => line.text)).toEqual([
      'stage a comes after b, which is not listed before it',
      'stage a is listed twice',
    ]);
  });

  it('meets text that is no YAML with its place', () => {
    expect(faultOf('stages: [').message).toMatch(/stack\.yaml is not valid: .*line 1/);
  });
});
