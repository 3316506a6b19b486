import type { PlannedStage, Status } from '../src/contract/events.ts';
import type { Owner } from '../src/contract/failure.ts';
import { count } from './format.ts';
import type { GroupKind } from './state/task-groups.ts';

const RUNS_ON: Record<PlannedStage['runs_on'], string> = {
  laptop: 'From this laptop',
  'kvm-host': 'On the KVM host',
  'deployment-vm': 'On the deployment VM',
};

const ATTACHED: Record<PlannedStage['runs_on'], string> = {
  laptop: 'Attached to KVM host',
  'kvm-host': 'Attached to KVM host',
  'deployment-vm': 'Attached to deployment VM',
};

const OWNERS: Record<Owner, string> = {
  'field-engineer': 'field engineer',
  'customer-network': 'customer network',
  'customer-it': 'customer IT',
  vendor: 'vendor',
  software: 'Bringup software',
};

const STATUS: Partial<Record<Status, string>> = { 'timed-out': 'timed out' };

const GROUPS: Record<GroupKind, string> = {
  now: 'Running now',
  done: 'Done, newest first',
  all: 'Tasks',
  'root-cause': 'Root cause',
  'also-failed': 'Failed as well',
  blocked: 'Not reached by these hosts',
  passed: 'Passed',
  'failed-checks': 'Failed checks',
  'warned-checks': 'Warnings',
  'passed-checks': 'Passed checks',
  'skipped-checks': 'Not checked',
};

