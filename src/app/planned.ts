import type { PlannedStage, RunChoices } from '../contract/events.ts';
import { planStages, PREFLIGHT_STAGE, stagesUntil, UPLOAD_STAGE } from '../stacks/index.ts';
import { learnDurations } from './durations.ts';
import type { RunJournals } from './ports.ts';
import { rehearsalStages } from './rehearsal-site.ts';
import type { LoadedSite } from './site.ts';

const DESTROY_STAGE: PlannedStage = {
  id: 'destroy',
  title: 'Remove the deployment VM',
  runs_on: 'kvm-host',
  playbook: 'destroy.yml',
  after: [UPLOAD_STAGE],
  hosts: ['kvm-host'],
  leaves: 'The deployment VM may be removed in part; destroy again to remove the rest.',
};

type StageChoices = Pick<RunChoices, 'destroy' | 'rehearsal' | 'until' | 'verify'>;

/** The stages of a run, with what earlier runs on this laptop say of their length. */
export async function plannedStages(
  journals: RunJournals,
  loaded: LoadedSite,
  choices: StageChoices,
): Promise<readonly PlannedStage[]> {
  const { stack } = loaded;
  const { until } = choices;
  const stages = wholePlan(loaded, choices);
  // How long a real run took here says nothing of one that is played.
  if (choices.rehearsal !== undefined) return stages;
  return learnDurations(journals, stack.stack, until === undefined ? stages : stagesUntil(stages, until));
}

/** How many stages a run leaves out because it is to end at one of them; nothing where it is not. */
export function leftStages(loaded: LoadedSite, choices: StageChoices): Pick<RunChoices, 'left'> {
  const { until } = choices;
  if (until === undefined) return {};
  const stages = wholePlan(loaded, choices);
  return { left: stages.length - stagesUntil(stages, until).length };
}

function wholePlan(
  { site, stack }: LoadedSite,
  { destroy, rehearsal, verify }: StageChoices,
): readonly PlannedStage[] {
  const names = { deploymentVm: site.deployment_vm.name, targets: site.hosts.map((host) => host.name) };
  const planned = planStages(stack, site, names);
  if (rehearsal !== undefined) return rehearsalStages(planned, names.targets, rehearsal.pace);
  return destroy === true ? destroyStages(planned) : verify === true ? verifyStages(planned) : planned;
}

/** Removing needs no preflight: a host that fails a check must still be cleaned. */
function destroyStages(planned: readonly PlannedStage[]): PlannedStage[] {
  const upload = planned.filter((stage) => stage.id === UPLOAD_STAGE);
  return [...upload.map((stage) => ({ ...stage, after: [] })), DESTROY_STAGE];
}

/** The stages that have an acceptance test. None waits for another: one that fails does not keep the others from being tried. */
function verifyStages(planned: readonly PlannedStage[]): PlannedStage[] {
  const tried = planned.filter((stage) => stage.acceptance !== undefined);
  const preflight = planned.filter(({ id }) => id === PREFLIGHT_STAGE);
  return [...preflight, ...tried.map((stage) => ({ ...stage, after: [PREFLIGHT_STAGE] }))];
}
