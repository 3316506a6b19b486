import pc from 'picocolors';
import wrapAnsi from 'wrap-ansi';
import type { Progress, Status } from '../../src/contract/events.ts';
import type { FailureRecord, Owner } from '../../src/contract/failure.ts';

/** Glyph and colour of each status; the word always stands beside it. */
const LOOKS: Record<Status, { glyph: string; paint: (text: string) => string }> = {
  pending: { glyph: '·', paint: pc.dim },
  running: { glyph: '▶', paint: pc.blue },
  ok: { glyph: '✔', paint: pc.green },
  changed: { glyph: '✎', paint: pc.green },
  skipped: { glyph: '–', paint: pc.dim },
  failed: { glyph: '✖', paint: pc.red },
  unreachable: { glyph: '✖', paint: pc.red },
  'timed-out': { glyph: '✖', paint: pc.red },
  cancelled: { glyph: '■', paint: pc.yellow },
  stale: { glyph: '!', paint: pc.yellow },
  overridden: { glyph: '!', paint: pc.yellow },
};

const OWNERS: Record<Owner, string> = {
  'field-engineer': 'field engineer (you)',
  'customer-network': 'customer network',
  'customer-it': 'customer IT',
  vendor: 'vendor',
  software: 'Bringup',
};

/** The status glyph in its colour. */
export function glyph(status: Status): string {
  const look = LOOKS[status];
  return look.paint(look.glyph);
}

/** Text in the colour of a status. */
export function paint(status: Status, text: string): string {
  return LOOKS[status].paint(text);
}

/** Seconds as `m:ss` or `h:mm:ss`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** Bytes in binary units, three figures. */
export function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** Progress as words: part of whole, rate and time left. */
export function progressText(progress: Progress): string {
  const amount = progress.unit === 'bytes' ? size : String;
  const parts = [`${amount(progress.done)} of ${amount(progress.total)}`];
  if (progress.rate !== undefined && progress.unit === 'bytes') parts.push(`${size(progress.rate)}/s`);
  if (progress.left_seconds !== undefined) parts.push(`${clock(progress.left_seconds)} left`);
  return parts.join(', ');
}

/** A failure record as the engineer reads it: what, where, why, whose, what now. */
export function failureText(record: FailureRecord, width: number): string {
  const { where, why } = record;
  const place = [where.host, where.task === undefined ? undefined : `"${where.task}"`]
    .filter(Boolean)
    .join(', ');
  const line = where.line === undefined ? '' : `:${where.line}`;
  const file = where.file === undefined ? '' : `${where.file}${line}, `;
  const rows: [string, string][] = [
    ['What', pc.bold(record.what)],
    [
      'Where',
      `stage ${where.stage}${place === '' ? '' : `, ${place}`}\n${pc.dim(`${file}runs on ${where.runs_on}`)}`,
    ],
    ['Why', [why.summary, ...why.chain.map((link, index) => `${index + 1}. ${link}`)].join('\n')],
    ['', why.evidence.map((line) => `${pc.dim(`${line.source}:`)} ${line.text}`).join('\n')],
    ['Whose', record.owner === null ? 'not known' : OWNERS[record.owner]],
    [
      'Now',
      record.fixes
        .map((fix) => [fix.title, fix.command && `  ${pc.cyan(fix.command)}`].filter(Boolean).join('\n'))
        .join('\n'),
    ],
  ];
  const head = `${pc.red('✖ failed')}  ${pc.dim(record.reference)}${why.key === null ? '' : pc.dim(`  ${why.key}`)}`;
  const body = rows.filter(([, text]) => text !== '').map(([label, text]) => indent(label, text, width));
  return [head, ...body].join('\n');
}

const LABEL_WIDTH = 8;

function indent(label: string, text: string, width: number): string {
  const wrapped = wrapAnsi(text, Math.max(30, width - LABEL_WIDTH - 2), { hard: true, trim: false });
  return wrapped
    .split('\n')
    .map((line, index) => (index === 0 ? pc.dim(label.padEnd(LABEL_WIDTH)) : ' '.repeat(LABEL_WIDTH)) + line)
    .map((line) => `  ${line}`)
    .join('\n');
}
