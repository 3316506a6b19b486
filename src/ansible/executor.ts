import type { PlannedStage } from '../contract/events.ts';
import type { CancelSignal, StageEvent, StageExecutor, StageOutcome } from '../contract/ports.ts';
import { createContact, type Contact } from './contact.ts';
import { createEventMapper } from './event-mapper.ts';
import { writeOrder } from './order.ts';
import type { PlaybookPorts } from './ports.ts';
import { awaitEarlier, startStage, stopStage, tailStage } from './remote-stage.ts';
import { judgeEnd } from './stage-end.ts';
import type { RunnerEnd, RunnerEvent } from './tail-line.ts';

/** Key of the task that stands for getting the stage going; playbook tasks have UUIDs. */
const START_TASK = 'bringup.start';
const CONTACT_SECONDS = 300;
/** A cancelled stage is not waited for longer than this when its machine is out of reach. */
const CANCEL_CONTACT_SECONDS = 30;

interface Carrier {
  readonly ports: PlaybookPorts;
  readonly stage: PlannedStage;
  readonly signal: CancelSignal;
  readonly contact: Contact;
  readonly root: string;
  emit(event: StageEvent): void;
  tell(text: string): void;
}

/**
 * Carries a stage out as a playbook under ansible-runner, detached, on the machine that `connect` reaches. Emits the
 * failure records of the stage itself, since it alone sees the failing results.
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
      const carrier: Carrier = { ports, stage, signal, contact, root, emit: watching, tell };
      const directory = await start(carrier);
      if (directory === null) {
        return { status: 'cancelled', text: 'Cancelled before the playbook was started; nothing was done.' };
      }
      return follow(carrier, directory, () => {
        tell(`running for ${Math.round((ports.clock.now().getTime() - running.since) / 1000)} s`);
      });
    },
  };
}

/** Gives the private data directory of the started stage, or null where it was cancelled first. */
async function start(carrier: Carrier): Promise<string | null> {
  const { ports, stage, signal, contact, root, emit, tell } = carrier;
  emit({ kind: 'task.started', task: START_TASK, title: `Start the playbook on ${stage.runs_on}` });
  const waiting = new AbortController();
  const cancel = (): void => {
    waiting.abort();
  };
  signal.addEventListener('abort', cancel);
  try {
    await contact.use((shell) =>
      awaitEarlier(
        shell,
        { project: ports.project, root, site: ports.site },
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
  if (signal.aborted) return null;
  const order = await writeOrder(ports, stage, root);
  const directory = await contact.use((shell) => startStage(shell, ports.project, order));
  const host = stage.hosts[0] ?? stage.runs_on;
  emit({ kind: 'host.result', task: START_TASK, host, status: 'ok', text: directory });
  return directory;
}

async function follow(
  { ports, stage, signal, contact, root, emit }: Carrier,
  directory: string,
  onHeartbeat: () => void,
): Promise<StageOutcome> {
  const projects = [`${root}/runs/${ports.run}/${stage.id}/project`, ports.project];
  const mapper = createEventMapper(projects);
  let from = 0;
  const onEvent = (event: RunnerEvent): void => {
    if (event.counter <= from) return;
    from = event.counter;
    for (const mapped of mapper.map(event)) emit(mapped);
  };
  const cancel = (): void => {
    const shell = contact.shell();
    // Where the link is down, the stage is stopped as soon as it is back.
    if (shell !== undefined) stopStage(shell, ports.project, directory).catch(() => undefined);
  };
  signal.addEventListener('abort', cancel);
  let end: RunnerEnd;
  try {
    end = await contact.use(async (shell) => {
      if (signal.aborted) await stopStage(shell, ports.project, directory);
      return tailStage(shell, {
        ...{ project: ports.project, directory, stage: stage.id, from, onEvent, onHeartbeat },
      });
    });
  } finally {
    signal.removeEventListener('abort', cancel);
  }
  const place = { stage: stage.id, runs_on: stage.runs_on, projects };
  const { failures, ...outcome } = judgeEnd(end, mapper.tally(), place);
  for (const input of failures) emit({ kind: 'failure', record: ports.explain(input) });
  return outcome;
}
