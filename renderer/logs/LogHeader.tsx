import { Button } from '@patternfly/react-core';
import { LinkIcon, PauseIcon, UnreachableIcon } from '../components/icons.ts';
import { Menu } from '../components/Menu.tsx';
import { logText } from '../text/logs.ts';
import { text } from '../text.ts';
import { isMissing } from './missing.ts';
import { timeOf } from './time.ts';
import type { SiteLogs } from './use-site-logs.ts';

interface LogHeaderProps {
  readonly name: string;
  readonly logs: SiteLogs;
  readonly follow: boolean;
  /** New messages can come into what is shown. */
  readonly canFollow: boolean;
  readonly onFollow: (follow: boolean) => void;
  readonly onShortcuts: () => void;
}

/** Which site, how fresh what is shown is, and the one action: to hold it, or to follow it. */
export function LogHeader({ name, logs, follow, canFollow, onFollow, onShortcuts }: LogHeaderProps) {
  const { lost, sign: Sign, title, note } = contactOf(logs, canFollow);
  return (
    <header className="frame-head">
      <nav className="crumbs" aria-label={text.menu}>
        <a href="#/">{text.sites}</a>
        <span aria-hidden="true">/</span>
        <b className="site-name">{name}</b>
        <span className="quiet">{logText.title}</span>
      </nav>
      <div className={lost ? 'attachment attachment-lost' : 'attachment'} role={lost ? 'alert' : undefined}>
        <Sign />
        <p>
          <b>{title}</b>
          <span>{note}</span>
        </p>
      </div>
      <div className="head-actions">
        {canFollow ? (
          <Button
            variant="secondary"
            aria-keyshortcuts="p"
            onClick={() => {
              onFollow(!follow);
            }}
          >
            {follow ? logText.pause : logText.follow}
          </Button>
        ) : null}
        <Menu onShortcuts={onShortcuts} />
      </div>
    </header>
  );
}

function contactOf({ list, error, following }: SiteLogs, canFollow: boolean) {
  const newest = list?.records[0]?.at;
  const note =
    newest === undefined ? (list === undefined ? '' : logText.nothingYet) : logText.newest(timeOf(newest));
  if (error !== undefined)
    return {
      ...{ lost: true, sign: UnreachableIcon, title: isMissing(error) ? logText.noLogs : logText.noContact },
      note: following ? logText.tryingAgain : note,
    };
  if (list === undefined) return { lost: false, sign: LinkIcon, title: logText.reading, note };
  const title = following ? logText.following : canFollow ? logText.paused : logText.fixed;
  return { lost: false, sign: following ? LinkIcon : PauseIcon, title, note };
}
