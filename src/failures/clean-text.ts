/* eslint-disable no-control-regex -- terminal control sequences are what this file removes */

/** How much of a text is looked at: its beginning and its end, where tools say what they do and why they stop. */
const HEAD = 24_000;
const TAIL = 72_000;
const LINE_HEAD = 1_200;
const LINE_TAIL = 600;
const CUT = ' … ';

/** Escape sequences, also as `cat -v` and JSON write them. */
const ESCAPES = new RegExp(
  [
    '\\u001b\\[[0-9;?]{0,40}[ -/]{0,4}[@-~]',
    '\\u001b\\][^\\u0007\\u001b]{0,400}(?:\\u0007|\\u001b\\\\)',
    '\\u001b[@-_]',
    '\\^\\[\\[[0-9;]{0,20}m',
    '\\\\u001b\\[[0-9;]{0,20}m',
  ].join('|'),
  'g',
);
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff\ufffd]+/g;
const PROGRESS = /^[^a-z]*\d{1,3}(?:\.\d+)?%|^[\s#=>.*|/\\-]{6,}$/i;

/** What is put before a line by the logs it went through; the line itself is what the tool said. */
const PREFIXES: readonly RegExp[] = [
  /^[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d(?:\.\d{1,9})? \S{1,80} (?<program>[\w./@-]{1,60})(?:\[\d{1,9}\])?: /,
  /^\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?\]?[:,]? {1,2}/,
  /^[\w.-]{1,80} (?<program>[\w./@-]{1,60})\[\d{1,9}\]: /,
  /^(?<program>[\w./@-]{1,60})\[\d{1,9}\]: /,
  /^\[ {0,6}\d{1,7}\.\d{3,6}\] /,
  /^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{3,9} {1,7}\d{1,9} [\w./-]{1,60}:\d{1,6}\] /,
  /^time="[^"\n]{1,40}" /,
  /^p=\d{1,9} u=\S{1,40} (?:n=\S{1,40} )?\| /,
  /^[\w.-]{2,60} {1,12}\| (?!(?:FAILED|UNREACHABLE|SUCCESS|CHANGED)\b)(?=\S)/,
  /^> (?=\S)/,
];

/** Cuts a text to the part that is looked at and rids it of terminal control; lines end with \n. */
export function cleanText(text: string): string {
  const kept = text.length > HEAD + TAIL ? `${text.slice(0, HEAD)}\n${text.slice(text.length - TAIL)}` : text;
  return kept
    .replaceAll(ESCAPES, '')
    .replaceAll('\r\n', '\n')
    .split('\n')
    .flatMap((line) =>
      line.includes('\r') ? line.split('\r').filter((part) => !PROGRESS.test(part)) : [line],
    )
    .map((line) => cutLine(line.replaceAll(CONTROLS, '').trimEnd()))
    .join('\n');
}

/** The line without what logs put before it (time, machine, program), and the program that was named there. */
export function stripPrefix(line: string): { readonly text: string; readonly program: string } {
  let text = line;
  let program = '';
  for (const prefix of PREFIXES) {
    const found = prefix.exec(text);
    if (found === null) continue;
    text = text.slice(found[0].length);
    program = found.groups?.['program'] ?? program;
  }
  return text.trim() === '' ? { text: line, program: '' } : { text, program };
}

/** Every kind of quotation mark as ' or ". */
export function plainQuotes(text: string): string {
  return text.replaceAll(/[‘’´]/g, "'").replaceAll(/[“”«»„]/g, '"');
}

/** A line that ends for itself: a banner, a heading, JSON. */
const CLOSED = /[*@=#}\]-]$/;
const USUAL_WIDTHS: ReadonlySet<number> = new Set([80, 100, 120, 132]);

/** A line that goes on with the sentence of the line before. */
const GOES_ON = /^[a-z0-9'"(/]/;

/**
 * Joins what a terminal of a fixed width or a mail program has cut in two; null where nothing looks cut. A cut between
 * words leaves a line of some length that is followed by one that goes on in lower case.
 */
export function unwrap(text: string): string | null {
  const lines = text.split('\n');
  const width = lines.reduce((most, line) => (CLOSED.test(line) ? most : Math.max(most, line.length)), 0);
  const full = lines.filter((line) => line.length === width && !CLOSED.test(line)).length;
  const hard = width >= 60 && width <= 250 && full >= 2;
  const joined = lines.map((line, index) => {
    if ((hard && line.length === width) || USUAL_WIDTHS.has(line.length)) {
      if (!CLOSED.test(line)) return line;
    }
    const soft = line.length >= 50 && line.length <= 130 && !/[.:;!?*}\]]$/.test(line);
    return soft && GOES_ON.test(lines[index + 1] ?? '') ? `${line} ` : `${line}\n`;
  });
  const result = joined.join('').replace(/\n$/, '');
  return result === text ? null : result;
}

function cutLine(line: string): string {
  if (line.length <= LINE_HEAD + LINE_TAIL) return line;
  return `${line.slice(0, LINE_HEAD)}${CUT}${line.slice(line.length - LINE_TAIL)}`;
}
