import { pc } from './colors.ts';
import type { ResultDetail } from '../../src/contract/events.ts';
import { wrapLine } from './paragraph.ts';

/** Lines of an output that are printed: its end is where the reason stands. `--json` has all of it. */
const TAIL = 20;
const LABEL_WIDTH = 9;

const ORDER = ['command', 'message', 'stdout', 'stderr', 'diff'] as const;

/** Command, message and the end of the output of one result, set in by `indent` columns; control characters are left out. */
export function detailText(detail: ResultDetail, width: number, indent: number): string {
  const room = width - indent - LABEL_WIDTH;
  const rows = ORDER.flatMap((name) => {
    const text = detail[name];
    if (text === undefined || text.trim() === '') return [];
    const lines = plain(text).trimEnd().split('\n');
    const ended = name === 'command' && detail.rc !== undefined ? [`exit code ${detail.rc}`] : [];
    const cut = lines.length > TAIL ? [`the last ${TAIL} of ${lines.length} lines`] : [];
    const body = lines.slice(-TAIL).flatMap((line) => wrapLine(line, room));
    return [...cut.map(pc.dim), ...body, ...ended.map(pc.dim)].map(
      (line, index) => (index === 0 ? pc.dim(name.padEnd(LABEL_WIDTH)) : ' '.repeat(LABEL_WIDTH)) + line,
    );
  });
  return rows.map((line) => `${' '.repeat(indent)}${line}`.trimEnd()).join('\n');
}

/** What machines at the site said, for a terminal: tabs as spaces, nothing that steers it. */
function plain(text: string): string {
  return text.replaceAll('\t', '    ').replaceAll(/(?!\n)\p{Cc}/gu, '');
}
