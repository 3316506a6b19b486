import type { NormalisedSite } from '../site/index.ts';
import { cellsIn, tellCells } from './rehearsal-cells.ts';
import type { FaultResult, PlacedFault } from './rehearsal-faults.ts';
import type { RecordedEvent, RecordedPlay, RecordedTask } from './rehearsal-recording.ts';
import { bareHosts, fill, wordsOfTarget } from './rehearsal-words.ts';

/** One event of a stage that is played, as `tail.py` tells it; `at` in seconds since the stage began. */
export interface PlayedEvent {
  readonly at: number;
  readonly event: { readonly counter: number; readonly event: string; readonly data: object };
}

/** A stage as it will be played: what ansible-runner tells, and whether it ends well. */
export interface PlayedStage {
  readonly events: readonly PlayedEvent[];
  readonly failed: boolean;
}

export interface CastOptions {
  readonly site: NormalisedSite;
  /** Target servers that take part, in the order of the site file. */
  readonly targets: readonly string[];
  /** Those that this stage meets. */
  readonly faults: readonly PlacedFault[];
  readonly fromTask?: string;
  /** Servers that the site file wants installed have their operating system by now, and take part as any other. */
  readonly installed?: boolean;
  /** Servers that the run goes on without: nobody tries them. */
  readonly leftOut?: readonly string[];
}

/** Seconds between the answers of two target servers. */
const APART = 0.1;

/** Who stands for what in a stage, by the name under which it was recorded. */
interface Cast extends CastOptions {
  readonly roles: ReadonlyMap<string, readonly string[]>;
  /** Servers of the site that others try in this stage. */
  readonly peers: readonly string[];
}

/**
 * Puts a recording on for a site: the one recorded target server stands for each of the site's (the one without an operating
 * system, where it was recorded too, for those that are to be installed), and hosts that a fault hits drop out as they do
 * in Ansible; a play that loses all its hosts is the last one.
 */
export function composeStage(plays: readonly RecordedPlay[], given: CastOptions): PlayedStage {
  const roles = rolesOf(plays, given);
  const options: Cast = { ...given, roles, peers: peersOf(plays, roles, given) };
  const events: PlayedEvent[] = [];
  const lost = new Map<string, 'failed' | 'unreachable'>();
  const changed = new Set<string>();
  let begun = options.fromTask === undefined;
  const tell = (at: number, event: string, data: object): void => {
    events.push({ at, event: { counter: events.length + 1, event, data } });
  };
  for (const play of plays) {
    const cast = new Set(play.tasks.flatMap((task) => hostsOf(task, options)));
    if (cast.size > 0 && [...cast].every((host) => lost.has(host))) continue;
    tell(play.start.at, play.start.event.event, play.start.event.data);
    for (const task of play.tasks) {
      begun ||= task.title === options.fromTask;
      const answers = begun ? answersOf(task, options).filter(({ host }) => !lost.has(host)) : [];
      if (answers.length === 0 && (task.results.length > 0 || !begun)) continue;
      tell(task.start.at, task.start.event.event, fill(task.start.event.data, wordsOfFirst(options)));
      for (const { at, event, data, host, status } of answers) {
        tell(at, event, data);
        if (status === 'failed' || status === 'unreachable') lost.set(host, status);
        if (status === 'changed') changed.add(host);
      }
    }
    if (cast.size > 0 && [...cast].every((host) => lost.has(host))) {
      tell(events.at(-1)?.at ?? 0, 'playbook_on_no_hosts_remaining', {});
      break;
    }
  }
  const counts = (word: string): Record<string, number> =>
    Object.fromEntries([...lost].filter(([, status]) => status === word).map(([host]) => [host, 1]));
  tell(events.at(-1)?.at ?? 0, 'playbook_on_stats', {
    ...{ failures: counts('failed'), dark: counts('unreachable') },
    changed: Object.fromEntries([...changed].map((host) => [host, 1])),
  });
  return { events, failed: lost.size > 0 };
}

interface Answer {
  readonly at: number;
  readonly event: string;
  readonly data: object;
  readonly host: string;
  readonly status: FaultResult['status'] | 'changed';
}

function wordsOfFirst({ site, targets, peers }: Cast): ReturnType<typeof wordsOfTarget> {
  return wordsOfTarget(site, targets[0] ?? '', peers);
}

