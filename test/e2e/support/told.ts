import type { Applied } from './cli.ts';

/** The failures of a run as one text, the way an engineer reads them. */
export function told(applied: Applied): string {
  return applied.failures
    .map(({ what, why, fixes }) =>
      [
        what,
        why.summary,
        ...why.evidence.map((line) => line.text),
        ...fixes.map((fix) => `${fix.title} ${fix.command ?? ''}`),
      ].join('\n'),
    )
    .join('\n');
}
