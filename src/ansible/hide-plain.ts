import { redact } from '../failures/index.ts';

const BEGIN = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY/;
const END = /-----END [A-Z ]{0,30}PRIVATE KEY/;
const CUT = /^\[\d+ characters left out\]$/;
const HIDDEN = '***';

/** Hides the lines of private keys, also of those that a cut left only one end of or that a diff mixes with others. */
export function hideKeys(text: string): string {
  if (!BEGIN.test(text) && !END.test(text)) return text;
  const lines = text.split('\n');
  let within = false;
  let from = 0;
  lines.forEach((line, at) => {
    if (CUT.test(line)) {
      within = false;
      from = at + 1;
      return;
    }
    if (BEGIN.test(line)) [within, from] = [true, at];
    const ends = END.test(line);
    if (within) lines[at] = HIDDEN;
    else if (ends) lines.fill(HIDDEN, from, at + 1);
    if (ends) [within, from] = [false, at + 1];
  });
  return lines.join('\n');
}

/** Hides what is plainly a secret in the lines of a unified diff; the sign before a line would hide it from the look. */
export function redactDiff(diff: string): string {
  return diff
    .split('\n')
    .map((line) => (/^[-+ ]/.test(line) ? line.slice(0, 1) + redact(line.slice(1)) : redact(line)))
    .join('\n');
}
