import { BringupError } from '../contract/errors.ts';
import type { PlannedStage } from '../contract/events.ts';
import type { StageAttempt, StageEvent, StageExecutor } from '../contract/ports.ts';
import { uploadedPath, type Virtualization } from '../preflight/index.ts';
import { quote, type RemoteConnection } from '../remote/index.ts';
import type { RunState } from '../runs/index.ts';
import { PREFLIGHT_STAGE, UPLOAD_STAGE } from '../stacks/index.ts';
import type { WantedFile } from './checked-file.ts';
import type { LocalFile } from './pack.ts';
import type { Session } from './session.ts';
import { startIfOff } from './start-if-off.ts';
import { unlessCancelled } from './unless-cancelled.ts';
import { sendProject } from './upload-stage.ts';

export interface GroundPorts {
  readonly session: Pick<Session, 'kvmHost' | 'deploymentVm' | 'startVm'>;
  project(): Promise<LocalFile>;
  /** What the upload stage sends beside the playbooks. */
  readonly files: readonly WantedFile[];
  /** The stages that prove and send what later ones build on. */
  preflight(): StageExecutor;
  upload(): StageExecutor;
  /** The run so far, where it goes on. */
  readonly known: RunState | undefined;
  /** Whether the run begins with an upload; without one the playbooks are sent when a stage needs them. */
  readonly uploads: boolean;
  readonly cancel: AbortSignal;
}

/** What the stages on the laptop left for those at the site: where a run goes on, it is looked at again. */
export interface Ground {
  /** Told by the preflight of this process. */
  prove(virtualization: Virtualization): void;
  virtualization(): Virtualization;
  /**
   * Makes sure that what a stage builds on is there. What is missing is made up for, and told as tasks of the stage that
   * needs it; where nothing is missing, nothing is told.
   */
  ready(stage: PlannedStage, attempt: StageAttempt, emit: (event: StageEvent) => void): Promise<void>;
}

export function createGround(ports: GroundPorts): Ground {
  const proved = ports.known?.stages.get(PREFLIGHT_STAGE)?.facts?.['virtualization'];
  const inTurn = createTurns();
  let virtualization: Virtualization | undefined =
    proved === 'kvm' || proved === 'emulate' ? proved : undefined;

  async function again(
    id: string,
    executor: StageExecutor,
    stage: PlannedStage,
    emit: (event: StageEvent) => void,
  ): Promise<void> {
    const planned = ports.known?.stages.get(id) ?? stage;
    const { status, text } = await executor.execute(planned, emit, ports.cancel);
    if (status === 'ok' || status === 'changed') return;
    throw new BringupError({
      code: 'GROUND_LOST',
      message: `Stage ${id} passed earlier in this run, and now it does not: ${text ?? status}.`,
      hint: `Mend what is told with it, then retry it: bringup retry --stage ${id}`,
    });
  }

  return {
    prove: (value) => {
      virtualization = value;
    },
    virtualization: () => virtualization ?? 'emulate',
    ready: (stage, attempt, emit) => inTurn(() => ready(stage, attempt, emit)),
  };

  async function ready(
    stage: PlannedStage,
    attempt: StageAttempt,
    emit: (event: StageEvent) => void,
  ): Promise<void> {
    const { session, known, uploads } = ports;
    const project = await ports.project();
    // What runs already is followed to its end whatever was cancelled.
    const follows = attempt.seen !== undefined;
    const signal = follows ? new AbortController().signal : ports.cancel;
    const open = (connection: Promise<RemoteConnection>): Promise<RemoteConnection> =>
      unlessCancelled(connection, signal);
    if (known !== undefined || !uploads) await sendProject(await open(session.kvmHost()), project, signal);
    if (stage.runs_on === 'deployment-vm') {
      // Who goes on with a run that a VM without power has stopped wants it to run.
      const vm = known === undefined ? session.deploymentVm() : startIfOff(session, emit, signal);
      // The deployment VM gets the same playbooks tree; it is there already when nothing changed.
      await sendProject(await open(vm), project, signal);
      return;
    }
    if (known === undefined || follows) return;
    if (known.stages.has(PREFLIGHT_STAGE) && virtualization === undefined)
      await again(PREFLIGHT_STAGE, ports.preflight(), stage, emit);
    if (!(await areThere(await open(session.kvmHost()), ports.files)))
      await again(UPLOAD_STAGE, ports.upload(), stage, emit);
  }
}

/** Does one thing after the other: stages that begin side by side would send the same files to the same place. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

async function areThere(connection: RemoteConnection, files: readonly WantedFile[]): Promise<boolean> {
  if (files.length === 0) return true;
  const tests = files.map((file) => `test -e ${quote(uploadedPath(file))}`).join(' && ');
  return (await connection.sudo(`sh -c ${quote(tests)}`)).code === 0;
}
