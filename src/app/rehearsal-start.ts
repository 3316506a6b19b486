import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { RehearsalFault, RehearseOptions } from '../contract/api.ts';
import type { RunChoices, RunEvent } from '../contract/events.ts';
import { nameRun } from '../runs/index.ts';
import { chosenProfiles } from './chosen-profiles.ts';
import { readText } from './read-text.ts';
import { launch, type LiveRun } from './launch.ts';
import { plannedStages } from './planned.ts';
import type { BringupPorts } from './ports.ts';
import { isPlayable, placeFaults, readFaults } from './rehearsal-faults.ts';
import { recordedStages } from './rehearsal-recording.ts';
import { DISCOVERY_STAGE, loadRehearsed, rehearsalSiteFile, requireRehearsal } from './rehearsal-site.ts';
import { loadStack, stackNames } from './stacks.ts';
import type { Playbooks } from './stacks-places.ts';

/** Starts a rehearsal. Rejects before anything is done, with SITE_INVALID, SITE_LOCKED or REHEARSAL_FAULT. */
export async function startRehearsal(
  ports: BringupPorts,
  options: RehearseOptions,
  onEvent: (event: RunEvent) => void,
): Promise<LiveRun> {
  const rehearsal = requireRehearsal(ports);
  const siteFile = path.resolve(options.siteFile ?? rehearsalSiteFile(rehearsal));
  const loaded = await loadRehearsed(siteFile, ports.playbooks);
  const { site } = loaded;
  const { faults = [], pace = 'max', keepFault } = options;
  const choices: RunChoices = {
    rehearsal: { faults, pace, ...(keepFault === true ? { keep_fault: true } : {}) },
    ...chosenProfiles(site),
  };
  const stages = await plannedStages(ports.journals, loaded, choices);
  placeFaults(faults, await readFaults(rehearsal), await recordedStages(rehearsal), site, stages);
  const run = nameRun(site.site.name, ports.clock.now(), randomBytes(2).toString('hex'));
  const journal = await ports.journals.create(site.site.name, run);
  try {
    await ports.journals.keep(run, 'site.yaml', await readText(siteFile, 'The site file'));
    return await launch(
      ports,
      { ...{ loaded, run, journal, stages, choices, siteFile }, starts: new Map() },
      onEvent,
    );
  } catch (thrown) {
    await journal.close();
    throw thrown;
  }
}

/** Every fault there is, in the order of the stages that meet them. */
export async function listFaults(ports: BringupPorts): Promise<readonly RehearsalFault[]> {
  const rehearsal = requireRehearsal(ports);
  const [entries, recorded, titles] = await Promise.all([
    readFaults(rehearsal),
    recordedStages(rehearsal),
    stageTitles(ports.playbooks),
  ]);
  const order = [...titles.keys()];
  return entries
    .map((entry) => ({
      ...{ name: entry.name, title: entry.title, stage: entry.stage },
      stage_title: titles.get(entry.stage) ?? entry.stage,
      on_host: entry.on_host === true,
      playable: isPlayable(entry, recorded),
    }))
    .sort((one, other) => rank(order, one.stage) - rank(order, other.stage));
}

/** A stage of which no stack knows yet comes last. */
function rank(order: readonly string[], stage: string): number {
  const index = order.indexOf(stage);
  return index < 0 ? order.length : index;
}

async function stageTitles(playbooks: Playbooks): Promise<ReadonlyMap<string, string>> {
  const stacks = await Promise.all((await stackNames(playbooks)).map((name) => loadStack(playbooks, name)));
  return new Map([
    [DISCOVERY_STAGE, 'Discovery'],
    ['kvm-host-preflight', 'KVM host preflight'],
    ['upload', 'Upload'],
    ...stacks.flatMap(({ stages }) => stages.map(({ id, title }) => [id, title] as const)),
  ]);
}
