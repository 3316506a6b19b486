// npm run faults [-- --only NAME,NAME] [--kills N] [--seed S]: brings faults about in the lab, looks at what became of the runs, and writes the table of docs/reliability.md.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuild, ensureNodeModules, ensurePackages, ROOT, say } from '../../main/setup/ensure.mjs';
import { LAB_PACKAGES, TEST_PACKAGES } from '../../main/setup/packages.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
  },
});
ensurePackages([...LAB_PACKAGES, ...TEST_PACKAGES, 'faketime'], 'the faults');
ensureNodeModules();
ensureBuild();
const { runnerImport } = await import('vite');
const { module } = await runnerImport(path.join(ROOT, 'test/faults/suite.ts'));
say(`faults: seed ${values.seed}`);
const failed = await module.tryFaults({
  only: values.only.flatMap((names) => names.split(',')),
  kills: Number(values.kills),
  seed: Number(values.seed),
  say,
});
say(failed === 0 ? 'faults: every run came to its end' : `faults: ${failed} went wrong`);
process.exitCode = failed === 0 ? 0 : 1;
