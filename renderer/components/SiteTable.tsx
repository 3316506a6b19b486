import { Button } from '@patternfly/react-core';
import { duration, secondsBetween } from '../format.ts';
import { runLink, siteLink } from '../hooks/use-route.ts';
import type { SiteEntry, SiteGroup, SiteGroupKind } from '../state/home.ts';
import { siteLine, type SiteAction } from '../state/site-row.ts';
import { homeText } from '../text/home.ts';
import { lastStep } from '../wizard/model/last-step.ts';
import { StageBlocks } from './StageBlocks.tsx';
import { StatusWord } from './Status.tsx';

const GROUP_TEXT: Record<SiteGroupKind, string> = {
  'needs-you': homeText.needsYou,
  running: homeText.running,
  finished: homeText.finished,
  opened: homeText.opened,
};

interface SiteTableProps {
  readonly groups: readonly SiteGroup[];
  /** Id of the entry whose runs are listed below. */
  readonly selected: string;
  readonly now: number;
  /** The run that is being resumed. */
  readonly busy: string | null;
  readonly onSelect: (id: string) => void;
  readonly onResume: (run: string) => void;
  readonly onForget: (file: string) => void;
}

/** All sites, those that need the engineer first. */
export function SiteTable({ groups, ...rest }: SiteTableProps) {
  const [firstGroup] = groups;
  const first = firstGroup?.kind === 'needs-you' ? firstGroup.sites[0]?.id : undefined;
  return (
    <table className="sites">
      <thead>
        <tr>
          {Object.entries(homeText.columns).map(([key, label]) => (
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
            <SiteRow key={entry.id} entry={entry} primary={entry.id === first} {...rest} />
          ))}
        </tbody>
      ))}
    </table>
  );
}

interface SiteRowProps extends Omit<SiteTableProps, 'groups'> {
  readonly entry: SiteEntry;
  readonly primary: boolean;
}

function SiteRow({ entry, now, selected, primary, onSelect, ...act }: SiteRowProps) {
  const run = entry.latest;
  const line = siteLine(entry, now);
  const chosen = entry.id === selected;
  return (
    <tr className="site-row" data-selected={chosen}>
      <th scope="row">
        <button
          type="button"
          aria-pressed={chosen}
          data-action={homeText.runsOf(entry.site)}
          onClick={() => {
            onSelect(entry.id);
          }}
        >
          <b>{entry.site}</b>
          <span className="quiet">{line.about}</span>
        </button>
      </th>
      <td className="col-state">
        <StatusWord status={line.status}>{line.word}</StatusWord>
        <span className="second">{line.note}</span>
      </td>
      <td className="col-stages">
        {run === undefined ? <span className="quiet">{homeText.notStarted}</span> : <StageBlocks run={run} />}
      </td>
      <td className="col-spent">
        <b>
          {run === undefined || run.interrupted !== undefined
            ? '–'
            : duration(secondsBetween(run.started, run.finished ?? now), true)}
        </b>
      </td>
      <td className="col-next">
        {line.next}
        <span className="quiet block">{line.nextNote}</span>
      </td>
      <td className="col-action">
        <SiteButton action={line.action} site={entry.site} primary={primary} {...act} />
      </td>
    </tr>
  );
}

interface SiteButtonProps extends Pick<SiteTableProps, 'busy' | 'onResume' | 'onForget'> {
  readonly action: SiteAction;
  readonly site: string;
  readonly primary: boolean;
}

function SiteButton({ action, site, primary, busy, onResume, onForget }: SiteButtonProps) {
  const name = `${action.label}, ${site}`;
  if (action.kind === 'run' || action.kind === 'site') {
    return (
      <a
        className={`pf-v6-c-button pf-m-${primary ? 'primary' : 'secondary'} pf-m-block`}
        href={action.kind === 'run' ? runLink(action.run) : siteLink(action.file, lastStep(action.file))}
        aria-label={name}
      >
        {action.label}
      </a>
    );
  }
  const isBusy = action.kind === 'resume' && action.run === busy;
  return (
    <Button
      variant={primary ? 'primary' : 'secondary'}
      isBlock
      isDisabled={isBusy}
      aria-label={name}
      onClick={() => {
        if (action.kind === 'resume') onResume(action.run);
        else onForget(action.file);
      }}
    >
      {isBusy ? homeText.resuming : action.label}
    </Button>
  );
}
