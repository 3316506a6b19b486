import { describe, expect, it } from 'vitest';
import { startIfOff } from '../../src/app/start-if-off.ts';
import { startVm, unlessOff } from '../../src/app/vm-power.ts';
import { BringupError } from '../../src/contract/errors.ts';
import type { StageEvent } from '../../src/contract/ports.ts';
import type { RemoteConnection } from '../../src/remote/index.ts';
import type { NormalisedSite } from '../../src/site/index.ts';

const site = { site: { name: 'plant-7' }, deployment_vm: { name: 'deploy' } } as NormalisedSite;
const noRoute = new BringupError({ code: 'SSH_UNREACHABLE', message: 'no way to it' });
const vm = { label: 'deployment VM' } as RemoteConnection;

/** A KVM host that answers virsh with these words, one after the other, and notes what it was asked. */
function kvmHost(...answers: readonly { code?: number; stdout?: string; stderr?: string }[]) {
  const asked: string[] = [];
  const left = [...answers];
  const host = {
    label: 'KVM host',
    sudo: (command: string) => {
      asked.push(command);
      const answer = left.length > 1 ? left.shift() : left[0];
      return Promise.resolve({ code: 0, stdout: '', stderr: '', ...answer });
    },
  } as unknown as RemoteConnection;
  return { host, asked };
}

describe('a VM that does not answer', () => {
  it('is left to the network where it runs, and where nobody can tell', async () => {
    for (const answer of [{ stdout: 'running (booted)\n' }, { code: 1, stderr: 'no domain' }]) {
      const { host } = kvmHost(answer);
      await expect(unlessOff(host, site, () => Promise.reject(noRoute))).rejects.toBe(noRoute);
    }
  });

  it('is waited for where its KVM host has just booted and starts it a moment later', async () => {
    const { host } = kvmHost({ stdout: 'shut off (unknown)\n' }, { stdout: 'running (booted)\n' });
    await expect(unlessOff(host, site, () => Promise.reject(noRoute))).rejects.toBe(noRoute);
  });

  it('is not asked after where something else than the way to it is wrong', async () => {
    const { host, asked } = kvmHost({ stdout: 'shut off\n' });
    const other = new BringupError({ code: 'CANCELLED', message: 'cancelled' });
    await expect(unlessOff(host, site, () => Promise.reject(other))).rejects.toBe(other);
    expect(asked).toEqual([]);
  });
});

describe('starting it', () => {
  it('lets a paused one go on, else boots it', async () => {
    const { host, asked } = kvmHost({});
    await startVm(host, site);
    expect(asked[0]).toMatch(/resume plant-7-deploy .*\|\| .*start plant-7-deploy$/);
  });

  it('says in libvirt’s words why it does not start', async () => {
    const { host } = kvmHost({ code: 1, stderr: 'error: Cannot access storage file' });
    await expect(startVm(host, site)).rejects.toMatchObject({
      code: 'VM_START_FAILED',
      evidence: [{ text: 'error: Cannot access storage file' }],
    });
  });
});

describe('a run that goes on', () => {
  const off = new BringupError({ code: 'VM_OFF', message: 'it is off' });
  const never = new AbortController().signal;

  it('starts the VM that was off, tells it as a task, and goes on with its first answer', async () => {
    const told: StageEvent[] = [];
    const logins = [() => Promise.reject(off), () => Promise.resolve(vm)];
    const started: string[] = [];
    const session = {
      deploymentVm: () => logins.shift()?.() ?? Promise.reject(off),
      startVm: async () => void started.push('started'),
    };
    await expect(startIfOff(session, (event) => told.push(event), never)).resolves.toBe(vm);
    expect(started).toEqual(['started']);
    expect(told.map((event) => event.kind)).toEqual(['task.started', 'host.result']);
    expect(told.at(-1)).toMatchObject({ status: 'changed' });
  });

  it('tells nothing where the VM runs, and leaves every other error as it is', async () => {
    const told: StageEvent[] = [];
    const startNever = { startVm: () => Promise.reject(new Error('nobody asked for that')) };
    const emit = (event: StageEvent): void => void told.push(event);
    const runs = { ...startNever, deploymentVm: () => Promise.resolve(vm) };
    await expect(startIfOff(runs, emit, never)).resolves.toBe(vm);
    const lost = { ...startNever, deploymentVm: () => Promise.reject(noRoute) };
    await expect(startIfOff(lost, emit, never)).rejects.toBe(noRoute);
    expect(told).toEqual([]);
  });
});
