/** A time as Redfish writes it, in the BMC's local offset such as `-05:00`; iLO writes `Z` for none. */
export function formatTime(at: number, localOffset: string, zulu = false): string {
  if (zulu && localOffset === '+00:00') return `${new Date(at).toISOString().slice(0, 19)}Z`;
  return `${new Date(at + offsetMs(localOffset)).toISOString().slice(0, 19)}${localOffset}`;
}

/** Milliseconds east of Greenwich of an offset such as `+05:30`; anything else counts as none. */
export function offsetMs(localOffset: string): number {
  const match = /^([+-])(\d\d):(\d\d)$/.exec(localOffset);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === '-' ? -1 : 1) * minutes * 60_000;
}