/** Every English sentence of the renderer, so that wording is judged and translated in one place. */
export const text = {
  app: 'Bringup',
  sites: 'Sites',
  stages: 'Stages',
  task: 'Task',
  time: 'Time',
  close: 'Close',
  readOnly: 'Read-only view',
  status: (status: Status): string => STATUS[status] ?? status,
  owner: (owner: Owner | null): string => (owner === null ? 'not known yet' : OWNERS[owner]),
  runsOn: (where: PlannedStage['runs_on']): string => RUNS_ON[where],
  group: (kind: GroupKind): string => GROUPS[kind],
  skipToContent: 'Skip to the open stage',

  attached: (where: PlannedStage['runs_on']): string => ATTACHED[where],
  notAttached: 'Not attached yet',
  lastEvent: (age: string): string => `last event ${age} ago`,
  noEvents: 'waiting for the first event',
  silent: (age: string): string => `no event for ${age}`,
  spoken: (stage: string, verdict: string): string => `${stage}: ${verdict}`,
  lost: 'Lost contact with Bringup',
  lostSince: (time: string): string => `since ${time}, trying again`,
  interrupted: 'Run interrupted',
  ended: (status: Status): string =>
    status === 'ok' || status === 'changed' ? 'Run finished' : `Run ${text.status(status)}`,
  lostBanner: (time: string): string =>
    `This page lost contact with Bringup at ${time}. What you see is the last state it told. Stages on the site go on by themselves; this page catches up as soon as Bringup answers. If it was closed, start it again with: bringup serve`,

  stagesDone: (done: number, total: number): [string, string] => [`${done} of ${total}`, ' stages done'],
  nFailed: (n: number): string => `${n} failed`,
  nRunning: (n: number): string => `${n} running`,
  ofDone: (done: number, total: number): string => `${done} of ${total} done`,
  ofAbout: (time: string): string => ` of about ${time}`,
  ofExpected: (time: string): string => `of ${time}`,
  runProgress: 'Part of the run that is done',

  cancelRun: 'Cancel run',
  runAgain: 'Run again',
  cancelTitle: 'Cancel this run?',
  keepRunning: 'Keep running',

  notOurs:
    'This run was started by another Bringup on this machine, for instance in a terminal. Cancel it there with Ctrl-C.',
  waitsFor: (stages: string): string => `waits for ${stages}`,
  notRun: 'not run',
  failedHosts: (failed: number, hosts: number): string => `${failed} of ${count(hosts, 'host')}`,
  failedOn: (failed: number, hosts: number): string => `failed on ${failed} of ${count(hosts, 'host')}`,
  failedChecks: (failed: number, checks: number): string => `${failed} of ${count(checks, 'check')} failed`,
  checkCount: (n: number): string => count(n, 'check'),
  taskCount: (n: number): string => count(n, 'task'),
  warningCount: (n: number): string => count(n, 'warning'),
  changedCount: (n: number): string => `${n} changed`,
  longer: 'longer than expected',
  between: (from: string, to: string): string => `${from} to ${to}`,
  since: (from: string): string => `since ${from}`,

  tasks: 'Tasks by host',
  checks: 'Checks',
  log: 'Log',
  viewAs: 'Show the stage as',
  rootCauseNote: (hosts: number): string => `failed first, on ${count(hosts, 'host')}`,
  blockedNote: (tasks: number): string => `${count(tasks, 'task')}, blocked by the root cause`,
  tasksNote: (tasks: number): string => count(tasks, 'task'),
  checksNote: (n: number, total: number): string => `${n} of ${total}`,
  allowed: (status: Status): string => `${text.status(status)}, allowed`,
  noAnswer: 'no answer yet',
  noTasks: 'No task has started yet.',
  pendingStage: (waits: string): string =>
    waits === '' ? 'This stage has not started.' : `This stage starts when ${waits} is done.`,
  blockedStage: 'This stage was not run.',
  noLog: 'Nothing was logged in this stage yet.',
  showAll: (n: number): string => `Show all ${n} hosts`,
  legend: 'What the signs mean',
  notReached: 'not reached',
  seen: 'Seen',
  wanted: 'Wanted',
  remedy: 'Remedy',
  rate: (rate: string): string => `${rate}/s`,
  left: (time: string): string => `${time} left`,

  what: 'What',
  where: 'Where',
  why: 'Why',
  whose: 'Whose',
  whatNow: 'What now',
  howFar: 'How far',
  firstSeen: (reference: string, time: string): string => `${reference}, first seen ${time}`,
  recordOf: (n: number, total: number): string => `Failure ${n} of ${total}`,
  evidence: (lines: number): string => `Evidence, ${count(lines, 'line')}`,
  copyRequest: (owner: string): string => `Copy request to ${owner}`,
  copyReport: 'Copy the failure report',
  copied: 'Copied',
  copyFailed: 'Copying was refused. Select the text and copy it.',
  copyCommand: 'Copy command',
  whenConfirmed: 'When they confirm the change',
  previous: 'Previous failure',
  next: 'Next failure',
  taskAt: (task: string): string => task,
  andMore: (n: number): string => ` and ${n} more`,

  nowTitle: 'Now',
  console: 'Last console lines',
  runFacts: 'This run',
  siteFile: 'Site file',
  runId: 'Run',
  started: 'Started',
  ends: 'Ends about',
  nothingFailed: 'Nothing has failed.',
  stayAttached: 'Nothing to do. Leave Bringup open and this laptop connected: this stage works from here.',
  goOn: 'Nothing to do. It goes on by itself, also when this window is closed.',
  doneNow: 'The site is as its site file says. Keep the journal as proof.',
  cancelledNow: 'Nothing runs any more. Resume goes on from what is done.',
  stoppedWhere: (stage: string): string => `It stopped in ${stage}.`,
  showFailure: 'Show the failure',
  noRun: (run: string): string => `No event of run ${run} has arrived.`,
  noRunHint:
    'A run that was just started tells its plan within seconds. If this run does not exist on this machine, go back to Sites.',

  menu: 'Menu',
  theme: (theme: string): string => `Theme: ${theme}`,
  shortcuts: 'Keyboard shortcuts',
  keys: [
    ['j or ↓', 'next stage'],
    ['k or ↑', 'previous stage'],
    ['Home, End', 'first and last stage, in the list of stages'],
    ['f', 'go to the failure'],
    ['c', 'copy the request of the failure'],
    ['l', 'switch between tasks and log'],
    ['m', 'the matrix of a stage that has one'],
    ['/', 'filter tasks or log'],
    ['g', 'go to Sites'],
    ['t', 'theme: system, light, dark'],
    ['Alt+↑, Alt+↓', 'previous and next step, while preparing a site'],
    ['Ctrl+Z, Ctrl+Y', 'undo and redo, while preparing a site'],
    ['n', 'new site, on Sites'],
    ['o', 'open a site file, on Sites'],
    ['Ctrl+K', 'every action of the page by name'],
    ['?', 'this list'],
  ] as const,
};
