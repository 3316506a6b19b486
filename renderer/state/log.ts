import type { RunEvent, Status } from '../../src/contract/events.ts';
import { runText } from '../text/run.ts';

/** One line of the log view. `task` is the task's title where the event belongs to one. */
export interface LogLine {
  readonly seq: number;
  readonly at: string;
  readonly status?: Status;
  readonly host?: string;
  readonly task?: string;
  readonly text: string;
}

/** One event of a stage as a line of the log; `titleOf` names a task by its id. */
export function logLine(
  event: RunEvent,
  titleOf: (stage: string, task: string) => string | undefined,
): LogLine | undefined {
  if (!('stage' in event)) return undefined;
  return { seq: event.seq, at: event.at, ...lineOf(event, titleOf) };
}

type StageEvent = Extract<RunEvent, { stage: string }>;

function lineOf(
  event: StageEvent,
  titleOf: (stage: string, task: string) => string | undefined,
): Omit<LogLine, 'seq' | 'at'> {
  const titled = (task: string): { task?: string } => {
    const title = titleOf(event.stage, task);
    return title === undefined ? {} : { task: title };
  };
  switch (event.kind) {
    case 'stage.started':
      return { status: 'running', text: startText(event) };
    case 'play.started':
      return { text: runText.logPlay(event.play) };
    case 'task.started':
      return { text: runText.logTask(event.title) };
    case 'task.progress':
      return { ...titled(event.task), ...hosted(event.host), text: event.text };
    case 'host.result':
      return {
        status: event.status,
        host: event.host,
        ...titled(event.task),
        text: event.check === undefined ? (event.text ?? '') : event.check.seen,
      };
    case 'stage.warning':
      return { text: runText.logWarning(event.text) };
    case 'failure':
      return { status: 'failed', ...hosted(event.record.where.host), text: event.record.what };
    case 'stage.finished':
      return { status: event.status, text: event.text ?? runText.logFinished };
  }
}

function startText({
  attempt = 1,
  continued,
  reason,
}: Extract<StageEvent, { kind: 'stage.started' }>): string {
  return runText.logAttempt(continued === true ? runText.logFollowed : runText.logStarted, attempt, reason);
}

function hosted(host: string | undefined): { host?: string } {
  return host === undefined ? {} : { host };
}
