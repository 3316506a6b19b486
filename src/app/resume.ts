import path from 'node:path';
import type { ResumeOptions, RetryOptions } from '../contract/api.ts';
import { BringupError, EXIT } from '../contract/errors.ts';
import type { PlannedStage, RunChoices, RunEvent } from '../contract/events.ts';
import {
  findStale,
  foldJournal,
  planResume,
  type ResumePlan,
  type ResumeWish,
  type RunState,
} from '../runs/index.ts';
import { choicesOf, onlyAcceptance } from './apply.ts';
import { chosenProfiles } from './chosen-profiles.ts';
import { launch, type Launch, type LiveRun } from './launch.ts';
import { leftStages, plannedStages } from './planned.ts';
import type { BringupPorts } from './ports.ts';
import { readState } from './read-run.ts';
import { asInRun, keptFaults } from './rehearsal-site.ts';
import { keepRunInputs } from './run-inputs.ts';
import { learnSecrets } from './secrets.ts';
import { loadSite, type LoadedSite } from './site.ts';
import { currentInputs } from './stale-stages.ts';

/** Why and how a run is taken up again. */
export interface TakeUp {
  readonly options: ResumeOptions;
  readonly retry?: Pick<RetryOptions, 'stage' | 'failedHosts' | 'fromTask'>;
  /** Only to bring it to an end: what runs at the site is stopped, nothing is begun. */
  readonly cancel?: boolean;
}

type OnEvent = (event: RunEvent) => void;

/**
 * Takes a run up again in its own journal: finished stages stay, what still runs at the site is found again, what failed
 * is tried again. Rejects before anything is done, with RUN_UNKNOWN, SITE_LOCKED, SITE_INVALID, RESUME_* or RETRY_*.
 */
export async function takeUpRun(ports: BringupPorts, how: TakeUp, onEvent: OnEvent): Promise<LiveRun> {
  const { run, siteFile } = how.options;
  const found = await readState(ports.journals, run);
  const read = await loadSite(siteFile ?? found.state.siteFile, ports.playbooks).catch((thrown: unknown) => {
    throw siteFile === undefined ? movedSite(found.state, thrown) : thrown;
  });
  const isRehearsal = found.state.choices?.rehearsal !== undefined;
  const loaded = asInRun(read, found.state.choices);
  checkSame(found.state, loaded);
  // A rehearsal logs in nowhere.
  if (!isRehearsal) await learnSecrets(ports.credentials, loaded.site);
  const journal = await ports.journals.reopen(found.state.site, run);
  try {
    // Only now nobody else adds to it, and its torn end is repaired.
    const { state } = await foldJournal(ports.journals.lines(run), run);
    const given = how.cancel === true ? planEnd(state) : await planGoingOn(ports, loaded, state, how);
    if (how.cancel !== true && !isRehearsal) await keepRunInputs(ports, loaded, run);
    const { acceptHostKey } = how.options;
    return await launch(
      ports,
      {
        ...{ loaded, run, journal, ...given },
        ...(acceptHostKey === undefined ? {} : { acceptHostKey }),
        ...(how.cancel === true ? { cancelled: true } : {}),
      },
      onEvent,
    );
  } catch (thrown) {
    await journal.close();
    throw thrown;
  }
}

type Going = Pick<Launch, 'siteFile' | 'stages' | 'starts' | 'choices' | 'resume'>;

async function planGoingOn(
  ports: BringupPorts,
  loaded: LoadedSite,
  state: RunState,
  { options, retry }: TakeUp,
): Promise<Going> {
  const siteFile = path.resolve(options.siteFile ?? state.siteFile);
  const { profiles: _before, left: _left, ...chosen } = goesOnTo(state);
  const wanted = { ...chosen, ...choicesOf(options), ...keptFaults(state, options) };
  const choices = { ...wanted, ...leftStages(loaded, wanted), ...chosenProfiles(loaded.site) };
  const stages = await plannedStages(ports.journals, loaded, choices);
  const changed = findStale(state, stages, await currentInputs(ports, loaded, state, stages));
  const wish: ResumeWish = {
    ...(retry === undefined ? {} : { retry }),
    ...(options.skip === undefined ? {} : { skip: options.skip }),
  };
  const { starts, stale }: ResumePlan = planResume(state, stages, changed, wish);
  return {
    ...{ siteFile, stages, choices },
    starts: choices.verify === true ? new Map(onlyAcceptance(stages, starts)) : starts,
    resume: {
      state,
      event: {
        reason: reasonOf(state, retry),
        ...{ stages, stale, choices, version: ports.version },
        ...(siteFile === state.siteFile ? {} : { site_file: siteFile }),
      },
    },
  };
}

/** The choices of a run; once it came to the stage at which it was to end, going on means going on behind it. */
function goesOnTo({ choices = {}, stages }: RunState): RunChoices {
  const { until, ...others } = choices;
  if (until === undefined) return others;
  const status = stages.get(until)?.status ?? 'pending';
  return ['ok', 'changed', 'overridden'].includes(status) ? others : choices;
}

/** The plan as it was: nothing of it is begun, and what still runs is followed until it has stopped. */
function planEnd(state: RunState): Going {
  const stages: PlannedStage[] = [...state.stages.values()];
  const { starts } = planResume(state, stages, [], {});
  return {
    ...{ siteFile: state.siteFile, stages, starts, choices: state.choices ?? {} },
    resume: { state, event: { reason: 'taken up to be cancelled' } },
  };
}

function reasonOf(state: RunState, retry: TakeUp['retry']): string {
  if (retry !== undefined) {
    const what = retry.stage === undefined ? 'what failed is retried' : `stage ${retry.stage} is retried`;
    const hosts = retry.failedHosts === true ? ', only on the hosts that failed' : '';
    return `${what}${hosts}${retry.fromTask === true ? ', from the failed task' : ''}`;
  }
  if (state.status !== 'running') return `it had ended ${state.status}`;
  return state.interrupted ?? 'Bringup had ended while it went on';
}

/** The site file of an older run may have moved, or the run was begun on another folder's file. */
function movedSite({ run, siteFile }: RunState, thrown: unknown): unknown {
  if (!(thrown instanceof BringupError) || thrown.code !== 'SITE_FILE_UNREADABLE') return thrown;
  const { code, exit, evidence } = thrown;
  return new BringupError({
    ...{ code, exit, evidence, cause: thrown },
    message: `The site file with which run ${run} began, ${siteFile}, cannot be read.`,
    hint: `If it lies elsewhere now, say where: bringup resume ${run} --site-file FILE`,
  });
}

function checkSame(state: RunState, { site, stack, file }: LoadedSite): void {
  const [stackName] = state.stack.split(' ');
  if (site.site.name === state.site && stack.stack === stackName) return;
  throw new BringupError({
    code: 'RESUME_OTHER_SITE',
    exit: EXIT.invalid,
    message: `Run ${state.run} is of site ${state.site} and stack ${stackName ?? ''}; ${file} is of site ${site.site.name} and stack ${stack.stack}.`,
    hint: `Start a run of that site file instead: bringup apply ${file}`,
  });
}
