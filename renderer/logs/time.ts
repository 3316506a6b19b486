import { clock } from '../format.ts';

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** Local time of day with seconds; before it the day, where that is not today: "20 Nov 23:58:01". */
export function timeOf(at: string): string {
  return isToday(at) ? clock(at) : `${DAY.format(new Date(at))} ${clock(at)}`;
}

/** Whether a moment is of this day; so is what is no moment at all. */
export function isToday(at: string): boolean {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) || date.toDateString() === new Date().toDateString();
}
