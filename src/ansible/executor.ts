import { START_TASK } from '../contract/events.ts';
import type { StageEvent, StageExecutor } from '../contract/ports.ts';
import type { Carrier } from './carrier.ts';
import { createContact } from './contact.ts';
import { followStage } from './follow.ts';
import { writeOrder } from './order.ts';
import type { PlaybookPorts } from './ports.ts';
import { awaitEarlier, startStage, stopStage } from './remote-stage.ts';

const CONTACT_SECONDS = 300;
/** A cancelled stage is not waited for longer than this when its machine is out of reach. */
const CANCEL_CONTACT_SECONDS = 30;

/**
 * Carries a stage out as a playbook under ansible-runner, detached, on the machine that `connect` reaches. An attempt
 * that was begun before is found again and followed from the event that is journalled last. Emits the failure records of
 * the stage itself, since it alone sees the failing results.
 */
export function createPlaybookExecutor(ports: PlaybookPorts): StageExecutor {
  return {
    async execute(stage, emit, signal) {
      const running = { task: START_TASK, since: ports.clock.now().getTime() };
      const watching = (event: StageEvent): void => {
        if (event.kind === 'task.started')
          Object.assign(running, { task: event.task, since: ports.clock.now().getTime() });
        emit(event);
      };
      const tell = (text: string): void => {
        emit({ kind: 'task.progress', task: running.task, text });
      };
      const patience = ports.contactSeconds ?? CONTACT_SECONDS;
      const contact = createContact({
        connect: () => ports.connect(),
        clock: ports.clock,
        patienceSeconds: () => (signal.aborted ? Math.min(CANCEL_CONTACT_SECONDS, patience) : patience),
        tell,
      });
      const root = ports.root ?? '/var/lib/bringup';
      const directory = `${root}/runs/${ports.run}/${stage.id}/${ports.attempt.attempt}`;
      const carrier: Carrier = { ports, stage, signal, contact, root, directory, emit: watching, tell };
      if (!(await begin(carrier))) {
        return { status: 'cancelled', text: 'Cancelled before the playbook was started; nothing was done.' };
      }
      return followStage(carrier, () => {
        tell(`running for ${Math.round((ports.clock.now().getTime() - running.since) / 1000)} s`);
      });
    },
  };
}

/** Gets the attempt going, or finds that it is; false where it was cancelled before it ever started. */
async function begin(carrier: Carrier): Promise<boolean> {
  const { ports, stage, signal, contact, emit, directory } = carrier;
  const { attempt } = ports;
  if (!attempt.knows(START_TASK))
    emit({ kind: 'task.started', task: START_TASK, title: `Start the playbook on ${stage.runs_on}` });
  // What was cancelled must not be started now, but what runs has to be followed to its end.
  if (signal.aborted) return attempt.seen !== undefined && wasStarted(carrier);
  if (!(await waitForOthers(carrier))) return false;
  const order = await writeOrder(ports, stage, carrier.root);
  const place = await contact.use((shell) => startStage(shell, ports.project, order));
  const host = stage.hosts[0] ?? stage.runs_on;
  if (!attempt.knows(START_TASK, host))
    emit({ kind: 'host.result', task: START_TASK, host, status: 'ok', text: place });
  return place === directory;
}

function wasStarted({ contact, ports, directory }: Carrier): Promise<boolean> {
  return contact.use((shell) => stopStage(shell, ports.project, directory, ports.graceSeconds));
}

/** False where the run was cancelled meanwhile. */
async function waitForOthers({ ports, stage, signal, contact, root, tell }: Carrier): Promise<boolean> {
  const waiting = new AbortController();
  const cancel = (): void => {
    waiting.abort();
  };
  signal.addEventListener('abort', cancel);
  const own = { run: ports.run, stage: stage.id, attempt: ports.attempt.attempt };
  try {
    await contact.use((shell) =>
      awaitEarlier(
        shell,
        { project: ports.project, root, site: ports.site },
        own,
        (running) => {
          const names = running.map((earlier) => `${earlier.stage} of run ${earlier.run}`).join(', ');
          tell(`waiting for ${names} to end, which still runs there`);
        },
        waiting.signal,
      ),
    );
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
  return !signal.aborted;
}
