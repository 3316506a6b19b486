import type { PlannedStage, Status } from '../contract/events.ts';
import type { StageAttempt, StageEvent } from '../contract/ports.ts';
import type { RemoteConnection } from '../remote/index.ts';
import { sendBundle } from './bundle-send.ts';
import type { BundleUse } from './bundle-use.ts';

interface BringPorts {
  readonly bundle: BundleUse;
  readonly connect: () => Promise<RemoteConnection>;
  readonly cancel: AbortSignal;
  /** Folder on the deployment VM; its own place where it is left out. */
  readonly root?: string;
}

const TASK = 'bundle';

/** Sends what the bundle has for the repository to the deployment VM before a playbook begins, told as a task of its stage. */
export async function bringBundle(
  { bundle, connect, cancel, root }: BringPorts,
  stage: Pick<PlannedStage, 'hosts'>,
  attempt: Pick<StageAttempt, 'seen' | 'knows'>,
  emit: (event: StageEvent) => void,
): Promise<void> {
  // A playbook that runs already has what it needs, and the laptop may have lost the bundle since.
  if (attempt.seen !== undefined && attempt.seen.counter > 0) return;
  const task = TASK;
  const host = stage.hosts[0] ?? 'deployment-vm';
  const result = (status: Status, text: string): void => {
    if (!attempt.knows(task, host)) emit({ kind: 'host.result', task, host, status, text });
  };
  if (!attempt.knows(task)) emit({ kind: 'task.started', task, title: 'Send the files of the bundle' });
  try {
    const { files, sent } = await sendBundle(
      await connect(),
      bundle,
      cancel,
      (text, progress) => {
        emit({ kind: 'task.progress', task, host, text, progress });
      },
      root,
    );
    result(
      sent === 0 ? 'ok' : 'changed',
      sent === 0 ? `all ${files} files are there` : `${sent} of ${files} files sent and verified`,
    );
  } catch (thrown) {
    result('failed', thrown instanceof Error ? thrown.message : String(thrown));
    throw thrown;
  }
}
