import { Button } from '@patternfly/react-core';
import type { RunSummary } from '../../src/contract/api.ts';
import { duration, moment, secondsBetween } from '../format.ts';
import { logsLink, runLink, siteLink } from '../hooks/use-route.ts';
import { canGoOn, shownStatus, type SiteEntry } from '../state/home.ts';
import { homeText } from '../text/home.ts';
import { logText } from '../text/logs.ts';
import { lastStep } from '../wizard/model/last-step.ts';
import { StatusWord } from './Status.tsx';

interface RunListProps {
  readonly entry: SiteEntry;
  readonly now: number;
  /** The run that is being resumed. */
  readonly busy: string | null;
  readonly onResume: (run: string) => void;
  readonly onShare: ((run: string) => void) | undefined;
}

/** The runs of one site, newest first, and the way to its site file. */
export function RunList({ entry, now, busy, onResume, onShare }: RunListProps) {
  const own = entry.latest?.opened === undefined;
  const file = entry.known?.gone === true ? undefined : (entry.known?.file ?? entry.latest?.site_file);
  return (
    <section className="runs" aria-labelledby="runs-title">
      <header>
        <h2 id="runs-title">{homeText.runsOf(entry.site)}</h2>
        {own && file !== undefined ? (
          <p>
            <code>{file}</code>{' '}
            <a href={siteLink(file, lastStep(file))} aria-label={`${homeText.editSite}, ${entry.site}`}>
              {homeText.editSite}
            </a>
            {entry.runs.every(({ rehearsal }) => rehearsal === true) ? null : (
              <a href={logsLink(file)} aria-label={logText.openOf(entry.site)}>
                {logText.open}
              </a>
            )}
          </p>
        ) : null}
      </header>
      {entry.runs.length === 0 ? <p className="quiet">{homeText.noRuns}</p> : null}
      <ul>
        {entry.runs.map((run, index) => (
          <RunRow
            key={run.run}
            run={run}
            now={now}
            busy={busy}
            onShare={onShare}
            onResume={index === 0 && canGoOn(run) ? onResume : undefined}
          />
        ))}
      </ul>
    </section>
  );
}

interface RunRowProps extends Pick<RunListProps, 'now' | 'busy' | 'onShare'> {
  readonly run: RunSummary;
  readonly onResume: ((run: string) => void) | undefined;
}

function RunRow({ run, now, busy, onResume, onShare }: RunRowProps) {
  const { status, word } = shownStatus(run);
  const stopped = run.stopped_at === undefined || run.status === 'ok' ? undefined : run.stopped_at;
  const said = [
    stopped === undefined ? word : `${word} ${homeText.stoppedAt(stopped)}`,
    ...(run.until === undefined ? [] : [homeText.upTo(run.until, run.left)]),
  ];
  return (
    <li>
      <StatusWord status={status}>{said.join(', ')}</StatusWord>
      <span>{moment(run.started, now)}</span>
      <span className="col-spent">
        {run.interrupted === undefined
          ? duration(secondsBetween(run.started, run.finished ?? now), true)
          : '–'}
      </span>
      <code>{run.run}</code>
      <span className="run-links">
        {onResume === undefined ? null : (
          <Button
            variant="link"
            isInline
            isDisabled={busy === run.run}
            aria-label={`${homeText.resume} ${run.run}`}
            onClick={() => {
              onResume(run.run);
            }}
          >
            {busy === run.run ? homeText.resuming : homeText.resume}
          </Button>
        )}
        {onShare === undefined ? null : (
          <Button
            variant="link"
            isInline
            aria-label={`${homeText.share} ${run.run}`}
            onClick={() => {
              onShare(run.run);
            }}
          >
            {homeText.share}
          </Button>
        )}
        <a href={runLink(run.run)} aria-label={`${homeText.open} ${run.run}`}>
          {homeText.open}
        </a>
      </span>
    </li>
  );
}
