import type { PlannedStage, StageInputs } from '../contract/events.ts';
import type { PlanDocument } from '../contract/plan.ts';
import { findStale, type RunState } from '../runs/index.ts';
import { createInputs } from './inputs.ts';
import type { PackedProject } from './pack.ts';
import type { BringupPorts } from './ports.ts';
import { readStored } from './read-run.ts';
import type { LoadedSite } from './site.ts';
import { packStack } from './stacks-pack.ts';

type Ports = Pick<BringupPorts, 'playbooks' | 'hardware'>;

/** What the stages that a run has finished depend on, as it is now. */
export async function currentInputs(
  ports: Ports,
  loaded: LoadedSite,
  state: RunState,
  stages: readonly PlannedStage[],
): Promise<Map<string, StageInputs>> {
  let packed: Promise<PackedProject> | undefined;
  const inputsOf = createInputs(
    ports,
    loaded,
    () => (packed ??= packStack(ports.playbooks, loaded.stack.stack)),
  );
  const now = new Map<string, StageInputs>();
  try {
    for (const stage of stages) {
      if (state.stages.get(stage.id)?.inputs !== undefined) now.set(stage.id, await inputsOf(stage));
    }
  } finally {
    await (await packed)?.dispose();
  }
  return now;
}

/** A plan with what the newest run of the site has done of it, and which finished stages no longer stand. */
export async function withNewestRun(
  ports: Ports & Pick<BringupPorts, 'journals'>,
  plan: PlanDocument,
  loaded: LoadedSite,
): Promise<PlanDocument> {
  const state = await newestRun(ports, plan);
  if (state === undefined) return plan;
  const stale = findStale(state, plan.stages, await currentInputs(ports, loaded, state, plan.stages));
  const stages = plan.stages.map((stage) => {
    const known = state.stages.get(stage.id);
    if (known === undefined || known.attempt === 0) return stage;
    const { status, finished } = known;
    const why = stale.find((entry) => entry.stage === stage.id);
    return {
      ...stage,
      done: { run: state.run, status, ...(finished === undefined ? {} : { finished }) },
      ...(why === undefined ? {} : { stale: why }),
    };
  });
  return { ...plan, stages };
}

/** The newest run of the plan's site and stack on this laptop that set something up, unless it removed what there was. */
async function newestRun(
  { journals }: Pick<BringupPorts, 'journals'>,
  plan: PlanDocument,
): Promise<RunState | undefined> {
  for (const stored of await journals.list()) {
    if (stored.site !== plan.site || stored.opened !== undefined) continue;
    const { state } = await readStored(journals, stored);
    if (state.stack.split(' ')[0] !== plan.stack || state.choices?.verify === true) continue;
    return state.choices?.destroy === true ? undefined : state;
  }
  return undefined;
}
