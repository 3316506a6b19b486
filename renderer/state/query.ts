import type { Status } from '../../src/contract/events.ts';
import type { TaskState } from '../../src/runs/state.ts';
import { outcomeOf } from './outcome.ts';

/** What an engineer typed into the search field: every word has to be met; `host:` and `status:` narrow a word down. */
export interface Query {
  readonly typed: string;
  readonly words: readonly { readonly of: 'any' | 'host' | 'status'; readonly text: string }[];
}

/** One thing that can be found: what a host said to a task, or a line of the log. */
export interface Found {
  readonly host?: string | undefined;
  readonly status?: Status | undefined;
  readonly text: string;
}

/** Reads a search. An empty one is undefined: everything is shown. */
export function parseQuery(typed: string): Query | undefined {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => {
      const [, of, text] = /^(host|status):(.*)$/.exec(word) ?? [];
      return of === undefined || text === undefined
        ? ({ of: 'any', text: word } as const)
        : { of: of as 'host' | 'status', text };
    });
  return words.length === 0 ? undefined : { typed: typed.trim(), words };
}

/** True where every word of the search is met by the host, the status or the text. */
export function meets(query: Query, { host, status, text }: Found): boolean {
  return query.words.every(({ of, text: word }) => {
    const named = host?.toLowerCase().includes(word) === true;
    if (of === 'host') return named;
    const is = status?.startsWith(word) === true;
    if (of === 'status') return is;
    return named || is || text.toLowerCase().includes(word);
  });
}

/** True where the task, or what one of its hosts said to it, meets the search. */
export function taskMeets(query: Query, task: TaskState): boolean {
  const place = task.file === undefined ? '' : `${task.file}:${task.line ?? ''}`;
  const about = `${task.title} ${place}`;
  if (task.hosts.size === 0) return meets(query, { text: about });
  for (const [host, answer] of task.hosts) {
    if (meets(query, { host, status: outcomeOf(answer), text: `${about} ${answer.text ?? ''}` })) return true;
  }
  return false;
}
