import type { Evidence } from '../contract/errors.ts';
import { cleanText, plainQuotes, stripPrefix } from './clean-text.ts';
import { resultLines, type Line } from './result-lines.ts';

/** What tools said, without what is only around it. */
export interface Reading {
  readonly lines: readonly Line[];
  /** Names of plays, tasks, modules and commands: they tell what it was about, not what went wrong. */
  readonly context: readonly string[];
  /** True when Ansible's own recap says that every host came through. */
  readonly recapGood: boolean;
}

const RESULT =
  /^(?:(?<word>fatal|failed|ok|changed|skipping|unreachable): \[[^\]\n]{1,200}\][^{\n]{0,300}?=> {0,2}|(?<host>\S{1,120}) \| (?<state>FAILED|UNREACHABLE|SUCCESS|CHANGED)!? => {0,2})(?=\{)/;
const HEADING = /^(?:PLAY|TASK|RUNNING HANDLER) \[(.{0,300}?)\] ?\**$/;
const RECAP = /^\S{1,120} +: ok=\d+ .{0,80}unreachable=(\d+) +failed=(\d+)/;
const CHROME =
  /^(?:NO MORE HOSTS LEFT|\s*to retry, use: --limit|PLAY RECAP|FAILED - RETRYING: |\*+$|(?:ok|changed|skipping|included|rescued): (?!no hosts))/;
const MODULE =
  /^(?:[a-z_]+(?:\.[a-z0-9_]+){2,}|command|shell|raw|script|uri|get_url|apt|dnf|yum|package|copy|template)$/;
const LONGEST_RESULT = 400;

/** Source of what is explained as a whole; where Ansible printed it, its own label of the result says more. */
export const MESSAGE = 'message';

/** Reads what tools said: one line a message, Ansible's results opened, log prefixes and progress left out. */
export function readOutput(pieces: readonly Evidence[]): Reading {
  const lines: Line[] = [];
  const context: string[] = [];
  const recaps: boolean[] = [];
  for (const { source, text } of pieces) {
    if (MODULE.test(source)) context.push(source, text);
    else readPiece(source, cleanText(text).split('\n'));
  }
  return { lines: lines.map(flatten), context, recapGood: recaps.length > 0 && recaps.every(Boolean) };

  function readPiece(source: string, raw: readonly string[]): void {
    for (let at = 0; at < raw.length; at += 1) {
      const { text: line, program } = stripPrefix(raw[at] ?? '');
      if (program !== '' && !context.includes(program)) context.push(program);
      const [, heading] = HEADING.exec(line.trim()) ?? [];
      const [, lost, failed] = RECAP.exec(line) ?? [];
      const head = RESULT.exec(line);
      if (heading !== undefined) context.push(heading);
      else if (lost !== undefined) recaps.push(lost === '0' && failed === '0');
      else if (head !== null) at = readResult(head, line, raw, at, source);
      else if (line.startsWith('{')) at = readJson(line, raw, at, source);
      else if (/^Traceback \(most recent call last\)/.test(line)) at = skipFrames(raw, at);
      else if (line.trim() !== '' && !CHROME.test(line))
        lines.push({ source, text: unescape(line), fatal: false });
    }
  }

  function readResult(
    head: RegExpExecArray,
    line: string,
    raw: readonly string[],
    at: number,
    source: string,
  ): number {
    const good = /^(?:ok|changed|skipping|SUCCESS|CHANGED)$/.test(
      head.groups?.['word'] ?? head.groups?.['state'] ?? '',
    );
    const { end, value } = takeJson(line.slice(head[0].length), raw, at);
    const ignored = /^\s*\.\.\.ignoring/.test(raw.slice(end + 1).find((next) => next.trim() !== '') ?? '');
    if (good || ignored) return end;
    const label = head[0].replace(/ {0,2}=> {0,2}$/, '').slice(0, 80);
    const from = source === MESSAGE ? label : source;
    if (value === undefined)
      lines.push(
        ...raw.slice(at, end + 1).map((text) => ({ source: from, text: unescape(text), fatal: true })),
      );
    else lines.push(...resultLines(value, from, true));
    return end;
  }

  function readJson(line: string, raw: readonly string[], at: number, source: string): number {
    const { end, value } = takeJson(line, raw, at);
    if (value === undefined) {
      lines.push({ source, text: unescape(line), fatal: false });
      return at;
    }
    const said = resultLines(value, source, false);
    if (end > at) lines.push(...said);
    // A line of a JSON log is one message.
    else if (said.length > 0)
      lines.push({ source, text: said.map(({ text }) => text).join('; '), fatal: false });
    return end;
  }
}

/** The JSON that starts on a line, and the line on which it ends; `value` undefined: it is not JSON. */
function takeJson(first: string, raw: readonly string[], at: number): { end: number; value: unknown } {
  let text = first;
  let depth = balance(first);
  let end = at;
  while (depth > 0 && end + 1 < raw.length && end - at < LONGEST_RESULT) {
    end += 1;
    text += `\n${raw[end] ?? ''}`;
    depth += balance(raw[end] ?? '');
  }
  for (const candidate of [text, text.replaceAll('\n', ''), text.replaceAll('\n', ' ')]) {
    try {
      return { end, value: JSON.parse(candidate) };
    } catch {
      continue;
    }
  }
  return { end: depth > 0 ? at : end, value: undefined };
}

function balance(text: string): number {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === '{') depth += 1;
    else if (!quoted && char === '}') depth -= 1;
  }
  return depth;
}

/** Of a traceback only its last line tells; the frames are left out. */
function skipFrames(raw: readonly string[], at: number): number {
  let end = at;
  while (end + 1 < raw.length && /^\s/.test(stripPrefix(raw[end + 1] ?? '').text)) end += 1;
  return end;
}

/** Escapes that a log has put around a message are taken off again. */
function unescape(line: string): string {
  if (!line.includes('\\')) return line;
  return line.replaceAll(/\\+r?\\+n|\\+n(?=[A-Z\s\\]|$)/g, ' ').replaceAll(/\\+(["'])/g, '$1');
}

function flatten(line: Line): Line {
  const text = plainQuotes(stripPrefix(line.text.trim()).text.replaceAll(/[\s\u00a0\u202f]+/g, ' '));
  return { ...line, text };
}
