import type { StageEvent } from '../contract/ports.ts';
import type { Status } from '../contract/events.ts';
import { resultCells } from './result-cells.ts';
import { resultDetail } from './result-detail.ts';
import { progressText, resultText } from './result-text.ts';
import type { RunnerEvent, TaskResult } from './tail-line.ts';

/** A host's failure at a task, kept until the play's statistics tell whether it was rescued. */
export interface HostFailure {
  readonly status: 'failed' | 'unreachable';
  readonly host: string;
  readonly event: RunnerEvent;
  /** The result that tells: the failed item's where the task is a loop. */
  readonly result: TaskResult;
}

/** What the events of a stage add up to. */
export interface StageTally {
  readonly failures: readonly HostFailure[];
  readonly results: number;
  readonly tasks: number;
  readonly changed: boolean;
  readonly lastTask: string | undefined;
  /** Hosts that a task left out of the rest of the stage, each with why: a phrase after "has". */
  readonly leftOut: ReadonlyMap<string, string>;
  /** Ansible broke a play off because no host was left in it: hosts that did not fail are not finished either. */
  readonly cutShort: boolean;
  /** What Ansible said outside of any task: warnings, errors, deprecations. */
  readonly spoken: readonly string[];
}

/** Turns ansible-runner's events into run events and keeps the tally of a stage. */
export interface EventMapper {
  map(event: RunnerEvent): StageEvent[];
  tally(): StageTally;
  /** The failure of a host that this event, mapped last, told of; undefined where it told of none. */
  failureAt(event: RunnerEvent): HostFailure | undefined;
  /** Key of the task that runs now, if any. */
  currentTask(): string | undefined;
}

