import { pc } from './colors.ts';
import type { BringupClient, RunDocument } from '../../src/contract/api.ts';
import type { ResultDetail, Status } from '../../src/contract/events.ts';
import { detailText } from './detail-text.ts';
import { eachPage } from './event-pages.ts';
import { glyph, paint } from './format.ts';
import { isBadResult } from './log-filter.ts';
import { paragraph } from './paragraph.ts';

/** Results of failed tasks that are shown without being asked for. */
const SHOWN = 8;

/** One answer of a host whose command and output the journal has, in the event of that number. */
interface Detailed {
  readonly seq: number;
  readonly host: string;
  readonly title: string;
  readonly status: Status;
}

/** What hosts said, below the state of a run: that of failed tasks, or with `all` of every task. Empty where nothing is kept. */
export async function resultDetails(
  client: BringupClient,
  run: RunDocument,
  all: boolean,
  width: number,
): Promise<string> {
  const found = resultsOf(run, all);
  const shown = all ? found : found.slice(0, SHOWN);
  const details = await readDetails(client, run.run, shown);
  const parts = shown.flatMap(({ seq, host, title, status }) => {
    const detail = details.get(seq);
    if (detail === undefined) return [];
    const head = `${pc.bold(host)}  ${paint(status, status)}  ${title}`;
    return [`${paragraph(glyph(status), [head], width)}\n${detailText(detail, width, 4)}`];
  });
  if (parts.length === 0) return '';
  const left = found.length - shown.length;
  const more = `${left} more: bringup show ${run.run} --details`;
  return [pc.bold('What the hosts said'), ...parts, ...(left > 0 ? [pc.dim(more)] : [])].join('\n');
}

function resultsOf({ stages }: RunDocument, all: boolean): Detailed[] {
  return stages.flatMap((stage) =>
    stage.tasks.flatMap(({ title, hosts }) =>
      Object.entries(hosts).flatMap(([host, answer]) => {
        const { status, detail_seq: seq } = answer;
        return seq === undefined || !(all || isBadResult(answer)) ? [] : [{ seq, host, title, status }];
      }),
    ),
  );
}

async function readDetails(
  client: BringupClient,
  run: string,
  wanted: readonly Detailed[],
): Promise<ReadonlyMap<number, ResultDetail>> {
  const seqs = new Set(wanted.map(({ seq }) => seq));
  const details = new Map<number, ResultDetail>();
  if (seqs.size === 0) return details;
  const sorted = [...seqs].sort((a, b) => a - b);
  await eachPage(
    client,
    run,
    (events) => {
      for (const event of events)
        if (seqs.has(event.seq) && event.kind === 'host.result' && event.detail !== undefined)
          details.set(event.seq, event.detail);
    },
    { from: sorted[0] ?? 1, to: sorted.at(-1) ?? 1 },
  );
  return details;
}
