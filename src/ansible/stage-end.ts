import type { StageOutcome } from '../contract/ports.ts';
import type { Status } from '../contract/events.ts';
import type { FailureInput } from '../contract/failure.ts';
import { relativePlace, type HostFailure, type StageTally } from './event-mapper.ts';
import { resultEvidence, resultText } from './result-text.ts';
import type { RunnerEnd, TaskResult } from './tail-line.ts';

/** As many hosts as fit into one line. */
const MOST_NAMED = 5;

/** Where a stage ran: for the place of its failures. */
export interface StagePlace {
  readonly stage: string;
  readonly runs_on: string;
  readonly projects: readonly string[];
  /** As in PlaybookPorts. */
  goOnWithout?(hosts: readonly string[]): string | undefined;
}

/** What became of a stage, with one failure input for every cause seen. */
export interface StageEnd extends StageOutcome {
  readonly failures: readonly FailureInput[];
}

/** Judges a stage that has ended by ansible-runner's status and by what its hosts said. */
export function judgeEnd(end: RunnerEnd, tally: StageTally, place: StagePlace): StageEnd {
  const at = tally.lastTask === undefined ? '' : ` at task "${tally.lastTask}"`;
  switch (end.status) {
    case 'successful': {
      if (tally.results === 0) return hostless(end, place);
      return { status: tally.changed ? 'changed' : 'ok', text: countTasks(tally), failures: [] };
    }
    case 'canceled': {
      if (end.restarted === true) return restarted(end, at, place);
      if (end.disk_full === true && end.asked !== true) return diskFull(end, at, place);
      if (end.asked === false) {
        const message = `The stage was stopped there by somebody else than Bringup${at}.`;
        return whole('failed', message, end, place, 'STAGE_STOPPED_THERE');
      }
      const where = end.between === true ? at.replace(' at ', ' before ') : at;
      const text = `Stopped${where}; what was done before stays done.`;
      return { status: 'cancelled', text, failures: [] };
    }
    case 'timeout': {
      const message = `The stage took longer than its hard time limit and was stopped${at}.`;
      return whole('timed-out', message, end, place);
    }
    case 'died':
    case 'error': {
      if (end.restarted === true) return restarted(end, at, place);
      if (end.disk_full === true) return diskFull(end, at, place);
      const message = `ansible-runner on ${place.runs_on} died${at} without saying how the stage ended.`;
      return whole('failed', message, end, place, 'STAGE_RUNNER_DIED');
    }
    case 'failed': {
      const ended = tally.failures.length > 0 ? byHosts(tally, place) : withoutHosts(end, tally, place);
      if (end.disk_full !== true) return ended;
      // Tools name a full disk in their own ways, or not at all: the machine that saw it says so first.
      return { ...ended, failures: [...diskFull(end, at, place).failures, ...ended.failures] };
    }
  }
}

function restarted(end: RunnerEnd, at: string, place: StagePlace): StageEnd {
  const message = `${place.runs_on} was restarted or shut down while it carried the stage out${at}; the stage ended with it.`;
  return whole('failed', message, end, place, 'STAGE_MACHINE_RESTARTED');
}

function diskFull(end: RunnerEnd, at: string, place: StagePlace): StageEnd {
  const message = `There is no space left on the disk of ${place.runs_on}, where the stage keeps its files; it was stopped${at}.`;
  return whole('failed', message, end, place, 'STAGE_DISK_FULL');
}

function whole(status: Status, message: string, end: RunnerEnd, place: StagePlace, code?: string): StageEnd {
  const evidence = [{ source: 'output of ansible-runner', text: end.output }];
  const { stage, runs_on } = place;
  return {
    status,
    text: message,
    failures: [
      {
        ...{ what: message, where: { stage, runs_on }, message, evidence },
        ...(code === undefined ? {} : { code }),
      },
    ],
  };
}

function hostless(end: RunnerEnd, place: StagePlace): StageEnd {
  const task = /No matching task "(.*)" found/.exec(end.output)?.[1];
  const message =
    task === undefined
      ? 'The playbook matched no host of the inventory, so nothing was done.'
      : `The stage cannot begin at task "${task}", which is included only while the playbook runs; nothing was done.`;
  return whole('failed', message, end, place);
}

function countTasks({ tasks, leftOut }: StageTally): string {
  const count = `${tasks} ${tasks === 1 ? 'task' : 'tasks'}`;
  const groups = [...new Set(leftOut.values())].map((why) => {
    const hosts = [...leftOut].filter(([, other]) => other === why).map(([host]) => host);
    const more = hosts.length - MOST_NAMED;
    const names = hosts.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
    return `without ${names}: ${why}`;
  });
  return [count, ...groups].join('; ');
}