/** `projects` are the folders that stand for the project: paths in events are told relative to them. */
export function createEventMapper(projects: readonly string[]): EventMapper {
  const failed = new Map<string, HostFailure>();
  const failedItems = new Map<string, TaskResult>();
  const leftOut = new Map<string, string>();
  const started = new Set<string>();
  const spoken: string[] = [];
  let changed = false;
  let cutShort = false;
  let results = 0;
  let current: string | undefined;
  let lastTask: string | undefined;

  function startTask({ data }: RunnerEvent): StageEvent[] {
    const { task_uuid: task, play, task_path } = data;
    const title = nameTask(data.task ?? '');
    if (task === undefined) return [];
    started.add(task);
    current = task;
    lastTask = title;
    const place = task_path === undefined ? {} : relativePlace(task_path, projects);
    return [{ kind: 'task.started', task, title, ...(play === undefined ? {} : { play }), ...place }];
  }

  function hostResult(event: RunnerEvent, told: Status): StageEvent[] {
    const { task_uuid: task, host, res = {}, duration, ignore_errors } = event.data;
    if (task === undefined || host === undefined) return [];
    const why = whyLeftOut(res, event.data.task_action);
    // Who is left out was not tried, however well the task went that says so.
    const status = why === undefined ? told : 'skipped';
    const key = `${task}\0${host}`;
    const isItem = event.event.startsWith('runner_item_');
    if (isItem && status === 'failed') failedItems.set(key, res);
    const telling = status === 'failed' ? (failedItems.get(key) ?? res) : res;
    const ignored = ignore_errors === true && status === 'failed';
    if (!isItem) {
      results += 1;
      changed ||= status === 'changed';
      if (why !== undefined) leftOut.set(host, why);
      if ((status === 'failed' || status === 'unreachable') && !ignored) {
        failed.set(host, { status, host, event, result: telling });
      }
    }
    const text = resultText(telling);
    const detail = resultDetail(telling, status, text);
    return [
      {
        kind: 'host.result',
        ...{ task, host, status },
        ...(text === undefined ? {} : { text }),
        ...(why === undefined ? {} : { left_out: why }),
        ...(duration === undefined ? {} : { duration_seconds: duration }),
        ...(ignored ? { ignored } : {}),
        ...(isItem ? { item: itemLabel(res) } : {}),
        ...(detail === undefined ? {} : { detail }),
        ...resultCells(event),
      },
    ];
  }

  function retry({ data }: RunnerEvent): StageEvent[] {
    const { task_uuid: task, host, res = {} } = data;
    if (task === undefined) return [];
    const said = progressText(res);
    const count = `attempt ${res.attempts ?? '?'} of ${res.retries ?? '?'}`;
    const text = said === undefined ? count : `${count}: ${said}`;
    return [{ kind: 'task.progress', task, ...(host === undefined ? {} : { host }), text }];
  }

  /** A failure that the statistics do not count was rescued or ignored: it is told again as such. */
  function settle({ data }: RunnerEvent): StageEvent[] {
    const events: StageEvent[] = [];
    for (const [host, failure] of failed) {
      if ((data.failures?.[host] ?? 0) + (data.dark?.[host] ?? 0) > 0) continue;
      failed.delete(host);
      const said = resultText(failure.result);
      const text = `rescued: ${said ?? failure.status}`;
      const task = failure.event.data.task_uuid ?? '';
      const detail = resultDetail(failure.result, failure.status, said);
      const again = { task, host, status: failure.status, text, ignored: true } as const;
      events.push({ kind: 'host.result', ...again, ...(detail === undefined ? {} : { detail }) });
    }
    return events;
  }

  function map(event: RunnerEvent): StageEvent[] {
    switch (event.event) {
      case 'playbook_on_play_start':
        return [{ kind: 'play.started', play: event.data.play ?? '' }];
      case 'playbook_on_task_start':
      case 'playbook_on_handler_task_start':
      case 'playbook_on_cleanup_task_start':
        return startTask(event);
      case 'runner_on_ok':
      case 'runner_item_on_ok':
      case 'runner_on_async_ok':
        return hostResult(event, event.data.res?.changed === true ? 'changed' : 'ok');
      case 'runner_on_failed':
      case 'runner_item_on_failed':
        return hostResult(event, 'failed');
      case 'runner_on_unreachable':
        return hostResult(event, 'unreachable');
      case 'runner_on_skipped':
      case 'runner_item_on_skipped':
        return hostResult(event, 'skipped');
      case 'runner_retry':
      case 'runner_on_async_poll':
        return retry(event);
      case 'playbook_on_no_hosts_remaining':
        cutShort = true;
        return [];
      case 'playbook_on_stats':
        return settle(event);
      default:
        if (event.stdout?.trim()) spoken.push(event.stdout.trim());
        return [];
    }
  }

  return {
    map,
    currentTask: () => current,
    failureAt: (event) => {
      const failure = failed.get(event.data.host ?? '');
      return failure?.event === event ? failure : undefined;
    },
    tally: () => ({
      failures: [...failed.values()].sort((a, b) => a.host.localeCompare(b.host, 'en', { numeric: true })),
      ...{ results, changed, lastTask, leftOut, cutShort, spoken },
      tasks: started.size,
    }),
  };
}

/** Splits ansible's `file:line` and cuts the project's folder off. */
export function relativePlace(path: string, projects: readonly string[]): { file: string; line?: number } {
  const [, file = path, line] = /^(.*):(\d+)$/.exec(path) ?? [];
  const home = projects.find((project) => file.startsWith(`${project}/`));
  const relative = home === undefined ? file : file.slice(home.length + 1);
  return { file: relative, ...(line === undefined ? {} : { line: Number(line) }) };
}

/** Bringup's own module says so, and nobody else can. */
function whyLeftOut({ left_out: why }: TaskResult, action: string | undefined): string | undefined {
  return action === 'bringup_left_out' && typeof why === 'string' ? why : undefined;
}

function itemLabel(result: TaskResult): string {
  const label = result['_ansible_item_label'] ?? result['item'];
  return typeof label === 'string' ? label : (JSON.stringify(label) ?? 'item');
}

/** Ansible's own words for its check of a role's arguments say nothing to an engineer; the role's description does. */
function nameTask(title: string): string {
  const role = /^Validating arguments against arg spec '[^']*'(?: - (.*))?$/.exec(title);
  return role === null ? title : `Check the inputs: ${role[1] ?? 'role'}`;
}
