/**
 * An app core that a test may kill at any moment: node killed-app.mjs HOME FOLDER takes the run r1 up where its journal
 * under HOME ends, or starts it, with the project and the stages of FOLDER, and exits when it has come to its end.
 */
import { join } from 'node:path';
import { createJournalFiles } from '../../main/adapters/journal-files.ts';
import { createPlaybookExecutor } from '../../src/ansible/index.ts';
import type { PlannedStage } from '../../src/contract/events.ts';
import { explainFailure, explainFailures, loadCatalogue } from '../../src/failures/index.ts';
import { createRun, foldJournal, planResume } from '../../src/runs/index.ts';
import { createLocalShell, INVENTORY } from './local-stage.ts';

const [home = '', folder = ''] = process.argv.slice(2);
const stage = (id: string, ...after: string[]): PlannedStage => ({
  ...{ id, title: id, runs_on: 'kvm-host', playbook: `${id}.yml`, after, hosts: ['node-1', 'node-2'] },
});
const stages = [stage('left'), stage('right'), stage('last', 'left', 'right')];
const names = { run: 'r1', site: 'lab', at: '2026-11-21T02:00:00Z', version: '0.1.0' };
const catalogue = loadCatalogue([]);
const clock = { now: () => new Date() };

const journals = createJournalFiles(home);
const known = (await journals.list()).length > 0;
const journal = known ? await journals.reopen('lab', 'r1') : await journals.create('lab', 'r1');
const { state } = await foldJournal(journals.lines('r1'), 'r1');
const goesOn = state.lastSeq > 0;
const run = createRun({
  ...{
    run: 'r1',
    site: 'lab',
    stack: 's 1',
    siteFile: 'site.yaml',
    version: '0.1.0',
    stages,
    journal,
    clock,
  },
  explainer: {
    explain: (input) => explainFailure(input, catalogue, names),
    settle: (inputs) => Promise.resolve(explainFailures(inputs, catalogue, names)),
  },
  executorFor: ({ id, playbook = '' }, attempt) =>
    createPlaybookExecutor({
      connect: () => Promise.resolve(createLocalShell()),
      ...{ run: 'r1', site: 'lab', attempt, playbook, clock, inventory: INVENTORY },
      project: join(folder, 'project'),
      extraVars: { bringup_run: { id: 'r1', stage: id } },
      secrets: () => Promise.resolve({}),
      root: join(folder, 'root'),
      runtime: join(folder, 'runtime'),
    }),
  ...(goesOn
    ? {
        starts: planResume(state, stages, [], {}).starts,
        resume: { state, event: { reason: 'it was killed' } },
      }
    : {}),
});
await run.start(new AbortController().signal);
await journal.close();
