// npm test: installs what the suite needs, then checks, unit, edge and lab tests, and the UI in Chromium; ends with one line over all.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import path from 'node:path';
import { ensureBuild, ensureNodeModules, ensurePackages, ROOT, say } from '../main/setup/ensure.mjs';
import { LAB_PACKAGES, TEST_PACKAGES, WINDOW_PACKAGES } from '../main/setup/packages.mjs';

const only = process.argv.slice(2);
const before = new Set(readdirSync(tmpdir()));
const scratch = mkdtempSync(path.join(tmpdir(), 'bringup-suite-'));
const total = { passed: 0, failed: [], skipped: [] };

ensurePackages([...LAB_PACKAGES, ...TEST_PACKAGES, ...WINDOW_PACKAGES], 'the test suite');
ensureNodeModules();
ensureBuild();
const wants = (name) => only.length === 0 || only.includes(name);
const RUNNERS = {
  unit: () => vitest('unit'),
  edge: async () => {
    // Edge tests mostly wait for other programs; the checks get what is left of the processors.
    const checks = wants('check') ? startChecks() : undefined;
    vitest('edge');
    await checks?.();
  },
  check: () => (wants('edge') ? undefined : startChecks()()),
  ui: playwright,
  e2e: () => vitest('e2e'),
  long: () => vitest('long'),
};
/** Too long for every day: run by name, and named as skipped where the whole suite is asked for. */
const LONG =
  'test/long, the OpenManage Enterprise appliance in a VM of its own: some minutes more; npm test -- long';
for (const [name, runner] of Object.entries(RUNNERS)) {
  if (!wants(name)) continue;
  if (name === 'long' && only.length === 0) {
    add({ passed: 0, failed: [], skipped: [LONG] });
    continue;
  }
  say(`tests: ${name}`);
  await runner();
}
rmSync(scratch, { recursive: true, force: true });
checkLeftovers();
for (const reason of total.skipped) process.stdout.write(`skipped: ${reason}\n`);
for (const title of total.failed) process.stdout.write(`failed: ${title}\n`);
process.stdout.write(
  `${total.passed} passed, ${total.failed.length} failed, ${total.skipped.length} skipped\n`,
);
process.exit(total.failed.length === 0 && total.passed > 0 ? 0 : 1);

/** Starts `npm run check`; what is returned waits for its end and prints what it said. */
function startChecks() {
  const [counts, log] = ['check.json', 'check.log'].map((name) => path.join(scratch, name));
  const output = openSync(log, 'w');
  const child = spawn(process.execPath, ['test/check.mjs'], {
    cwd: ROOT,
    stdio: ['ignore', output, output],
    env: { ...process.env, BRINGUP_COUNTS: counts },
  });
  closeSync(output);
  setPriority(child.pid, constants.priority.PRIORITY_LOW);
  const ended = once(child, 'exit');
  return async () => {
    const [status, signal] = await ended;
    process.stdout.write(readFileSync(log));
    addFile(counts, { status, signal }, 'the checks');
  };
}

function vitest(project) {
  const counts = path.join(scratch, `${project}.json`);
  const done = spawnSync(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '-c',
      'test/vitest.config.ts',
      '--project',
      project,
      '--reporter=default',
      '--reporter=./test/count-reporter.mjs',
    ],
    { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, BRINGUP_COUNTS: counts } },
  );
  addFile(counts, done, `vitest ${project}`);
}

function playwright() {
  const file = path.join(scratch, 'ui.json');
  const done = spawnSync(
    process.execPath,
    [
      'node_modules/@playwright/test/cli.js',
      'test',
      '-c',
      'test/ui/playwright.config.ts',
      '--reporter=line,json',
    ],
    {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      // What ensureBuild has built is what the specs would build once more.
      env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: file, BRINGUP_UI_BUILT: '1' },
    },
  );
  if (!existsSync(file)) return addFile(file, done, 'playwright');
  const { stats, suites, errors } = JSON.parse(readFileSync(file, 'utf8'));
  const counts = {
    passed: stats.expected,
    failed: errors.map((error) => `playwright: ${error.message}`),
    skipped: [],
  };
  for (const spec of suites.flatMap(specsOf)) {
    const test = spec.tests[0];
    if (test?.status === 'skipped') counts.skipped.push(`${spec.title}: ${skipReason(test)}`);
    // A test that needed a second try is a defect here, so it counts as failed.
    else if (test?.status !== 'expected') counts.failed.push(`${spec.file}: ${spec.title}`);
  }
  add(counts);
}

function skipReason(test) {
  return test.annotations.find((note) => note.type === 'skip')?.description ?? 'no reason given';
}

/** The test "leaves nothing in the temporary folder": by the names that tests, and the programs they start, give. */
function checkLeftovers() {
  const ours = /^\.?(bringup-|ansible|playwright(-artifacts|_chromium)|org\.chromium|mmdebstrap|virt-|v2v)/;
  const left = readdirSync(tmpdir()).filter((name) => ours.test(name) && !before.has(name));
  if (left.length === 0) return add({ passed: 1, failed: [], skipped: [] });
  add({ passed: 0, failed: [`leaves nothing in the temporary folder: ${left.join(' ')}`], skipped: [] });
}

function specsOf(suite) {
  return [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];
}

function addFile(file, done, title) {
  if (!existsSync(file)) {
    const failed = [`${title} ended without a result (exit ${done.status ?? done.signal})`];
    return add({ passed: 0, failed, skipped: [] });
  }
  const counts = JSON.parse(readFileSync(file, 'utf8'));
  if (done.status !== 0 && counts.failed.length === 0)
    counts.failed.push(`${title} ended with ${done.status ?? done.signal}`);
  add(counts);
}

function add(counts) {
  total.passed += counts.passed;
  total.failed.push(...counts.failed);
  total.skipped.push(...counts.skipped);
}
