import type { RunEvent } from '../../src/contract/events.ts';
import type { FailureRecord } from '../../src/contract/failure.ts';
import { progressText } from './format.ts';

/** At most one progress line a task in this time, in milliseconds, where there is no terminal to redraw. */
const PROGRESS_EVERY_MS = 5000;

/** Turns run events into plain lines for a log or a pipe; returns null for what says nothing new. */
export function createLineWriter(): (event: RunEvent) => string | null {
  const titles = new Map<string, string>();
  const told = new Map<string, number>();
  return (event) => {
    const at = event.at.slice(11, 19);
    const line = (text: string): string => `${at}  ${text}`;
    switch (event.kind) {
      case 'run.started':
        return line(
          `run ${event.run} of site ${event.site}, stack ${event.stack}, ${event.stages.length} stages`,
        );
      case 'stage.started':
        return line(`stage ${event.stage} ${startText(event)}`);
      case 'stage.warning':
        return line(`stage ${event.stage} warning: ${event.text}`);
      case 'play.started':
        return line(`${event.stage}: play ${event.play}`);
      case 'task.started':
        titles.set(event.task, event.title);
        return null;
      case 'task.progress': {
        const key = `${event.stage} ${event.task}`;
        const now = Date.parse(event.at);
        if (now - (told.get(key) ?? 0) < PROGRESS_EVERY_MS) return null;
        told.set(key, now);
        const detail = event.progress === undefined ? '' : `, ${progressText(event.progress)}`;
        return line(`${event.stage}: ${titles.get(event.task) ?? event.task}: ${event.text}${detail}`);
      }
      case 'host.result': {
        const item = event.item === undefined ? '' : ` (${event.item})`;
        const text = event.text === undefined ? '' : `: ${event.text}`;
        return line(
          `${event.stage}: ${titles.get(event.task) ?? event.task}${item}: ${event.host} ${event.status}${text}`,
        );
      }
      case 'stage.finished':
        return line(
          `stage ${event.stage} ${event.status}${event.text === undefined ? '' : `: ${event.text}`}`,
        );
      case 'failure': {
        return event.early === true ? line(`${event.stage}: failure ${failureSentence(event.record)}`) : null;
      }
      case 'run.interrupted':
        return line(`run interrupted: ${event.reason}`);
      case 'run.resumed':
        return line(`run resumed: ${event.reason}`);
      case 'run.finished':
        return line(`run ${event.status}: ${event.text}`);
    }
  };
}

function startText(event: Extract<RunEvent, { kind: 'stage.started' }>): string {
  const { attempt = 1, continued, reason, hosts, from_task: task } = event;
  const parts = [
    continued === true ? 'followed again' : 'started',
    ...(attempt === 1 ? [] : [`attempt ${attempt}`]),
    ...(hosts === undefined ? [] : [`only ${hosts.join(', ')}`]),
    ...(task === undefined ? [] : [`from task "${task}"`]),
  ];
  return `${parts.join(', ')}${reason === undefined ? '' : `: ${reason}`}`;
}

/** A failure in one line: its reference, what did not work, and why. */
export function failureSentence({ reference, what, why }: FailureRecord): string {
  const end = /[.!?]$/.test(what) ? '' : '.';
  return `${reference}: ${what}${end} ${why.summary}`;
}

/** A line for a terminal: machines at the site are quoted in it, and what they say carries nothing out here. */
export function plainLine(line: string): string {
  return line.replaceAll(/(?![\t\n])\p{Cc}/gu, '');
}
