import { Button } from '@patternfly/react-core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { BringupClient } from '../../src/contract/api.ts';
import { Notice } from '../components/Notice.tsx';
import { showLogs } from '../hooks/use-route.ts';
import { useShortcuts } from '../hooks/use-shortcuts.ts';
import { errorSentence } from '../state/error-sentence.ts';
import '../styles/logs.css';
import { logText } from '../text/logs.ts';
import { text } from '../text.ts';
import { canFollow, readFilter, writeFilter, type LogFilter } from './filter.ts';
import { LogEnd } from './LogEnd.tsx';
import { LogFilters } from './LogFilters.tsx';
import { LogHeader } from './LogHeader.tsx';
import { LogList } from './LogList.tsx';
import { LogPane } from './LogPane.tsx';
import { LogTrouble } from './LogTrouble.tsx';
import { useSiteLogs } from './use-site-logs.ts';

interface LogsPageProps {
  readonly client: BringupClient;
  /** The site file. */
  readonly file: string;
  /** The filter as the address has it. */
  readonly query: string;
  readonly onShortcuts: () => void;
}

/** Who types is not asked for at every letter. */
const TYPING_MS = 400;

/** The central logs of a site: the newest first, filtered, followed while the page is seen. Keyed by file. */
export function LogsPage({ client, file, query, onShortcuts }: LogsPageProps) {
  const filter = useMemo(() => readFilter(query), [query]);
  const [typed, setTyped] = useState(filter.text);
  const [asked, setAsked] = useState(filter.text);
  // An address that was gone to, by Back for instance, has its own text.
  if (asked !== filter.text) {
    setAsked(filter.text);
    setTyped(filter.text);
  }
  const [follow, setFollow] = useState(true);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const logs = useSiteLogs(client, file, filter, follow);
  const { list, error, older } = logs;
  const name = logs.site ?? nameOf(file);
  const following = canFollow(filter);
  const record = list?.records.find(({ id }) => id === chosen);
  useEffect(() => {
    document.title = `${name}: ${logText.title} - ${text.app}`;
  }, [name]);

  const typing = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(
    () => () => {
      clearTimeout(typing.current);
    },
    [],
  );
  const change = (next: LogFilter): void => {
    clearTimeout(typing.current);
    setTyped(next.text);
    showLogs(file, writeFilter(next));
  };
  const type = (said: string): void => {
    clearTimeout(typing.current);
    setTyped(said);
    typing.current = setTimeout(() => {
      showLogs(file, writeFilter({ ...filter, text: said }));
    }, TYPING_MS);
  };
  const onEnd = useCallback(() => {
    // A page without a message took its time: the next one is asked for by hand.
    if (list !== undefined && list.records.length > 0 && error === undefined) older();
  }, [list, error, older]);
  useShortcuts(
    useMemo(
      () => ({
        '/': () => document.getElementById('log-search')?.focus(),
        p: () => {
          setFollow((before) => !before);
        },
      }),
      [],
    ),
  );
  return (
    <div className="frame">
      <LogHeader
        {...{ name, logs, follow, onShortcuts }}
        canFollow={following && (list !== undefined || error === undefined)}
        onFollow={setFollow}
      />
      {error === undefined || list === undefined ? null : (
        <Notice kind="warning">
          {errorSentence(error)}{' '}
          <Button variant="link" isInline onClick={logs.again}>
            {logText.tryAgain}
          </Button>
        </Notice>
      )}
      <div className="logs">
        <main className="stage" id="stage" tabIndex={-1} aria-labelledby="logs-title">
          <header className="stage-head">
            <div className="stage-line">
              <h1 id="logs-title">{logText.title}</h1>
              <p className="stage-time" role="status">
                {list === undefined ? '' : logText.shown(list.records.length)}
              </p>
            </div>
            <LogFilters {...{ filter, typed, senders: logs.senders }} onFilter={change} onType={type} />
          </header>
          {list === undefined && error !== undefined ? (
            <LogTrouble error={error} file={file} onAgain={logs.again} />
          ) : (
            <LogList
              key={query}
              records={list?.records ?? []}
              chosen={chosen}
              onChoose={setChosen}
              onEnd={onEnd}
            >
              <LogEnd logs={logs} filtered={query !== ''} />
            </LogList>
          )}
        </main>
        <LogPane record={record} empty={list === undefined || list.records.length === 0} onFilter={change} />
      </div>
    </div>
  );
}

/** What a site is called before its file was read: the folder that the file is in. */
function nameOf(file: string): string {
  return file.split(/[\\/]/).at(-2) ?? file;
}
