import type { ResultDetail, Status } from '../contract/events.ts';
import { redact } from '../failures/index.ts';
import { hideKeys, redactDiff } from './hide-plain.ts';
import { asText } from './result-text.ts';
import type { TaskResult } from './tail-line.ts';

const MOST = 4000;
/** A text that was shortened at the site is as long as this with the words that say so; it is not shortened again. */
const SHORTENED = MOST + 60;
const TELLING: readonly Status[] = ['changed', 'failed', 'unreachable'];

/**
 * Command, output and diff of a result, where something was changed, failed or was printed; `text` is what is told of it
 * anyhow. What is plainly a secret is hidden; those that are known by name are hidden where the event is recorded.
 */
export function resultDetail(
  result: TaskResult,
  status: Status,
  text: string | undefined,
): ResultDetail | undefined {
  if (result.censored !== undefined || status === 'skipped') return undefined;
  const stdout = asText(result['stdout']) || asText(result['module_stdout']);
  if (!TELLING.includes(status) && stdout.trim() === '') return undefined;
  const message = asText(result['msg']).trim();
  const { cmd, rc } = result;
  const texts = {
    command: Array.isArray(cmd) ? cmd.map(asText).join(' ') : asText(cmd),
    message: message === text || message.startsWith('non-zero return code') ? '' : message,
    stdout,
    stderr: asText(result['stderr']) || asText(result['module_stderr']),
    diff: asText(result['told_diff']),
  };
  const said = Object.entries(texts).flatMap(([name, value]) => {
    const short = hideKeys(shorten(value.trimEnd()));
    const shown = name === 'diff' ? redactDiff(short) : redact(short);
    return shown.trim() === '' ? [] : [[name, shown] as const];
  });
  if (said.length === 0) return undefined;
  return { ...(typeof rc === 'number' ? { rc } : {}), ...Object.fromEntries(said) };
}

/** Keeps both ends of what is long, in the words of tail.py, which the redactor knows. */
function shorten(text: string): string {
  if (text.length <= SHORTENED) return text;
  const half = MOST / 2;
  return `${text.slice(0, half)}\n[${text.length - MOST} characters left out]\n${text.slice(-half)}`;
}
