import { pc } from './colors.ts';
import type { RunDocument, RunSummary } from '../../src/contract/api.ts';
import { failureText } from './failure-text.ts';
import { clock, glyph, paint } from './format.ts';
import { paragraph, wrapLine } from './paragraph.ts';

/** Columns for the titles of stages: the longest one's, within these bounds; longer ones push the rest aside. */
const TITLE_WIDTH = { least: 22, most: 34 };

/** The runs of this machine in a line each, and what to type for the newest of them. */
export function runsText(runs: readonly RunSummary[], width: number): string {
  const [newest] = runs;
  if (newest === undefined) return 'No run yet. Start one with: bringup apply site.yaml';
  const room = Math.max(...runs.map(({ run }) => run.length));
  const lines = runs.map((run) => paragraph(glyph(run.status), [runLine(run, room)], width));
  return [...lines, '', `See one with: bringup show ${newest.run}`].join('\n');
}

function runLine(run: RunSummary, room: number): string {
  const { status, interrupted, opened, rehearsal, stopped_at: stopped, without = [], until, left } = run;
  const words = interrupted === undefined ? status : 'left without an end';
  const parts = [
    ...(rehearsal === true ? [pc.dim('rehearsal')] : []),
    paint(status, words) + (stopped === undefined ? '' : ` at ${stopped}`),
    ...(without.length === 0 ? [] : [`without ${without.join(', ')}`]),
    `${run.stages_done} of ${run.stages_total} stages`,
    ...(until === undefined ? [] : [`up to ${until}${left === undefined ? '' : `, ${left} left`}`]),
    ...(opened === undefined ? [] : [pc.dim(`from ${opened}`)]),
  ];
  return `${pc.bold(run.run.padEnd(room))}  ${parts.join(', ')}`;
}

/** A run as it stands: its stages, its failures, what its hosts `said`, and the command that comes next. */
export function showText(run: RunDocument, width: number, said = ''): string {
  const chosen = run.choices?.profiles ?? [];
  const lines = [
    `${pc.bold(run.site)}  ${run.stack}  ${pc.dim(run.run)}`,
    `${pc.dim('site file')} ${run.site_file}`,
    ...(run.opened === undefined ? [] : [`${pc.dim('opened from')} ${run.opened}`]),
    ...(run.notice === undefined ? [] : [paragraph(pc.yellow('!'), [run.notice], width)]),
    ...chosen.map(({ host, profile, reason }) =>
      paragraph(
        pc.yellow('!'),
        [`profile ${profile} chosen by hand for ${host}: ${reason ?? 'no reason given'}`],
        width,
      ),
    ),
    ...run.stages.map((stage) => stageText(stage, titleWidth(run.stages), width)),
    paragraph(glyph(run.status), [run.interrupted ?? run.text ?? run.status], width),
  ];
  const failures = run.stages.flatMap((stage) => stage.failures);
  return [
    ...lines,
    ...failures.map((record) => `\n${failureText(record, width, run.run)}`),
    ...(said === '' ? [] : [`\n${said}`]),
    `\n${nextText(run)}`,
  ].join('\n');
}

function titleWidth(stages: RunDocument['stages']): number {
  const fitting = stages.map(({ title }) => title.length).filter((length) => length <= TITLE_WIDTH.most);
  return Math.max(TITLE_WIDTH.least, ...fitting);
}

function stageText(stage: RunDocument['stages'][number], room: number, width: number): string {
  const { started, finished, status, text } = stage;
  const seconds =
    started === undefined || finished === undefined
      ? ''
      : clock((Date.parse(finished) - Date.parse(started)) / 1000);
  const head = `${stage.title.padEnd(room)} ${seconds.padStart(7)}  `;
  const words = `${paint(status, status)}${text === undefined ? '' : `, ${text}`}`;
  return paragraph(
    glyph(status),
    [
      ...besides(head, words, width - 2),
      ...stage.warnings.map((warning) => pc.yellow(`! ${warning.text}`)),
      ...stage.attempts.map(({ attempt, status: ended, text: said }) =>
        pc.dim(`attempt ${attempt} ${ended}${said === undefined ? '' : `, ${said}`}`),
      ),
    ],
    width,
  );
}

/** What a stage came to, wrapped in its own column where the terminal leaves one worth the name. */
function besides(head: string, words: string, width: number): readonly string[] {
  const column = width - head.length;
  if (column < 24) return [`${head}${words}`];
  return wrapLine(words, column, 0).map(
    (line, index) => `${index === 0 ? head : ' '.repeat(head.length)}${line}`,
  );
}

/** What to do with the run next, and what to type for it; a run of another machine can only be looked at. */
export function nextText(
  run: Pick<RunDocument, 'run' | 'status' | 'opened' | 'interrupted' | 'choices'>,
): string {
  const [what, command] = next(run);
  return `${what}: ${pc.cyan(`bringup ${command}`)}`;
}

function next({
  run,
  status,
  opened,
  interrupted,
  choices,
}: Parameters<typeof nextText>[0]): [string, string] {
  if (opened !== undefined) return ['See what happened', `logs ${run}`];
  if (interrupted !== undefined) return ['Go on', `resume ${run}`];
  if (status === 'running') return ['Follow it', `logs --follow ${run}`];
  const good = status === 'ok' || status === 'changed';
  if (good && choices?.until !== undefined) return [`Go on behind ${choices.until}`, `resume ${run}`];
  if (good) return ['Write the report', `report ${run} -o report.html`];
  if (status === 'cancelled') return ['Go on', `resume ${run}`];
  if (choices?.rehearsal !== undefined) {
    const word = choices.rehearsal.keep_fault === true ? 'Try it again' : 'Go on as if it were mended';
    return [word, `resume ${run}`];
  }
  return ['When it is mended, go on', `resume ${run}`];
}
