import type { PlannedStage, RunChoices } from '../contract/events.ts';
import { planStages, PREFLIGHT_STAGE, stagesUntil, UPLOAD_STAGE } from '../stacks/index.ts';
import { learnDurations } from './durations.ts';
import type { RunJournals } from './ports.ts';
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

/** The stages of a run, with what earlier runs on this laptop say of their length. */
export async function plannedStages(
  journals: RunJournals,
  { site, stack }: LoadedSite,
  { destroy, until, verify }: Pick<RunChoices, 'destroy' | 'until' | 'verify'>,
): Promise<readonly PlannedStage[]> {
  const names = { deploymentVm: site.deployment_vm.name, targets: site.hosts.map((host) => host.name) };
  const planned = planStages(stack, site, names);
  const stages =
    destroy === true ? destroyStages(planned) : verify === true ? verifyStages(planned) : planned;
  return learnDurations(journals, stack.stack, until === undefined ? stages : stagesUntil(stages, until));
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
