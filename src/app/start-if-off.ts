import { setTimeout as sleep } from 'node:timers/promises';
import { BringupError } from '../contract/errors.ts';
import type { StageEvent } from '../contract/ports.ts';
import type { RemoteConnection } from '../remote/index.ts';
import type { Session } from './session.ts';

const OFF = new Set(['VM_OFF', 'VM_PAUSED']);
const TASK = 'bringup.start-vm';
const HOST = 'kvm-host';
/** As long as a VM may take to boot under software emulation. */
const BOOT_SECONDS = 300;
const PAUSE_MS = 3000;

/** The connection to the deployment VM, which is started first where it is switched off; that is told as a task. */
export async function startIfOff(
  session: Pick<Session, 'deploymentVm' | 'startVm'>,
  emit: (event: StageEvent) => void,
  signal: AbortSignal,
): Promise<RemoteConnection> {
  try {
    return await session.deploymentVm();
  } catch (thrown) {
    if (!(thrown instanceof BringupError) || !OFF.has(thrown.code) || signal.aborted) throw thrown;
  }
  emit({ kind: 'task.started', task: TASK, title: 'Start the deployment VM, which does not run' });
  const told = { kind: 'host.result', task: TASK, host: HOST } as const;
  try {
    await session.startVm();
    const vm = await firstAnswer(session, signal);
    emit({ ...told, status: 'changed', text: 'started, and it answers' });
    return vm;
  } catch (thrown) {
    emit({ ...told, status: 'failed', text: thrown instanceof Error ? thrown.message : String(thrown) });
    throw thrown;
  }
}

async function firstAnswer(
  session: Pick<Session, 'deploymentVm'>,
  signal: AbortSignal,
): Promise<RemoteConnection> {
  const began = performance.now();
  for (;;) {
    try {
      return await session.deploymentVm();
    } catch (thrown) {
      const boots = thrown instanceof BringupError && /^(SSH_(?!AUTH|HOST_KEY)|TUNNEL_)/.test(thrown.code);
      if (!boots || signal.aborted || performance.now() - began > BOOT_SECONDS * 1000) throw thrown;
      await sleep(PAUSE_MS);
    }
  }
}
