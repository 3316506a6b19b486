/** Seconds as m:ss, or h:mm:ss from one hour on (or when `hours` asks for it). */
export function duration(seconds: number, hours = false): string {
  const whole = Math.max(0, Math.floor(seconds));
  const s = String(whole % 60).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60 && !hours) return `${minutes}:${s}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${s}`;
}

/** Seconds in words for a sentence: "8 s", "3 min", "2 h 10 min", "5 days". */
export function age(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}

/** Seconds between two ISO 8601 times; the second may be a moment in milliseconds. */
export function secondsBetween(from: string, to: string | number): number {
  const end = typeof to === 'number' ? to : Date.parse(to);
  return Math.max(0, (end - Date.parse(from)) / 1000);
}

// Made once: making one takes longer than everything it formats on a page.
const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', hour12: false });
const MINUTES = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** Local time of day, 24 hours, with seconds. */
export function clock(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(date) : CLOCK.format(date);
}

/** "today 02:04", "yesterday 22:40" or "19 Nov 2026, 21:58", local time. */
export function moment(at: string, now: number): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return String(date);
  const time = MINUTES.format(date);
  const day = (value: Date): string => value.toDateString();
  if (day(date) === day(new Date(now))) return `today ${time}`;
  if (day(date) === day(new Date(now - 86_400_000))) return `yesterday ${time}`;
  return `${DAY.format(date)}, ${time}`;
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** The unit in which a number of bytes reads best: its name and its size in bytes. */
function byteUnit(bytes: number): { name: string; size: number } {
  const power = Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return { name: BYTE_UNITS[power] ?? 'B', size: 2 ** (10 * power) };
}

/** Bytes with a binary unit, three figures at most: "8.4 GiB", "187 MiB". */
export function bytes(value: number): string {
  const { name, size } = byteUnit(value);
  const scaled = value / size;
  return `${scaled < 10 && size > 1 ? scaled.toFixed(1) : Math.round(scaled)} ${name}`;
}

/** A part and its whole in the whole's unit: "8.4 of 31.2 GiB". */
export function bytesOf(done: number, total: number): string {
  const { name, size } = byteUnit(total);
  const scale = (value: number): string =>
    total / size < 100 && size > 1 ? (value / size).toFixed(1) : String(Math.round(value / size));
  return `${scale(done)} of ${scale(total)} ${name}`;
}

/** "1 host", "3 hosts". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
