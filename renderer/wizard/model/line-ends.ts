/** A text as an editor holds it: lines end with a line feed alone. */
export function plainLines(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

/** The part in which two texts differ: from where, and how far it goes in each of them. */
export interface Difference {
  readonly from: number;
  readonly endBefore: number;
  readonly endAfter: number;
}

/** Where two texts begin and end to differ; null for equal ones. */
export function differenceOf(before: string, after: string): Difference | null {
  if (before === after) return null;
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before.charCodeAt(from) === after.charCodeAt(from)) from++;
  let same = 0;
  while (
    same < most - from &&
    before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)
  )
    same++;
  return { from, endBefore: before.length - same, endAfter: after.length - same };
}

/** What was typed in plain lines, put into the text it was made from, whose other line ends stay as they are. */
export function retype(original: string, typed: string): string {
  const plain = plainLines(original);
  const change = differenceOf(plain, typed);
  if (change === null) return original;
  if (plain === original) return typed;
  const from = originalOffset(original, change.from);
  const to = originalOffset(original, change.endBefore);
  const put = typed.slice(change.from, change.endAfter);
  return original.slice(0, from) + put.replaceAll('\n', '\r\n') + original.slice(to);
}

/** The offset in a text that an offset of its plain lines stands for. */
function originalOffset(original: string, offset: number): number {
  let at = 0;
  for (let plain = 0; plain < offset; plain++) at += original.startsWith('\r\n', at) ? 2 : 1;
  return at;
}
