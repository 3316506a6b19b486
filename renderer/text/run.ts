import type { Status } from '../../src/contract/events.ts';
import type { ProbeStatus } from '../../src/contract/vantage.ts';
import { count } from '../format.ts';

const PROBES: Record<ProbeStatus, string> = {
  ok: 'yes',
  refused: 'refused',
  timeout: 'no answer',
  unreachable: 'no way',
  'no-route': 'no route',
  prohibited: 'forbidden',
  name: 'no name',
  tls: 'no TLS',
  'wrong-answer': 'other',
  'too-big': 'too big',
  down: 'down',
  unclear: 'unclear',
  'not-asked': 'n/a',
};

/** "node-1", "node-1 and node-2", "node-1, node-2 and 5 more". */
function names(list: readonly string[]): string {
  if (list.length > 4) return `${list.slice(0, 3).join(', ')} and ${list.length - 3} more`;
  const last = list.at(-1) ?? '';
  return list.length < 2 ? last : `${list.slice(0, -1).join(', ')} and ${last}`;
}

/** Every English sentence of the run page beyond those it shares with other pages. */
export const runText = {
  names,

  logStarted: 'Stage started',
  logFollowed: 'Stage followed again',
  logAttempt: (what: string, attempt: number, reason: string | undefined): string =>
    `${what}${attempt === 1 ? '' : `, attempt ${attempt}`}${reason === undefined ? '' : `: ${reason}`}`,
  logPlay: (play: string): string => `Play: ${play}`,
  logTask: (task: string): string => `Task: ${task}`,
  logWarning: (warning: string): string => `Warning: ${warning}`,
  logFinished: 'Stage finished',

  search: 'Filter by host, status or text',
  searchHint: 'e.g. node-2 failed',
  foundNothing: (typed: string): string => `Nothing here matches "${typed}".`,
  searching: 'still searching',
  newBelow: (n: number): string => `${n.toLocaleString('en')} new below`,
  newAbove: (n: number): string => `${n.toLocaleString('en')} new above`,
  earlierLines: 'Reading earlier lines',
  reading: (left: number): string => `Reading the journal: ${left.toLocaleString('en')} events to go`,

  attempt: (n: number): string => `attempt ${n}`,
  earlierAttempts: (newest: number, n: number): string =>
    `This is attempt ${newest}; ${n === 1 ? '1 earlier attempt' : `${n} earlier attempts`}`,
  attemptOnly: (hosts: readonly string[]): string => `only on ${names(hosts)}`,
  attemptFrom: (task: string): string => `from task "${task}" on`,
  attemptTag: (tag: string): string => `only plays tagged ${tag}`,
  onlyHosts: (hosts: readonly string[]): string => `This attempt is carried out on ${names(hosts)} only.`,
  fromTask: (task: string): string => `This attempt began at task "${task}".`,
  onlyTag: (tag: string): string => `Only the plays tagged ${tag} were carried out: the acceptance test.`,
  leftOut: (hosts: readonly string[]): string =>
    `Without ${names(hosts)}: an earlier stage went on without ${hosts.length === 1 ? 'it' : 'them'}.`,
  failedAside: (hosts: readonly string[]): string =>
    `${names(hosts)} failed; the stage ended well without ${hosts.length === 1 ? 'it' : 'them'}.`,
  stale: (why: string): string =>
    `Its result no longer stands: ${why}. It is carried out again when the run goes on.`,
  changedInput: (path: string, from: string | undefined, to: string | undefined): string =>
    from === undefined || to === undefined ? `${path} changed` : `${path}: ${from}, now ${to}`,
  overridden: (reason: string): string => `Passed over by an engineer: ${reason}`,
  goesOn: 'Contact was lost, but the stage goes on at the site. Resume follows it again from its last event.',

  resume: 'Resume',
  retry: 'Retry',
  retryTip:
    'Choose how much of this stage is tried again: failed hosts, from the failed task on, or all of it.',
  resumeTip: 'Go on with everything that is not done yet, in this stage and behind it.',
  retryStage: (stage: string): string => `Retry stage ${stage}`,
  skipStage: (stage: string): string => `Skip stage ${stage}`,
  skip: 'Skip this stage',
  stopNow: 'Stop now',
  goBack: 'Go back',
  working: 'Asking Bringup',

  resumeTitle: 'Resume this run?',
  resumeBody: (again: readonly string[], next: readonly string[]): string => {
    const first =
      again.length === 0
        ? 'Stages that are done stay as they are.'
        : `Stages that are done stay as they are; ${names(again)} ${again.length === 1 ? 'is' : 'are'} carried out again.`;
    return next.length === 0
      ? first
      : `${first} Then ${names(next)} ${next.length === 1 ? 'follows' : 'follow'}.`;
  },
  resumeFollows: (stages: readonly string[]): string =>
    `${names(stages)} may still run at the site, or have ended there: Bringup follows from the last event it has.`,
  resumeState: 'Nothing that is done is undone. The run goes on in its own journal, on this page.',
  withConfirm: 'You agree that the deployment VM is made anew from its changed definition.',
  withInstall: 'Missing packages are installed on the KVM host from its distribution.',
  withKey: (key: string): string => `The SSH host key ${key} is accepted: compare it first.`,

  retryTitle: (stage: string): string => `Retry ${stage}?`,
  retryWhat: 'What is tried again',
  retryHosts: (failed: number, hosts: number): string =>
    `Failed hosts only, ${failed} of ${count(hosts, 'host')}`,
  retryHostsBody: (hosts: readonly string[], acceptance: boolean): string =>
    `Carried out again on ${names(hosts)}; the other hosts are left as they are.${acceptance ? ' Its acceptance test then runs on all hosts.' : ''}`,
  retryTask: 'From the failed task on',
  retryTaskBody: (task: string): string => `Begins at "${task}"; the tasks before it are not repeated.`,
  retryWhole: 'The whole stage',
  retryWholeBody: (hosts: number): string =>
    hosts === 0
      ? 'From its beginning; what it has done stays, and its tasks find it done.'
      : `From its beginning on ${count(hosts, 'host')}; what it has done stays, and its tasks find it done.`,
  retryState: 'The earlier attempt stays on record. Stages that wait for this one follow by themselves.',
  noFailedHosts: 'Not possible: no host of this stage failed.',
  cutShort: 'Not possible: Ansible broke the stage off, so hosts that did not fail are not finished either.',
  controlFailed: (host: string): string =>
    `Not possible: ${host} itself failed, which all other hosts depend on.`,
  notByTask: 'Not possible here: later tasks of this stage need what earlier ones found out.',

  skipTitle: (stage: string): string => `Skip ${stage}?`,
  skipBody: (stage: string): string =>
    `${stage} is not carried out, and the run goes on with the stages after it. What an earlier attempt of it changed stays as it is.`,
  skipState: 'It is recorded as overridden, with your reason, in the journal, the report and the export.',
  skipReason: 'Reason',
  skipReasonHint: 'For whoever reads the report: why, and who agreed.',

  stopSoftBody: (stage: string): string =>
    `The running task of ${stage} ends first and no further one starts; after 60 seconds what still runs is stopped.`,
  stopHardTitle: 'Stop at once?',
  stopHardBody: (stage: string): string =>
    `What ${stage} does right now is stopped in the middle of its task.`,
  stopLeaves: (leaves: string): string => `It may leave this behind: ${leaves}.`,
  stopState: 'What is done stays as it is. The run is recorded as cancelled; Resume goes on from there.',
  stopping: 'Cancelling: the running task ends first.',

  reach: 'Who can reach what',
  reachFrom: 'from',
  reachAt: (time: string): string => `probed ${time}`,
  reachSelf: 'itself',
  notProbed: 'not probed',
  reachCell: (from: string, to: string, status: ProbeStatus, said: string): string =>
    `${from} to ${to}: ${PROBES[status]}. ${said}`,
  probe: (status: ProbeStatus): string => PROBES[status],
  checks: {
    service: 'service',
    machine: 'ping',
    size: 'full size',
    gateway: 'own gateway',
    'far-gateway': 'far gateway',
    beside: 'neighbour',
    back: 'way back',
    power: 'power',
    link: 'link',
    bmc: 'BMC',
  },
  probeAgain: 'Probe again',
  probing: 'Probing from every machine, 20 s at most',
  legend: { yes: 'reaches it', no: 'does not', unclear: 'proves nothing', 'not-asked': 'could not be asked' },

  replay: 'Replay this run',
  replayBar: 'Replay',
  replayAt: (time: string, stage: string | undefined): string =>
    stage === undefined ? time : `${time}, ${stage}`,
  replaySlider: 'Moment of the run that is shown',
  start: 'Play',
  pause: 'Pause',
  toEnd: 'To the end',
  closeReplay: 'Close replay',
  pastOnly: 'You look at an earlier moment. Nothing can be changed from here.',
  opened: (file: string): string => `Read from ${file}, read-only`,

  doneUpTo: (stage: string, left: number | undefined): string =>
    `Done up to ${stage}; ${left === undefined ? 'the stages behind it are' : count(left, 'stage')} left`,
  goOnBehind: (stage: string): string =>
    `It ended there as it was asked to; the site is not finished. Resume goes on behind ${stage}.`,
  endedEarly: 'Ended early, as asked',
  stagesLeft: (left: number): string => `, ${left} left`,
  resumeBehind: (stage: string): string => `Then the stages behind ${stage} follow.`,

  notifyMe: 'Notify me of failures and the end',
  notifyFailed: (site: string): string => `${site}: a stage failed`,
  notifyInterrupted: (site: string): string => `${site}: the run was interrupted`,
  notifyEnded: (site: string, status: Status): string =>
    status === 'ok' || status === 'changed'
      ? `${site}: the run finished`
      : `${site}: the run ended ${status}`,
};
