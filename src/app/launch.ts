import type { EventBody, PlannedStage, RunChoices, RunEvent } from '../contract/events.ts';
import type { JournalFile } from '../contract/ports.ts';
import { createRun, type RunOutcome, type RunState, type StageStart } from '../runs/index.ts';
import { createExplainer } from './explain-stage.ts';
import type { BringupPorts } from './ports.ts';
import { createRehearsalWork } from './rehearsal-work.ts';
import type { LoadedSite } from './site.ts';
import { readCatalogue } from './stacks.ts';
import { createWork } from './work.ts';

/** A run that goes on in this process. */
export interface LiveRun {
  readonly run: string;
  /** Number of the first event that this process adds. */
  readonly from: number;
  readonly done: Promise<RunOutcome>;
  /** The first word lets the running tasks end, the second one (or `now`) stops them. */
  cancel(now?: boolean): void;
}

export interface Launch {
  readonly loaded: LoadedSite;
  readonly run: string;
  /** Path of the site file, absolute. */
  readonly siteFile: string;
  readonly journal: JournalFile;
  readonly stages: readonly PlannedStage[];
  readonly starts: ReadonlyMap<string, StageStart>;
  readonly choices: RunChoices;
  readonly acceptHostKey?: string;
  readonly resume?: {
    readonly state: RunState;
    readonly event: Omit<Extract<EventBody, { kind: 'run.resumed' }>, 'kind'>;
  };
  /** The run is taken up only to be brought to an end. */
  readonly cancelled?: boolean;
}

/** Carries a run out in this process; closes the journal at its end. */
export async function launch(
  ports: BringupPorts,
  given: Launch,
  onEvent: (event: RunEvent) => void,
): Promise<LiveRun> {
  const { loaded, run, journal, resume, choices, acceptHostKey } = given;
  const { site, stack } = loaded;
  const catalogue = await readCatalogue(ports.playbooks, stack.stack);
  const soft = new AbortController();
  const hard = new AbortController();
  const options = {
    ...{ run, choices, cancel: soft.signal },
    ...(acceptHostKey === undefined ? {} : { acceptHostKey }),
    ...(resume === undefined ? {} : { known: resume.state }),
  };
  const work =
    choices.rehearsal === undefined
      ? createWork(ports, loaded, options)
      : createRehearsalWork(ports, loaded, {
          ...{ ...options, choice: choices.rehearsal, stages: given.stages },
        });
  const explainer = createExplainer({
    ...{ site, catalogue, probe: work.probe },
    names: () => ({
      ...{ run, site: site.site.name, version: ports.version },
      at: ports.clock.now().toISOString(),
    }),
  });
  const engine = createRun({
    ...{ run, journal, explainer, choices },
    site: site.site.name,
    stack: `${stack.stack} ${stack.version}`,
    siteFile: given.siteFile,
    stages: given.stages,
    starts: given.starts,
    executorFor: (stage, attempt) => work.executorFor(stage, attempt),
    inputsOf: (stage) => work.inputsOf(stage),
    clock: ports.clock,
    timer: (seconds, call) => {
      const timer = setTimeout(call, seconds * 1000);
      return () => {
        clearTimeout(timer);
      };
    },
    version: ports.version,
    ...(ports.redactor === undefined ? {} : { redact: ports.redactor.event }),
    ...(resume === undefined ? {} : { resume }),
  });
  const cancel = (now?: boolean): void => {
    if (soft.signal.aborted || now === true) hard.abort();
    soft.abort();
  };
  if (given.cancelled === true) cancel();
  const stopListening = ports.control?.listen(run, (word) => {
    cancel(word === 'kill');
  });
  engine.onEvent(onEvent);
  const done = engine.start(soft.signal, hard.signal).finally(async () => {
    stopListening?.();
    await work.dispose();
    await journal.close();
  });
  return { run, from: (resume?.state.lastSeq ?? 0) + 1, done, cancel };
}