/** All that others try: where the recorded server without an operating system only says so, those are missing that have none. */
function peersOf(
  plays: readonly RecordedPlay[],
  roles: Cast['roles'],
  { site, leftOut = [] }: CastOptions,
): readonly string[] {
  const told = plays
    .flatMap(({ tasks }) => tasks.flatMap(({ results }) => results))
    .flatMap(({ event: { data } }) => (data.host === '{{bare}}' ? cellsIn(data) : []));
  const isUntried = told.length > 0 && told.every(({ probe }) => probe === 'asked');
  const missing = [...leftOut, ...(isUntried ? (roles.get('{{bare}}') ?? []) : [])];
  return site.hosts.map(({ name }) => name).filter((name) => !missing.includes(name));
}

function rolesOf(
  plays: readonly RecordedPlay[],
  { site, targets, installed = false }: CastOptions,
): Cast['roles'] {
  const said = plays.flatMap(({ tasks }) => tasks.flatMap(({ results }) => results));
  const isRecorded = said.some(({ event }) => event.data.host === '{{bare}}');
  const bare = new Set(isRecorded && !installed ? bareHosts(site).map(({ name }) => name) : []);
  return new Map([
    ['{{target}}', targets.filter((name) => !bare.has(name))],
    ['{{bare}}', targets.filter((name) => bare.has(name))],
  ]);
}

function hostsOf(task: RecordedTask, options: Cast): string[] {
  return task.results.flatMap((recorded) => castOf(recorded, options));
}

/** The hosts of the site for which a recorded answer stands. */
function castOf({ event }: RecordedEvent, options: Cast): readonly string[] {
  const { host } = event.data;
  if (host === undefined) return [];
  return options.roles.get(host) ?? [fill(host, wordsOfFirst(options))];
}

function answersOf(task: RecordedTask, options: Cast): Answer[] {
  const answers = task.results.flatMap((recorded) =>
    castOf(recorded, options).map((host, index): Answer => {
      const { event, data } = recorded.event;
      const words = options.targets.includes(host)
        ? wordsOfTarget(options.site, host, options.peers)
        : wordsOfFirst(options);
      const told = { ...fill(data, words), host, ...seenBy(host, data, options) };
      const isChange = event.endsWith('_on_ok') && isChanged(data['res']);
      return {
        at: recorded.at + index * APART,
        event,
        data: told,
        host,
        status: isChange ? 'changed' : 'ok',
      };
    }),
  );
  return options.faults.reduce((all, fault) => withFault(all, task, fault, options), answers);
}

function seenBy(host: string, data: RecordedEvent['event']['data'], options: Cast): object {
  const faults = options.faults.map((fault) => ({ ...fault, host: serverOf(fault, options) }));
  return tellCells(data, host, { ...options, faults });
}

/** The server that has a fault. */
function serverOf({ host }: PlacedFault, { targets, peers }: Cast): string {
  return host ?? targets.find((name) => peers.includes(name)) ?? targets[0] ?? '';
}

/** The answers to a task where a fault shows in it: a failed host says nothing else of it but what it tried before. */
function withFault(answers: Answer[], task: RecordedTask, fault: PlacedFault, options: Cast): Answer[] {
  const shown = fault.entry.results?.filter((result) => result.task === task.title) ?? [];
  return shown.reduce((all, result) => {
    const hit = hitBy(result, fault, options, all);
    return all.flatMap((answer, index) => {
      if (!hit.includes(answer.host) || answer.event === 'runner_retry') return [answer];
      const isLast = !all.slice(index + 1).some(({ host }) => host === answer.host);
      return isLast ? [instead(answer, task, result, fault, options)] : [];
    });
  }, answers);
}

function hitBy(
  result: FaultResult,
  { host }: PlacedFault,
  { site, targets }: CastOptions,
  answers: readonly Answer[],
): readonly string[] {
  if (result.on === 'kvm-host') return ['kvm-host'];
  if (result.on === 'deployment-vm') return [site.deployment_vm.name];
  if (result.on === 'targets' && host === undefined) return targets;
  return [host ?? answers.find((answer) => targets.includes(answer.host))?.host ?? ''];
}

function instead(
  answer: Answer,
  task: RecordedTask,
  result: FaultResult,
  fault: PlacedFault,
  options: Cast,
): Answer {
  const { status } = result;
  const kind = { ok: 'runner_on_ok', failed: 'runner_on_failed', unreachable: 'runner_on_unreachable' }[
    status
  ];
  const about = options.targets.includes(answer.host) ? answer.host : serverOf(fault, options);
  const res = fill(result.res, wordsOfTarget(options.site, about, options.peers));
  const data = {
    ...fill(task.start.event.data, wordsOfFirst(options)),
    ...answer.data,
    ...(result.module === undefined ? {} : { task_action: result.module }),
  };
  return { ...answer, event: kind, data: { ...data, res }, status };
}

function isChanged(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'changed' in result && result.changed === true;
}
