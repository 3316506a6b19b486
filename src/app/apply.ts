import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { ApplyOptions } from '../contract/api.ts';
import type { PlannedStage, RunChoices, RunEvent } from '../contract/events.ts';
import { checkSkips, nameRun, type StageStart } from '../runs/index.ts';
import { chosenProfiles } from './chosen-profiles.ts';
import { checkStored } from './credentials-missing.ts';
import { launch, type LiveRun } from './launch.ts';
import { leftStages, plannedStages } from './planned.ts';
import type { BringupPorts } from './ports.ts';
import { keepRunInputs } from './run-inputs.ts';
import { learnSecrets } from './secrets.ts';
import { loadSite } from './site.ts';

/** Starts a run of a site file. Rejects before anything is done when the file is invalid or the site is locked. */
export async function startApply(
  ports: BringupPorts,
  options: ApplyOptions,
  onEvent: (event: RunEvent) => void,
): Promise<LiveRun> {
  const loaded = await loadSite(options.siteFile, ports.playbooks);
  const { site } = loaded;
  const { skip = [], acceptHostKey } = options;
  const stages = await plannedStages(ports.journals, loaded, choicesOf(options));
  checkSkips(stages, skip);
  await checkStored(ports.credentials, site, stages);
  const run = nameRun(site.site.name, ports.clock.now(), randomBytes(2).toString('hex'));
  await learnSecrets(ports.credentials, site);
  const journal = await ports.journals.create(site.site.name, run);
  try {
    await keepRunInputs(ports, loaded, run);
    const starts = new Map(options.verify === true ? onlyAcceptance(stages) : []);
    for (const { stage, reason } of skip) starts.set(stage, { how: 'override', reason });
    return await launch(
      ports,
      {
        ...{ loaded, run, journal, stages },
        choices: {
          ...choicesOf(options),
          ...leftStages(loaded, choicesOf(options)),
          ...chosenProfiles(site),
        },
        siteFile: path.resolve(options.siteFile),
        starts,
        ...(acceptHostKey === undefined ? {} : { acceptHostKey }),
      },
      onEvent,
    );
  } catch (thrown) {
    await journal.close();
    throw thrown;
  }
}

/** What of the options holds for the whole run, also when it goes on another day. */
export function choicesOf({
  confirm,
  destroy,
  installMissing,
  until,
  verify,
}: Pick<ApplyOptions, 'confirm' | 'destroy' | 'installMissing' | 'until' | 'verify'>): RunChoices {
  return {
    ...(confirm === true ? { confirm } : {}),
    ...(destroy === true ? { destroy } : {}),
    ...(installMissing === true ? { install_missing: true } : {}),
    ...(until === undefined ? {} : { until }),
    ...(verify === true ? { verify } : {}),
  };
}

/** Stages that have an acceptance test begin with that alone, where they begin at all. */
export function onlyAcceptance(
  stages: readonly PlannedStage[],
  starts: ReadonlyMap<string, StageStart> = new Map(),
): [string, StageStart][] {
  return stages.map(({ id, acceptance }): [string, StageStart] => {
    const start = starts.get(id) ?? { how: 'begin' };
    if (start.how !== 'begin' || acceptance === undefined) return [id, start];
    return [id, { reason: 'only its acceptance test is carried out', ...start, tag: acceptance }];
  });
}
