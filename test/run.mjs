// npm test: installs what the suite needs, then edge and lab tests, beside those unit tests, the UI in Chromium and the checks; ends with one line over all.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, getPriority, setPriority, tmpdir } from 'node:os';
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
  edge: vitest,
  e2e: vitest,
  unit: vitest,
  check: checks,
  ui: playwright,
  long: vitest,
};
/**
 * What a runner leaves enough of the processors for, one after the other: the lab's tests mostly wait for one emulated
 * machine, those of the edges for other programs.
 */
const BESIDE = { e2e: ['unit', 'ui', 'check'], edge: wants('e2e') ? [] : ['check'] };
/** Too long for every day: run by name, and named as skipped where the whole suite is asked for. */
const LONG =
  'test/long, the whole stack twice and the appliance of OpenManage Enterprise: half an hour more; npm test -- long';
const waiting = new Set(Object.keys(RUNNERS).filter(wants));
for (const [name, runner] of Object.entries(RUNNERS)) {
  if (!waiting.delete(name)) continue;
  if (name === 'long' && only.length === 0) {
    add({ passed: 0, failed: [], skipped: [LONG] });
    continue;
  }
  const beside = (BESIDE[name] ?? []).filter((other) => waiting.delete(other));
  say(`tests: ${name}${beside.length === 0 ? '' : `, beside them ${beside.join(' and ')}`}`);
  await Promise.all([runner(name), inTurn(beside)]);
  for (const other of beside) process.stdout.write(readFileSync(logOf(other)));
}
rmSync(scratch, { recursive: true, force: true });
checkLeftovers();
for (const reason of total.skipped) process.stdout.write(`skipped: ${reason}\n`);
for (const title of total.failed) process.stdout.write(`failed: ${title}\n`);
process.stdout.write(
  `${total.passed} passed, ${total.failed.length} failed, ${total.skipped.length} skipped\n`,
);
process.exit(total.failed.length === 0 && total.passed > 0 ? 0 : 1);

/** Runs what another runner has beside it; what it says is kept until that one has ended. */
async function inTurn(names) {
  for (const name of names) {
    const log = openSync(logOf(name), 'w');
    await RUNNERS[name](name, log);
    closeSync(log);
  }
}

function logOf(name) {
  return path.join(scratch, `${name}.log`);
}

/** Runs a program to its end; one with a `log`, the file for what it says, runs beside another and leaves it the processors. */
async function run(args, env, log = 'inherit') {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...env },
  });
  const { PRIORITY_BELOW_NORMAL: low } = constants.priority;
  if (log !== 'inherit' && getPriority() < low) setPriority(child.pid, low);
  const [status, signal] = await once(child, 'exit');
  return { status, signal };
}

async function checks(name, log) {
  const counts = path.join(scratch, `${name}.json`);
  addFile(counts, await run(['test/check.mjs'], { BRINGUP_COUNTS: counts }, log), 'the checks');
}

async function vitest(project, log) {
  const counts = path.join(scratch, `${project}.json`);
  const words = ['run', '-c', 'test/vitest.config.ts', '--project', project];
  const reporters = ['--reporter=default', '--reporter=./test/count-reporter.mjs'];
  const args = ['node_modules/vitest/vitest.mjs', ...words, ...reporters];
  addFile(counts, await run(args, { BRINGUP_COUNTS: counts }, log), `vitest ${project}`);
}

async function playwright(name, log) {
  const file = path.join(scratch, `${name}.json`);
  const words = ['test', '-c', 'test/ui/playwright.config.ts', '--reporter=line,json'];
  const args = [
    'node_modules/@playwright/test/cli.js',
    ...words,
    ...(log === undefined ? [] : ['--workers=1']),
  ];
  // What ensureBuild has built is what the specs would build once more.
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: file, BRINGUP_UI_BUILT: '1' };
  const done = await run(args, env, log);
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
