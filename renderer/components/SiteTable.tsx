import type { RunSummary } from '../../src/contract/api.ts';
import { age, duration, secondsBetween } from '../format.ts';
import { runLink } from '../hooks/use-route.ts';
import { shownStatus, type SiteEntry, type SiteGroup, type SiteGroupKind } from '../state/home.ts';
import { isBad } from '../state/order.ts';
import { text } from '../text.ts';
import { StageBlocks } from './StageBlocks.tsx';
import { StatusWord } from './Status.tsx';

const GROUP_TEXT: Record<SiteGroupKind, string> = {
  'needs-you': text.groupNeedsYou,
  running: text.groupRunning,
  finished: text.groupFinished,
};

interface SiteTableProps {
  readonly groups: readonly SiteGroup[];
  readonly selected: string;
  readonly now: number;
  readonly onSelect: (site: string) => void;
}

/** All sites, those that need the engineer first. */
export function SiteTable({ groups, selected, now, onSelect }: SiteTableProps) {
  const first = groups[0]?.sites[0]?.site;
  return (
    <table className="sites">
      <thead>
        <tr>
          {Object.entries(text.columns).map(([key, label]) => (
            <th key={key} scope="col" className={`col-${key}`}>
              {label}
            </th>
          ))}
        </tr>
      </thead>
      {groups.map((group) => (
        <tbody key={group.kind}>
          <tr className="site-group">
            <th colSpan={6} scope="rowgroup">
              {GROUP_TEXT[group.kind]} <span>{group.sites.length}</span>
            </th>
          </tr>
          {group.sites.map((entry) => (
            <SiteRow
              key={entry.site}
              entry={entry}
              now={now}
              selected={entry.site === selected}
              primary={entry.site === first && group.kind === 'needs-you'}
              onSelect={onSelect}
            />
          ))}
        </tbody>
      ))}
    </table>
  );
}

interface SiteRowProps extends Pick<SiteTableProps, 'now' | 'onSelect'> {
  readonly entry: SiteEntry;
  readonly selected: boolean;
  readonly primary: boolean;
}

function SiteRow({ entry, now, selected, primary, onSelect }: SiteRowProps) {
  const run = entry.latest;
  const shown = shownStatus(run);
  const action = shown.status === 'running' ? text.watch : isBad(run.status) ? text.openFailure : text.open;
  return (
    <tr className="site-row" data-selected={selected}>
      <th scope="row">
        <button
          type="button"
          aria-pressed={selected}
          onClick={() => {
            onSelect(entry.site);
          }}
        >
          <b>{entry.site}</b>
          <span className="quiet">{run.stack}</span>
        </button>
      </th>
      <td>
        <StatusWord status={shown.status}>{shown.word}</StatusWord>
        <span className="second">{run.stopped_at === undefined ? '' : text.stoppedAt(run.stopped_at)}</span>
      </td>
      <td className="col-stages">
        <StageBlocks run={run} />
      </td>
      <td className="col-spent">
        <b>
          {run.interrupted === undefined
            ? duration(secondsBetween(run.started, run.finished ?? now), true)
            : '–'}
        </b>
      </td>
      <td>
        {nextOf(run)}
        <span className="quiet block">{nextNote(run, now)}</span>
      </td>
      <td className="col-action">
        <a
          className={`pf-v6-c-button pf-m-${primary ? 'primary' : 'secondary'} pf-m-block`}
          href={runLink(run.run)}
          aria-label={`${action}, ${entry.site}`}
        >
          {action}
        </a>
      </td>
    </tr>
  );
}

function nextOf(run: RunSummary): string {
  if (run.interrupted !== undefined) return text.nextAgain;
  if (run.status === 'running') return text.nothingToDo;
  if (run.status === 'ok' || run.status === 'changed') return text.nextOk;
  const owner = run.failure?.owner;
  if (owner !== undefined && owner !== null && owner !== 'field-engineer')
    return text.sendRequest(text.owner(owner));
  return run.failure?.fixes[0]?.title ?? run.failure?.what ?? text.nextAgain;
}

function nextNote(run: RunSummary, now: number): string {
  const when = run.finished === undefined ? '' : text.ago(age(secondsBetween(run.finished, now)));
  const owner = run.failure?.owner;
  return owner === undefined || owner === null ? when : `${text.nextOwner(text.owner(owner))}, ${when}`;
}
