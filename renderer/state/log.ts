import type { RunEvent, Status } from '../../src/contract/events.ts';

/** One line of the log view. `task` is the task's title where the event belongs to one. */
export interface LogLine {
  readonly seq: number;
  readonly at: string;
  readonly status?: Status;
  readonly host?: string;
  readonly task?: string;
  readonly text: string;
}

/** The lines of one stage in the order in which they happened, from the raw events of the run. */
export function logLines(events: readonly RunEvent[], stage: string): LogLine[] {
  const titles = new Map<string, string>();
  const lines: LogLine[] = [];
  for (const event of events) {
    if (!('stage' in event) || event.stage !== stage) continue;
    if (event.kind === 'task.started') titles.set(event.task, event.title);
    const line = lineOf(event, titles);
    if (line !== undefined) lines.push({ seq: event.seq, at: event.at, ...line });
  }
  return lines;
}

type StageEvent = Extract<RunEvent, { stage: string }>;

function lineOf(
  event: StageEvent,
  titles: ReadonlyMap<string, string>,
): Omit<LogLine, 'seq' | 'at'> | undefined {
  switch (event.kind) {
    case 'stage.started':
      return { status: 'running', text: startText(event) };
    case 'play.started':
      return { text: `Play: ${event.play}` };
    case 'task.started':
      return { text: `Task: ${event.title}` };
    case 'task.progress':
      return { ...titled(event.task, titles), ...hosted(event.host), text: event.text };
    case 'host.result':
      return {
        status: event.status,
        host: event.host,
        ...titled(event.task, titles),
        text: event.check === undefined ? (event.text ?? '') : event.check.seen,
      };
    case 'stage.warning':
      return { text: `Warning: ${event.text}` };
    case 'failure':
      return { status: 'failed', ...hosted(event.record.where.host), text: event.record.what };
    case 'stage.finished':
      return { status: event.status, text: event.text ?? 'Stage finished' };
  }
}

function startText({
  attempt = 1,
  continued,
  reason,
}: Extract<StageEvent, { kind: 'stage.started' }>): string {
  const what = continued === true ? 'Stage followed again' : 'Stage started';
  const number = attempt === 1 ? '' : `, attempt ${attempt}`;
  return `${what}${number}${reason === undefined ? '' : `: ${reason}`}`;
}

function titled(task: string, titles: ReadonlyMap<string, string>): { task?: string } {
  const title = titles.get(task);
  return title === undefined ? {} : { task: title };
}

function hosted(host: string | undefined): { host?: string } {
  return host === undefined ? {} : { host };
}
