import { pc } from './colors.ts';
import type { Progress, Status } from '../../src/contract/events.ts';
import type { Owner } from '../../src/contract/failure.ts';

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

/** Who has to act, as the command line says it. */
export const OWNERS: Readonly<Record<Owner, string>> = {
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
