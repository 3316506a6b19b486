import { duration, moment, secondsBetween } from '../format.ts';
import { runLink } from '../hooks/use-route.ts';
import { shownStatus, type SiteEntry } from '../state/home.ts';
import { text } from '../text.ts';
import { StatusWord } from './Status.tsx';

/** The runs of one site, newest first. */
export function RunList({ entry, now }: { readonly entry: SiteEntry; readonly now: number }) {
  return (
    <section className="runs" aria-labelledby="runs-title">
      <h2 id="runs-title">{text.runsOf(entry.site)}</h2>
      <ul>
        {entry.runs.map((run) => (
          <li key={run.run}>
            <StatusWord status={shownStatus(run).status}>
              {run.stopped_at === undefined || run.status === 'ok'
                ? shownStatus(run).word
                : `${shownStatus(run).word} ${text.stoppedAt(run.stopped_at)}`}
            </StatusWord>
            <span>{moment(run.started, now)}</span>
            <span className="col-spent">
              {run.interrupted === undefined
                ? duration(secondsBetween(run.started, run.finished ?? now), true)
                : '–'}
            </span>
            <code>{run.run}</code>
            <a href={runLink(run.run)} aria-label={`${text.open} ${run.run}`}>
              {text.open}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
