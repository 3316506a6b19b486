import { readFileSync } from 'node:fs';
import { createExplainer } from '../../src/app/explain-stage.ts';
import type { BringupPorts } from '../../src/app/ports.ts';
import { loadSite } from '../../src/app/site.ts';
import { readCatalogue } from '../../src/app/stacks.ts';
import { createWork } from '../../src/app/work.ts';
import { createBringup } from '../../src/bringup.ts';
import type { Credential, StageExecutor } from '../../src/contract/ports.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import type { MatrixCell } from '../../src/contract/matrix.ts';
import { createRun } from '../../src/runs/index.ts';
import { testFromLaptop } from '../../src/vantage/index.ts';
import type { Ask, StageStory } from './vantage-site.ts';

/** What the laptop of the test site is given: folder of the keys, site file, login of the BMC. */
export interface LaptopOptions {
  readonly folder: string;
  readonly file: string;
  readonly bmc: Credential;
}

/** Bringup on the laptop of the test site: it does what it is asked, one thing after the other. */
export async function createLaptop({
  folder,
  file,
  bmc,
}: LaptopOptions): Promise<(ask: Ask) => Promise<unknown>> {
  const credentials = inMemory<Credential>();
  const login = { privateKey: readFileSync(`${folder}/user_key`, 'utf8') };
  await credentials.set('kvm-host', login);
  await credentials.set('node', login);
  await credentials.set('idrac', bmc);
  const ports = {
    ...{ version: '0', platform: 'linux', host: 'cli', clock: { now: () => new Date() }, credentials },
    ...{ hostKeys: inMemory<string>(), certificates: inMemory(), hardware: { last: async () => null } },
    ...{ journals: { list: async () => [] }, playbooks: `${process.cwd()}/playbooks` },
  } as unknown as BringupPorts;
  const service = createBringup(ports);
  return (ask) => {
    if ('tests' in ask) return tryWays(ports, file);
    if ('probe' in ask) return service.call('vantage.probe', ask.probe);
    return carryOut(ports, file, ask.stage, ask.says);
  };
}

/** What the laptop reaches beside a stage. */
async function tryWays(ports: BringupPorts, file: string): Promise<readonly MatrixCell[]> {
  const tests = testFromLaptop((await loadSite(file, ports.playbooks)).site);
  await tests.done;
  return tests.cells(true).cells;
}

/** Carries one stage out by the means of a real run; with `says` in place of its playbook, which ends at once. */
async function carryOut(
  ports: BringupPorts,
  file: string,
  place: Extract<Ask, { stage: unknown }>['stage'],
  says: Extract<Ask, { stage: unknown }>['says'],
): Promise<StageStory> {
  const loaded = await loadSite(file, ports.playbooks);
  const { site } = loaded;
  const cancel = new AbortController().signal;
  const work = createWork(ports, loaded, { run: 'r1', choices: {}, cancel });
  const failing: StageExecutor = {
    execute: (stage, emit) => {
      const where = { stage: stage.id, runs_on: stage.runs_on, ...says?.where };
      const input = { what: 'It failed.', evidence: [], message: '', ...says, where };
      emit({ kind: 'failure', input, early: true });
      emit({ kind: 'failure', input });
      return Promise.resolve({ status: 'failed', text: input.message });
    },
  };
  const names = { run: 'r1', site: site.site.name, at: '2026-11-21T02:00:00Z', version: '0' };
  const done = (): Promise<void> => Promise.resolve();
  const run = createRun({
    ...{ run: 'r1', site: site.site.name, stack: 's', siteFile: file, version: '0', clock: ports.clock },
    journal: { append: done, sync: done, close: done },
    stages: [{ title: place.id, after: [], hosts: [place.runs_on], ...place }],
    executorFor: (stage, attempt) => (says === undefined ? work.executorFor(stage, attempt) : failing),
    explainer: createExplainer({
      ...{ site, catalogue: await readCatalogue(ports.playbooks), probe: work.probe },
      names: () => names,
    }),
  });
  const events: RunEvent[] = [];
  run.onEvent((event) => events.push(event));
  const { state } = await run.start(cancel);
  await work.dispose();
  return { events, failures: state.stages.get(place.id)?.failures ?? [] };
}

function inMemory<T>() {
  const kept = new Map<string, T>();
  return {
    get: (key: string) => Promise.resolve(kept.get(key) ?? null),
    set: (key: string, value: T) => Promise.resolve(void kept.set(key, value)),
    delete: (key: string) => Promise.resolve(kept.delete(key)),
    list: () => Promise.resolve([...kept.keys()]),
  };
}