function withoutHosts(end: RunnerEnd, tally: StageTally, place: StagePlace): StageEnd {
  const text = [end.output, ...tally.spoken].join('\n');
  const message = /^(?:\[?ERROR\]?[!:]) *(.+)$/m.exec(text)?.[1]?.trim();
  const [, file, line] = /'([^']+)': line (\d+), column \d+/.exec(text) ?? [];
  const where = file === undefined ? {} : relativePlace(`${file}:${line ?? ''}`, place.projects);
  const what = 'Ansible could not carry the playbook out.';
  const said = message ?? `ansible-playbook ended with ${String(end.rc)} before any host answered.`;
  const evidence = [{ source: 'output of ansible-playbook', text: end.output }];
  const { stage, runs_on } = place;
  return {
    status: 'failed',
    text: said,
    failures: [{ what, where: { stage, runs_on, ...where }, message: said, evidence }],
  };
}

/** Hosts that failed at the same task in the same words are one failure. */
function byHosts(tally: StageTally, place: StagePlace): StageEnd {
  const groups = new Map<string, HostFailure[]>();
  for (const failure of tally.failures) {
    const key = [failure.status, failure.event.data.task_uuid, resultText(failure.result)].join('\0');
    groups.set(key, [...(groups.get(key) ?? []), failure]);
  }
  const failures = [...groups.values()].flatMap((group) => groupInputs(group, place));
  const hosts = tally.failures.map(({ host }) => host).join(', ');
  const lost = tally.failures.every(({ status }) => status === 'unreachable');
  const task = tally.failures[0]?.event.data.task ?? '';
  const text = `${hosts} ${lost ? 'unreachable' : 'failed'} at task "${task}"`;
  const names = tally.failures.map(({ host }) => host);
  const why = tally.cutShort ? undefined : place.goOnWithout?.(names);
  if (place.goOnWithout !== undefined && !tally.cutShort && why === undefined) {
    const status = tally.changed ? 'changed' : 'ok';
    return { status, text: `${countTasks(tally)}; goes on without ${text}`, failures, failed_hosts: names };
  }
  return {
    status: lost ? 'unreachable' : 'failed',
    text: why === undefined ? text : `${text}; ${why}`,
    failures,
    ...(tally.cutShort ? { cut_short: true } : {}),
  };
}

/** The failures of hosts that failed at one task in the same words: more than one where a module found more than one fault. */
function groupInputs(group: readonly HostFailure[], place: Omit<StagePlace, 'goOnWithout'>): FailureInput[] {
  const [first] = group;
  const input = groupInput(group, place);
  const faults = first === undefined ? [] : ownFaults(first.result, first.event.data.task_action);
  return faults.length < 2 ? [input] : faults.map(({ code, msg }) => ({ ...input, code, message: msg }));
}

/** The failure of hosts that failed at one task in the same words; where a module found several faults, that of the first. */
export function groupInput(
  group: readonly HostFailure[],
  place: Omit<StagePlace, 'goOnWithout'>,
): FailureInput {
  const host = group.map((failure) => failure.host).join(', ');
  const [first] = group;
  const { task, play, task_path, task_action } = first?.event.data ?? {};
  const result = first?.result ?? {};
  const verb = first?.status === 'unreachable' ? 'could not reach' : 'failed on';
  return {
    what: `Task "${task ?? ''}" ${verb} ${host}.`,
    where: {
      stage: place.stage,
      ...(play === undefined ? {} : { play }),
      ...(task === undefined ? {} : { task }),
      host,
      ...(task_path === undefined ? {} : relativePlace(task_path, place.projects)),
      runs_on: place.runs_on,
    },
    message: resultText(result) ?? 'The task gave no message.',
    evidence: resultEvidence(result, task_action),
    ...ownCode(result, task_action),
    ...(first?.status === 'unreachable' ? { unreachable: true } : {}),
  };
}

/** The code by which a module of Bringup names what it met. */
function ownCode({ code }: TaskResult, action: string | undefined): { readonly code?: string } {
  return isOwn(action) && isCode(code) ? { code } : {};
}

/** The faults that a module of Bringup found at one host, where it says so: `faults: [{code, msg}]`. */
function ownFaults(result: TaskResult, action: string | undefined): { code: string; msg: string }[] {
  const { faults } = result;
  if (!isOwn(action) || !Array.isArray(faults)) return [];
  return faults.flatMap((fault: { code?: unknown; msg?: unknown } | null) =>
    isCode(fault?.code) && typeof fault?.msg === 'string' ? [{ code: fault.code, msg: fault.msg }] : [],
  );
}

function isOwn(action: string | undefined): boolean {
  return action?.startsWith('bringup_') === true;
}

function isCode(code: unknown): code is string {
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code);
}
