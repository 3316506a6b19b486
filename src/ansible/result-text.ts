import type { Evidence } from '../contract/errors.ts';
import type { TaskResult } from './tail-line.ts';

const LONGEST_LINE = 300;
const CONSOLE_LINES = 5;
const EMPTY_WORDS = new Set(['', 'All items completed', 'One or more items failed']);

/** The one line of a result worth reading: what the module said, else the first line of its output. */
export function resultText(result: TaskResult): string | undefined {
  if (result.censored !== undefined) return 'The output is hidden: the task handles a secret (no_log).';
  const said = asText(result['msg']).trim();
  const wordless = EMPTY_WORDS.has(said) || said.startsWith('non-zero return code');
  const output = firstLine(result['stderr']) ?? lastLine(result['stdout']);
  const reason = firstLine(result['skip_reason']);
  const text = wordless ? (output ?? reason ?? said) : (firstLine(said) ?? said);
  return text === '' || EMPTY_WORDS.has(text) ? undefined : clip(text);
}

/** What a task that still tries has to show: its own progress words, the console's last lines, else its message. */
export function progressText(result: TaskResult): string | undefined {
  const lines = [result['bringup_progress'], result['console']]
    .flatMap((value) => asText(value).split('\n'))
    .map((line) => clip(line.trimEnd()))
    .filter((line) => line !== '');
  return lines.length > 0 ? lines.slice(-CONSOLE_LINES).join('\n') : resultText(result);
}

/** Everything a result quotes, as evidence; a censored one says only that it is. */
export function resultEvidence(result: TaskResult, action: string | undefined): Evidence[] {
  if (result.censored !== undefined) return [{ source: action ?? 'result', text: result.censored }];
  const command = Array.isArray(result['cmd']) ? result['cmd'].join(' ') : asText(result['cmd']);
  const code = result['rc'] === undefined ? '' : `ended with ${asText(result['rc'])}`;
  const pieces: [string, string][] = [
    [action ?? 'command', [command, code].filter((part) => part !== '').join(' ')],
    ['stderr', asText(result['stderr']) || asText(result['module_stderr'])],
    ['stdout', asText(result['stdout']) || asText(result['module_stdout'])],
    ['console', asText(result['console'])],
    ['exception', asText(result['exception'])],
  ];
  return pieces.filter(([, text]) => text.trim() !== '').map(([source, text]) => ({ source, text }));
}

/** Any value as text: lists line by line, what is no text as JSON, nothing as nothing. */
export function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(asText).join('\n');
  return JSON.stringify(value) ?? '';
}

function firstLine(value: unknown): string | undefined {
  return asText(value)
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '');
}

function lastLine(value: unknown): string | undefined {
  return asText(value)
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => line !== '');
}

function clip(text: string): string {
  return text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE - 1)}…` : text;
}
