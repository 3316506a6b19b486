import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { ApplyOptions } from '../contract/api.ts';
import type { PlannedStage, RunEvent } from '../contract/events.ts';
import type { FailureRecord } from '../contract/failure.ts';
import { explainFailure, type FailureInput } from '../failures/index.ts';
import { createRun, nameRun, type RunOutcome } from '../runs/index.ts';
import { UPLOAD_STAGE, planStages } from '../stacks/index.ts';
import type { BringupPorts } from './ports.ts';
import { loadSite } from './site.ts';
import { readCatalogue } from './stacks.ts';
import { createWork } from './work.ts';

/** A run that goes on in this process. */
export interface LiveRun {
  readonly run: string;
  readonly done: Promise<RunOutcome>;
  cancel(): void;
}

/** Removing needs no preflight: a host that fails a check must still be cleaned. */
function destroyStages(planned: readonly PlannedStage[]): PlannedStage[] {
  const upload = planned.filter((stage) => stage.id === UPLOAD_STAGE);
  return [...upload.map((stage) => ({ ...stage, after: [] })), DESTROY_STAGE];
}

const DESTROY_STAGE: PlannedStage = {
  id: 'destroy',
  title: 'Remove the deployment VM',
  runs_on: 'kvm-host',
  playbook: 'destroy.yml',
  after: [UPLOAD_STAGE],
  hosts: ['kvm-host'],
};

/** Starts a run of a site file. Rejects before anything is done when the file is invalid or the site is locked. */
export async function startApply(
  ports: BringupPorts,
  options: ApplyOptions,
  onEvent: (event: RunEvent) => void,
): Promise<LiveRun> {
  const loaded = await loadSite(options.siteFile, ports.playbooks);
  const { site, stack } = loaded;
  const run = nameRun(site.site.name, ports.clock.now(), randomBytes(2).toString('hex'));
  const journal = await ports.journals.create(site.site.name, run);
  const controller = new AbortController();
  try {
    const names = { deploymentVm: site.deployment_vm.name, targets: site.hosts.map((host) => host.name) };
    const planned = planStages(stack, site, names);
    const catalogue = await readCatalogue(ports.playbooks);
    const work = createWork(ports, loaded, options, run, controller.signal);
    const explain = (input: FailureInput): FailureRecord => {
      const at = ports.clock.now().toISOString();
      return explainFailure(input, catalogue, { run, site: site.site.name, at, version: ports.version });
    };
    const engine = createRun({
      run,
      site: site.site.name,
      stack: `${stack.stack} ${stack.version}`,
      siteFile: path.resolve(options.siteFile),
      stages: options.destroy === true ? destroyStages(planned) : planned,
      executorFor: (stage) => work.executorFor(stage, explain),
      journal,
      clock: ports.clock,
      explain,
      version: ports.version,
    });
    engine.onEvent(onEvent);
    const done = engine.start(controller.signal).finally(async () => {
      await work.dispose();
      await journal.close();
    });
    return { run, done, cancel: () => controller.abort() };
  } catch (thrown) {
    await journal.close();
    throw thrown;
  }
}
