// npm run bench [upload|ansible|site|discovery|match|journal|scale|explain|window|servers|fuzz]: ratios against a named rival measured in
// the same run. npm run bench stack [SITE_FILE | --runs RUN1 RUN2]: a first and a second run of the whole stack.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { runnerImport } from 'vite';
import { ensureBuild, ensureNodeModules, ensurePackages, ROOT, say } from '../../main/setup/ensure.mjs';
import { LAB_PACKAGES, TEST_PACKAGES } from '../../main/setup/packages.mjs';

const BENCHES = {
  upload: 'benchUpload',
  ansible: 'benchAnsible',
  site: 'benchSite',
  discovery: 'benchDiscovery',
  match: 'benchMatch',
  journal: 'benchJournal',
  scale: 'benchScale',
  explain: 'benchExplain',
  window: 'benchWindow',
  servers: 'benchServers',
  stack: 'benchStack',
};
// Only where they are named: a site of its own, which is up, and what takes a quarter of an hour.
const NAMED_ONLY = ['servers', 'stack'];
const words = process.argv.slice(2);
const [only, args] = words[0] === 'stack' ? [['stack'], words.slice(1)] : [words, []];

ensurePackages([...LAB_PACKAGES, ...TEST_PACKAGES], 'the benchmarks');
ensureNodeModules();
ensureBuild();
for (const [name, entry] of Object.entries(BENCHES)) {
  if (only.length > 0 ? !only.includes(name) : NAMED_ONLY.includes(name)) continue;
  say(`bench: ${name}`);
  const { module } = await runnerImport(path.join(ROOT, `test/bench/${name}.ts`));
  for (const row of await module[entry](args)) print(row);
}

// Not part of the plain run: ten minutes of mutated site files, which say nothing about speed.
if (only.includes('fuzz')) {
  const { status } = spawnSync(process.execPath, [path.join(ROOT, 'test/fuzz/run.mjs')], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}

function print(row) {
  const figure = (value) => (value === 0 ? '-' : value.toFixed(value < 10 ? 2 : 1));
  const ratio = row.rival === 0 ? '' : `  ratio ${row.ratio.toFixed(2)}`;
  process.stdout.write(
    `${row.name.padEnd(44)} ${figure(row.ours).padStart(8)} against ${figure(row.rival).padStart(8)} ${row.unit}${ratio}  ${row.note}\n`,
  );
}
