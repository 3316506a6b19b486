import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { BringupError } from '../../src/contract/errors.ts';
import type { LabContext } from './context.ts';
import { type LabMachine, consoleTail } from './machines.ts';
import { initOf, isRunning } from './processes.ts';
import { tryTool } from './run-tool.ts';

const BOOT_LIMIT_MS = 60_000;
/** By then the first process of a machine has joined its namespace, unless it failed. */
const START_LIMIT_MS = 10_000;
/** A machine under load may take seconds to greet; only one that takes longer counts as down. */
const GREETING_LIMIT_MS = 5000;

/** Whether a machine's init runs and its SSH server greets from the laptop's side of the network. */
export async function isMachineUp(lab: LabContext, machine: LabMachine): Promise<boolean> {
  return (await initOf(lab, machine.name)) !== undefined && (await greetsOnSsh(machine.address));
}

/** Waits until a machine answers; LAB_MACHINE_NOT_UP with its console's last lines when it died or took over a minute. */
export async function waitForMachine(lab: LabContext, machine: LabMachine): Promise<void> {
  const started = Date.now();
  while (!(await isMachineUp(lab, machine))) {
    const died = !(await isRunning(lab, machine.name)) && Date.now() > started + START_LIMIT_MS;
    if (died || Date.now() > started + BOOT_LIMIT_MS) throw await notUp(lab, machine, died);
    await sleep(200);
  }
}

/** Proves that libvirt on the KVM host answers; its version line is the proof. */
export async function proveLibvirt(lab: LabContext, machine: LabMachine): Promise<string> {
  const init = await initOf(lab, machine.name);
  const inside = ['--target', String(init), '--all', '--', 'virsh', '--connect', 'qemu:///system', 'version'];
  const answer = await tryTool('nsenter', inside);
  const version = /Running hypervisor: (.*)/.exec(answer.stdout)?.[1];
  if (answer.ok && version !== undefined) return version;
  throw new BringupError({
    code: 'LAB_LIBVIRT_NOT_UP',
    message: 'The KVM host of the lab booted, but libvirt on it does not answer.',
    hint: 'bringup lab down, then up again; the evidence holds what virsh said.',
    evidence: [{ source: 'virsh version', text: answer.output }],
  });
}

async function notUp(lab: LabContext, machine: LabMachine, died: boolean): Promise<BringupError> {
  return new BringupError({
    code: 'LAB_MACHINE_NOT_UP',
    message: died
      ? `${machine.name} of the lab stopped before its SSH server answered.`
      : `${machine.name} of the lab did not answer SSH on ${machine.address} within ${BOOT_LIMIT_MS / 1000} s.`,
    hint: 'The evidence holds the last lines of its console; bringup lab down, then up, starts afresh.',
    evidence: [{ source: `console of ${machine.name}`, text: await consoleTail(lab, machine.name) }],
  });
}

function greetsOnSsh(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: address, port: 22 });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(GREETING_LIMIT_MS, () => finish(false));
    socket.once('data', (data) => finish(data.toString('latin1').startsWith('SSH-2.0-')));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
  });
}
