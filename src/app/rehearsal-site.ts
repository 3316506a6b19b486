import path from 'node:path';
import { BringupError, EXIT } from '../contract/errors.ts';
import type { PlannedStage, RehearsalPace, RunChoices } from '../contract/events.ts';
import type { BringupPorts } from './ports.ts';
import type { RehearsalPort } from './rehearsal-port.ts';
import { loadSite, type LoadedSite } from './site.ts';
import type { Playbooks } from './stacks-places.ts';

/** The stage that only a rehearsal has: a real run is told about machines that were discovered before it. */
export const DISCOVERY_STAGE = 'discovery';

/** Added to the name of a site: no site file can have such a name, so a rehearsal is never taken for a run of the site. */
const MARK = ' (rehearsal)';

/** Path of the site file that Bringup carries with it. */
export function rehearsalSiteFile(port: RehearsalPort): string {
  return path.join(port.assets, 'site.yaml');
}

/** Reads a site file for a rehearsal. Throws SITE_INVALID as for a run. */
export async function loadRehearsed(file: string, playbooks: Playbooks): Promise<LoadedSite> {
  return asRehearsed(await loadSite(file, playbooks));
}

/**
 * A site under the name that its rehearsals have: locks, journals and discoveries are kept by that name, so those of the
 * site itself are not touched.
 */
export function asRehearsed(loaded: LoadedSite): LoadedSite {
  const { site } = loaded;
  return { ...loaded, site: { ...site, site: { ...site.site, name: `${site.site.name}${MARK}` } } };
}

/** A loaded site as a run needs it that may be a rehearsal. */
export function asInRun(loaded: LoadedSite, choices: RunChoices | undefined): LoadedSite {
  return choices?.rehearsal === undefined ? loaded : asRehearsed(loaded);
}

/** Name of a site in what simulated machines say: without the mark. */
export function plainName(site: string): string {
  return site.endsWith(MARK) ? site.slice(0, -MARK.length) : site;
}

/** The stages of a rehearsal: those of the run, after a discovery, and as long as they take at its pace. */
export function rehearsalStages(
  planned: readonly PlannedStage[],
  hosts: readonly string[],
  pace: RehearsalPace,
): readonly PlannedStage[] {
  const discovery: PlannedStage = {
    id: DISCOVERY_STAGE,
    title: 'Discovery',
    runs_on: 'laptop',
    after: [],
    hosts,
    expect_seconds: 10,
    reason: 'Only in a rehearsal: a real discovery is carried out before the run.',
  };
  return [
    discovery,
    ...planned.map((stage) => (stage.after.length > 0 ? stage : { ...stage, after: [DISCOVERY_STAGE] })),
  ].map((stage) => atPace(stage, pace));
}

function atPace({ expect_seconds: seconds, ...stage }: PlannedStage, pace: RehearsalPace): PlannedStage {
  if (seconds === undefined || pace === 'max') return stage;
  return { ...stage, expect_seconds: Math.ceil(seconds / pace) };
}

/**
 * Whether the faults of a rehearsal are still there when it goes on: mended, unless they are to stay, for good or this time.
 * Throws REHEARSAL_NO_FAULT where they are to stay and there are none.
 */
export function keptFaults(
  { run, choices }: { readonly run: string; readonly choices?: RunChoices },
  { keepFault }: { readonly keepFault?: boolean },
): Pick<RunChoices, 'rehearsal'> {
  const { rehearsal } = choices ?? {};
  if (keepFault === true && (rehearsal?.faults ?? []).length === 0)
    throw new BringupError({
      code: 'REHEARSAL_NO_FAULT',
      exit: EXIT.invalid,
      message:
        rehearsal === undefined
          ? `Run ${run} is no rehearsal, so there is no fault in it that could be kept.`
          : `No fault was put into the rehearsal ${run}, so there is none that could be kept.`,
      hint: 'Go on without --keep-fault.',
    });
  if (rehearsal === undefined) return {};
  const { keep_fault: before, ...others } = rehearsal;
  const keep = before === true ? before : keepFault === true ? 'now' : undefined;
  return { rehearsal: { ...others, ...(keep === undefined ? {} : { keep_fault: keep }) } };
}

/** The port of rehearsals, or REHEARSAL_NOT_HERE where this host has none. */
export function requireRehearsal({ rehearsal }: Pick<BringupPorts, 'rehearsal'>): RehearsalPort {
  if (rehearsal !== undefined) return rehearsal;
  throw new BringupError({
    code: 'REHEARSAL_NOT_HERE',
    exit: EXIT.invalid,
    message: 'This Bringup cannot carry rehearsals out.',
    hint: 'Rehearse with: bringup rehearse',
  });
}

/** Refuses what would reach out to the machines of a run that was only rehearsed. */
export function refuseRehearsed(choices: RunChoices | undefined, run: string): void {
  if (choices?.rehearsal === undefined) return;
  throw new BringupError({
    code: 'REHEARSAL_ONLY',
    exit: EXIT.invalid,
    message: `Run ${run} is a rehearsal: its machines were simulated, and none is asked in earnest.`,
    hint: 'Name the site file to ask the real machines: bringup probe FILE --to ADDRESS:PORT',
  });
}
