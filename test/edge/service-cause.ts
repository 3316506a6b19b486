import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainFailure, loadCatalogue } from '../../src/failures/index.ts';
import { PLAYBOOKS, type ModuleResult } from './playbooks-ansible.ts';

const folder = join(PLAYBOOKS, 'failures');
const catalogue = loadCatalogue(
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') })),
);
if (catalogue.problems.length > 0) throw new Error(JSON.stringify(catalogue.problems));

/** The key under which the product explains a failed result; null when it does not know. */
export function causeOf(result: ModuleResult): string | null {
  return causeInStage('s', result);
}

/** As causeOf, where the name of the stage helps to tell what it is about. */
export function causeInStage(stage: string, result: ModuleResult): string | null {
  const { code, msg = '', stderr = '' } = result;
  const record = explainFailure(
    {
      what: 'A task failed.',
      where: { stage, runs_on: 'deployment-vm' },
      message: msg,
      evidence: [{ source: 'stderr', text: String(stderr) }],
      ...(code === undefined ? {} : { code }),
    },
    catalogue,
    { run: 'r1', site: 'services', at: '2026-11-21T02:00:00Z', version: '0.1.0' },
  );
  return record.why.key;
}
