// npm run check: everything that can be said about the sources without running them. One line a step.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureNodeModules, ensurePackages, ROOT } from '../main/setup/ensure.mjs';

const bin = (name) => path.join(ROOT, 'node_modules', '.bin', name);
const STEPS = [
  ['types per room', bin('tsc'), ['-b', 'main', 'main/electron']],
  ['types of the renderer', bin('tsc'), ['-p', 'renderer']],
  ['types of the tests', bin('tsc'), ['-p', 'test']],
  [
    'lint',
    bin('eslint'),
    ['-c', 'test/lint/eslint.config.mjs', '--max-warnings=0', 'src', 'main', 'renderer', 'test'],
  ],
  [
    'import rules and cycles',
    bin('depcruise'),
    ['--config', 'test/lint/dependency-cruiser.mjs', 'src', 'main', 'renderer', 'test'],
  ],
  ['unused code', bin('knip'), ['--config', 'test/lint/knip.json', '--no-progress']],
  [
    'formatting',
    bin('prettier'),
    ['--config', 'test/lint/prettier.json', '--check', '--log-level', 'warn', '.'],
  ],
  ['yamllint', 'yamllint', ['--strict', '-c', 'test/lint/yamllint.yml', 'playbooks']],
  [
    'ansible-lint',
    'ansible-lint',
    ['--offline', '-q', '-c', 'test/lint/ansible-lint.yml', 'playbooks'],
    { ANSIBLE_CONFIG: path.join(ROOT, 'playbooks/ansible.cfg') },
  ],
];

ensureNodeModules();
ensurePackages(['ansible', 'ansible-lint', 'yamllint'], 'linting the playbooks');
const failed = [];
for (const [title, command, args, env] of STEPS) {
  const started = Date.now();
  const done = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, ...env, NO_COLOR: '1' },
    maxBuffer: 2 ** 26,
  });
  const ok = done.status === 0;
  if (!ok) failed.push(`check: ${title}`);
  process.stdout.write(
    `${ok ? 'ok    ' : 'FAILED'} ${title} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`,
  );
  // Only what failed has something to say.
  if (!ok) process.stdout.write(`${done.error?.message ?? ''}${done.stdout ?? ''}${done.stderr ?? ''}\n`);
}
const counts = process.env['BRINGUP_COUNTS'];
if (counts !== undefined)
  writeFileSync(counts, JSON.stringify({ passed: STEPS.length - failed.length, failed, skipped: [] }));
const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
process.stdout.write(
  failed.length === 0
    ? `bringup ${version}: every check passed\n`
    : `${failed.length} of ${STEPS.length} checks failed\n`,
);
process.exit(failed.length === 0 ? 0 : 1);
