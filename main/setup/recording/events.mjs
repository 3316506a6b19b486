// What the journal of a run tells of a stage, as the events of ansible-runner that a rehearsal plays.

const KEPT_DATA = [
  ...['play', 'task', 'task_uuid', 'task_path', 'task_action', 'host', 'duration', 'ignore_errors'],
  ...['cells', 'cells_left_out'],
];
const KEPT_RESULT = [
  ...['changed', 'msg', 'rc', 'cmd', 'stdout', 'stderr', 'code', 'attempts', 'retries', 'censored'],
  ...['told_diff', 'skip_reason', 'item', '_ansible_item_label', 'bringup_progress', 'console', 'left_out'],
];
const LONGEST = 600;
const PROJECT = '/var/lib/bringup/project';

/**
 * `[{at, event: {event, data}}]`, `at` in seconds since 1970, of the stage's last attempt: what ansible-runner told, and the
 * cells of a machine that is none of the site (the laptop) as a play of its own. Tasks of a file that is no more are left
 * out, as the next run will not tell them.
 */
export function stageEvents(lines, stage, { isOfSite, isThere }) {
  const start = lines.findLastIndex((line) => line.kind === 'stage.started' && line.stage === stage);
  const own = lines.slice(start + 1).filter((line) => line.stage === stage);
  const gone = new Set(
    own.flatMap((line) => (line.file === undefined || isThere(line.file) ? [] : [line.task])),
  );
  const beside = new Set(
    own.flatMap((line) =>
      line.counter === undefined && line.cells !== undefined && !isOfSite(line.host) ? [line.task] : [],
    ),
  );
  return own
    .filter((line) => (line.counter !== undefined && !gone.has(line.task)) || beside.has(line.task))
    .flatMap((line) => {
      const isPlay = line.kind === 'task.started' && beside.has(line.task);
      return isPlay ? [{ ...line, kind: 'play.started', play: line.play ?? line.title }, line] : [line];
    })
    .flatMap((line) => {
      const event = runnerEvent(line);
      return event === undefined ? [] : [{ at: Date.parse(line.at) / 1000, event }];
    });
}

/** A task is told once, and only where one of the kept hosts answers it; a play only where a task of it is left. */
export function withoutEmptyTasks(told) {
  const firstOf = new Map(told.map(({ event }, index) => [event.data.task_uuid, index]).reverse());
  const answered = new Set(
    told.flatMap(({ event: { data } }) => (data.host === undefined ? [] : [data.task_uuid])),
  );
  const tasks = told.filter(
    ({ event: { event, data } }, index) =>
      !/_task_start$/.test(event) || (firstOf.get(data.task_uuid) === index && answered.has(data.task_uuid)),
  );
  return tasks.filter(
    ({ event }, index) =>
      event.event !== 'playbook_on_play_start' || /_task_start$/.test(tasks[index + 1]?.event.event),
  );
}

function runnerEvent(line) {
  switch (line.kind) {
    case 'play.started':
      return { event: 'playbook_on_play_start', data: { play: line.play } };
    case 'task.started': {
      const place = line.file === undefined ? {} : { task_path: `${PROJECT}/${line.file}:${line.line}` };
      return {
        event: 'playbook_on_task_start',
        data: { play: line.play, task: line.title, task_uuid: line.task, ...place },
      };
    }
    case 'task.progress': {
      const [, attempts, retries, said] = /^attempt (\d+) of (\d+)(?:: ([^]*))?$/.exec(line.text) ?? [];
      if (attempts === undefined) return undefined;
      const res = { attempts: Number(attempts), retries: Number(retries), bringup_progress: said };
      return { event: 'runner_retry', data: { task_uuid: line.task, host: line.host, res } };
    }
    case 'host.result':
      return resultEvent(line);
    default:
      return undefined;
  }
}

function resultEvent(line) {
  const { task, host, status, text, duration_seconds: duration, detail = {}, item, left_out } = line;
  // Whom Bringup's own module leaves out counts as skipped in a run alone.
  const kind =
    left_out === undefined ? { ok: 'ok', changed: 'ok', skipped: 'skipped', failed: 'failed' }[status] : 'ok';
  if (kind === undefined) return undefined;
  const { command: cmd, message, diff: told_diff, ...rest } = detail;
  const said = { changed: status === 'changed', msg: message ?? text, cmd, told_diff };
  const data = {
    ...{ task_uuid: task, host, duration, cells: line.cells, cells_left_out: line.cells_left_out },
    ...(left_out === undefined ? {} : { task_action: 'bringup_left_out' }),
    ...(line.ignored === true ? { ignore_errors: true } : {}),
  };
  const event = item === undefined ? `runner_on_${kind}` : `runner_item_on_${kind}`;
  return { event, data: pick(data, { ...said, ...rest, item, left_out }) };
}

function pick(data, result) {
  const named = (names, value) =>
    Object.fromEntries(
      names.filter((name) => (value[name] ?? undefined) !== undefined).map((name) => [name, value[name]]),
    );
  const res = Object.entries(named(KEPT_RESULT, result)).map(([name, value]) => [name, short(value)]);
  return { ...named(KEPT_DATA, data), res: Object.fromEntries(res) };
}

/** Both ends of what is long; a certificate says nothing to a reader. */
function short(value) {
  if (typeof value !== 'string') return value;
  const text = value.replaceAll(/-----BEGIN [A-Z ]+-----[^-]*-----END [A-Z ]+-----/g, '[certificate]');
  if (text.length <= LONGEST) return text;
  return `${text.slice(0, LONGEST / 2)}\n[…]\n${text.slice(-LONGEST / 2)}`;
}
