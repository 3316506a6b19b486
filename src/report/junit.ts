import type { RunDocument } from '../contract/api.ts';
import type { Status } from '../contract/events.ts';
import type { FailureRecord } from '../contract/failure.ts';
import { probeTitle, type MatrixCell, type MatrixStatus } from '../contract/matrix.ts';
import { findLeftOut } from './left-out.ts';
import { ownTests } from './own-tests.ts';

type StageDocument = RunDocument['stages'][number];
type HostAnswer = StageDocument['tasks'][number]['hosts'][string];

/** One testcase: what a host answered to a task, what a machine was tested for, or how a stage went that came to no task. */
interface TestCase {
  readonly className: string;
  readonly name: string;
  readonly seconds: number;
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped';
  readonly said: string;
  readonly record?: FailureRecord;
}

/**
 * A run as JUnit XML, as test tools read it: a suite for each stage, a case for each host and task in it, and for each test of
 * a machine by itself. An unreachable host is an error, what failed is a failure with the cause, its owner and what to do.
 */
export function renderJUnit(run: RunDocument): string {
  const suites = run.stages.map((stage) => ({ stage, cases: casesOf(stage) }));
  const all = suites.flatMap(({ cases }) => cases);
  const head = `name="${escape(`site ${run.site}`)}" ${counts(all)} time="${span(run.started, run.finished)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${head}>\n${suites.map(suite).join('')}</testsuites>\n`;
}

function casesOf(stage: StageDocument): TestCase[] {
  const leftOut = findLeftOut(stage);
  const isTrial = ([host, { left_out: why }]: [string, HostAnswer]): boolean =>
    why !== undefined || !leftOut.has(host);
  const cases = [
    ...stage.tasks.flatMap((task) => casesOfTask(stage, task, isTrial)),
    ...ownTests(stage).map((cell) => caseOfCell(stage, cell)),
  ];
  const told = cases.some(({ outcome }) => outcome === 'failure' || outcome === 'error');
  const outcome = outcomeOf(stage.status);
  if (told || (cases.length > 0 && outcome === 'passed')) return cases;
  const [record] = stage.failures;
  const own = { className: stage.id, name: stage.title, seconds: 0, outcome, said: stage.text ?? '' };
  return [...cases, { ...own, ...(record === undefined ? {} : { record }) }];
}

function casesOfTask(
  stage: StageDocument,
  task: StageDocument['tasks'][number],
  isTrial: (entry: [string, HostAnswer]) => boolean,
): TestCase[] {
  // The look at a host that is left out proves nothing of it.
  return Object.entries(task.hosts)
    .filter(isTrial)
    .map(([host, { check, text, status, duration_seconds: seconds = 0 }]) => {
      const said = check === undefined ? (text ?? '') : `seen: ${check.seen}; wanted: ${check.wanted}`;
      const record = stage.failures.find(
        ({ where }) => where.task === task.title && (where.host === undefined || names(where.host, host)),
      );
      return {
        className: `${stage.id}.${host}`,
        name: check?.title ?? task.title,
        ...{ seconds, said, outcome: outcomeOf(status) },
        ...(record === undefined ? {} : { record }),
      };
    });
}

/** A warning passes; what was not tried is skipped, with its reason. */
const CELL_OUTCOMES: Readonly<Record<MatrixStatus, TestCase['outcome']>> = {
  ...{ ok: 'passed', warn: 'passed', failed: 'failure', 'not-tried': 'skipped' },
};

function caseOfCell(stage: StageDocument, { from, probe, at, status, seen, wanted }: MatrixCell): TestCase {
  const record = stage.failures.find(
    ({ where, why }) => names(where.host ?? '', from) && why.evidence[0]?.text.includes(seen) === true,
  );
  return {
    className: `${stage.id}.${from}`,
    name: at === undefined ? probeTitle(probe) : `${probeTitle(probe)} (${at})`,
    ...{ seconds: 0, outcome: CELL_OUTCOMES[status] },
    said: wanted === undefined ? seen : `seen: ${seen}; wanted: ${wanted}`,
    ...(record === undefined ? {} : { record }),
  };
}

/** A failure that several hosts met alike names them all. */
function names(hosts: string, host: string): boolean {
  return hosts.split(', ').includes(host);
}

function outcomeOf(status: Status): TestCase['outcome'] {
  if (status === 'ok' || status === 'changed') return 'passed';
  if (status === 'failed') return 'failure';
  return status === 'unreachable' || status === 'timed-out' ? 'error' : 'skipped';
}

function suite({ stage, cases }: { stage: StageDocument; cases: readonly TestCase[] }): string {
  const began = stage.started === undefined ? '' : ` timestamp="${stage.started.slice(0, 19)}"`;
  const head = `name="${escape(stage.title)}" ${counts(cases)} time="${span(stage.started, stage.finished)}"${began}`;
  return `  <testsuite ${head}>\n${cases.map(testCase).join('')}  </testsuite>\n`;
}

function testCase({ className, name, seconds, outcome, said, record }: TestCase): string {
  const head = `    <testcase classname="${escape(className)}" name="${escape(name)}" time="${seconds.toFixed(3)}"`;
  if (outcome === 'passed') return `${head}/>\n`;
  if (outcome === 'skipped') return `${head}>\n      <skipped message="${escape(said)}"/>\n    </testcase>\n`;
  const type = record?.why.key ?? 'unknown';
  const message = record?.what ?? said;
  const body = record === undefined ? said : bodyOf(record);
  return `${head}>\n      <${outcome} type="${escape(type)}" message="${escape(message)}">${escape(body)}</${outcome}>\n    </testcase>\n`;
}

function bodyOf({ reference, why, owner, fixes }: FailureRecord): string {
  return [
    why.summary,
    `Whose: ${owner ?? 'not known'}`,
    ...fixes.map(({ title }) => `What to do: ${title}`),
    `Reference: ${reference}`,
    ...why.evidence.map(({ source, text }) => `${source}: ${text}`),
  ].join('\n');
}

function counts(cases: readonly TestCase[]): string {
  const count = (wanted: TestCase['outcome']): number =>
    cases.filter(({ outcome }) => outcome === wanted).length;
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
}

/** Seconds between two moments, or 0 where one is not known. */
function span(from: string | undefined, to: string | undefined): string {
  if (from === undefined || to === undefined) return '0';
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000).toFixed(3);
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML 1.0 has no place for most control characters, nor for halves of surrogate pairs, not even written as references. */
function escape(text: string): string {
  return text
    .replaceAll(/(?![\t\n\r])\p{Cc}|\p{Cs}|[\uFFFE\uFFFF]/gu, '')
    .replaceAll(/[&<>"]/g, (character) => ESCAPES[character] ?? '');
}
