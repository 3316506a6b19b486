import { Button } from '@patternfly/react-core';
import { useCallback, useEffect, useState, type ChangeEvent } from 'react';
import type { BringupClient, RunSummary } from '../../src/contract/api.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { readJournal } from '../clients/replay.ts';
import { Menu } from '../components/Menu.tsx';
import { Notice } from '../components/Notice.tsx';
import { OpenSite } from '../components/OpenSite.tsx';
import { RunList } from '../components/RunList.tsx';
import { SiteTable } from '../components/SiteTable.tsx';
import { WarningIcon } from '../components/icons.ts';
import { useNow } from '../hooks/use-now.ts';
import { groupSites } from '../state/home.ts';
import { text } from '../text.ts';

interface HomePageProps {
  readonly client: BringupClient;
  readonly onShortcuts: () => void;
  readonly onJournal: (events: readonly RunEvent[]) => void;
}

const REFRESH_MS = 5000;

/** Sites and runs on this machine: who needs the engineer, what runs by itself, what is finished. */
export function HomePage({ client, onShortcuts, onJournal }: HomePageProps) {
  const { runs, error, reload } = useRuns(client);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const [opening, setOpening] = useState(false);
  const [journalError, setJournalError] = useState<string | null>(null);
  const now = useNow(true);
  const groups = groupSites(runs ?? []);
  const sites = groups.flatMap((group) => group.sites);
  const selected = sites.find((entry) => entry.site === chosen) ?? sites[0];
  const needing = groups.find((group) => group.kind === 'needs-you')?.sites.length ?? 0;

  const openJournal = (event: ChangeEvent<HTMLInputElement>): void => {
    const file = event.target.files?.[0];
    event.target.value = '';
    file
      ?.text()
      .then((content) => {
        onJournal(readJournal(content));
      })
      .catch((reason: unknown) => {
        setJournalError(reason instanceof Error ? reason.message : String(reason));
      });
  };
  return (
    <div className="frame">
      <header className="frame-head home-head">
        <p className="crumbs">
          <b className="site-name">{text.app}</b>
          <span className="quiet">{runs === undefined ? '' : text.siteCount(sites.length)}</span>
        </p>
        <div className="head-actions">
          <Button
            variant="secondary"
            onClick={() => {
              setOpening(true);
            }}
          >
            {text.openSiteFile}
          </Button>
          <Menu
            onShortcuts={onShortcuts}
            onJournal={() => {
              document.getElementById('journal-file')?.click();
            }}
          />
          <input
            id="journal-file"
            className="visually-hidden"
            type="file"
            accept=".jsonl,.json"
            aria-label={text.openJournal}
            tabIndex={-1}
            onChange={openJournal}
          />
        </div>
      </header>
      {error === null ? null : (
        <Notice kind="warning">
          {text.refreshFailed} {error}{' '}
          <Button variant="link" isInline onClick={reload}>
            {text.tryAgain}
          </Button>
        </Notice>
      )}
      {journalError === null ? null : (
        <Notice
          kind="warning"
          onClose={() => {
            setJournalError(null);
          }}
        >
          {journalError}
        </Notice>
      )}
      <main className="home" id="stage" tabIndex={-1}>
        <header className="home-title">
          <h1>{text.homeTitle}</h1>
          {needing === 0 ? null : (
            <p className="needs-you">
              <WarningIcon /> {text.needYou(needing)}
            </p>
          )}
        </header>
        {runs === undefined && error === null ? <p className="quiet">{text.loading}</p> : null}
        {runs?.length === 0 ? (
          <div className="empty-page">
            <h2>{text.emptyTitle}</h2>
            <p>{text.emptyBody}</p>
            <Button
              variant="primary"
              onClick={() => {
                setOpening(true);
              }}
            >
              {text.openSiteFile}
            </Button>
          </div>
        ) : null}
        {selected === undefined ? null : (
          <>
            <SiteTable groups={groups} selected={selected.site} now={now} onSelect={setChosen} />
            <RunList entry={selected} now={now} />
          </>
        )}
      </main>
      {opening ? (
        <OpenSite
          client={client}
          onClose={() => {
            setOpening(false);
          }}
        />
      ) : null}
    </div>
  );
}

function useRuns(client: BringupClient) {
  const [runs, setRuns] = useState<readonly RunSummary[] | undefined>(undefined);
  const [error, setError] = useState<string | null>(null);
  const reload = useCallback(() => {
    client.call('runs.list', {}).then(
      (answer) => {
        setRuns(answer.runs);
        setError(null);
      },
      (reason: unknown) => {
        setError(reason instanceof Error ? reason.message : String(reason));
      },
    );
  }, [client]);
  useEffect(() => {
    reload();
    const timer = setInterval(reload, REFRESH_MS);
    return () => {
      clearInterval(timer);
    };
  }, [reload]);
  return { runs, error, reload };
}
