import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { BringupClient } from '../../src/contract/api.ts';
import { BringupError } from '../../src/contract/errors.ts';
import type { LogPage, LogQuestion, LogSender } from '../../src/contract/logs.ts';
import { canFollow, questionOf, type LogFilter } from './filter.ts';
import { firstOf, newerThan, withNewer, withOlder, type LogList } from './list.ts';

const PAGE = 200;
/** Between two looks for newer ones, and after one that failed. */
const PAUSE_MS = { usual: 3000, failed: 15_000 } as const;
/** What passes by itself: everything else would be the same the next time, and a refused password must not be tried again. */
const PASSES = new Set(['SSH_UNREACHABLE', 'SSH_TIMEOUT', 'SSH_CLOSED', 'SSH_REFUSED', 'REMOTE_TIMEOUT']);

/** What is known of the central logs of a site, for one filter. */
export interface SiteLogs {
  /** Absent until the first page has come. */
  readonly list: LogList | undefined;
  /** Its name, once it has answered. */
  readonly site: string | undefined;
  readonly senders: readonly LogSender[];
  readonly error: Error | undefined;
  /** It is being asked for the first page, or for older ones. */
  readonly busy: boolean;
  /** New messages are asked for every few seconds, while the page is seen. */
  readonly following: boolean;
  readonly older: () => void;
  readonly again: () => void;
}

interface Found {
  readonly key: string;
  readonly list?: LogList;
  readonly error?: Error;
  readonly busy?: boolean;
}

/** Asks for the central logs of a site: the newest, older ones on demand, and newer ones while `follow`. */
export function useSiteLogs(
  client: BringupClient,
  file: string,
  filter: LogFilter,
  follow: boolean,
): SiteLogs {
  const [attempt, setAttempt] = useState(0);
  const [known, setKnown] = useState<Pick<LogPage, 'site' | 'senders'>>();
  const key = JSON.stringify([file, filter, attempt]);
  const [found, setFound] = useState<Found>({ key: '' });
  const now = found.key === key ? found : { key };
  const list = now.list;

  useEffect(() => {
    const asked = ask(client, questionOf(file, filter, Date.now()));
    const stop = asked.listen(
      (page) => {
        setKnown(page);
        setFound({ key, list: firstOf(page) });
      },
      (error) => {
        setFound({ key, error });
      },
    );
    return stop;
  }, [client, file, filter, key]);

  const listed = useRef(list);
  useEffect(() => {
    listed.current = list;
  });
  const followed = follow && canFollow(filter) && list !== undefined && mayGoOn(now.error);
  useEffect(() => {
    if (!followed) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stop: (() => void) | undefined;
    const look = (): void => {
      if (document.visibilityState === 'hidden') return next(PAUSE_MS.usual);
      const since = listed.current && newerThan(listed.current);
      const asked = ask(client, {
        ...questionOf(file, filter, Date.now()),
        ...(since === undefined ? {} : { since }),
      });
      stop = asked.listen(
        (page) => {
          setFound(({ error: _error, ...before }) => changed(before, key, (shown) => withNewer(shown, page)));
          next(PAUSE_MS.usual);
        },
        (error) => {
          setFound((before) => (before.key === key ? { ...before, error } : before));
          next(PAUSE_MS.failed);
        },
      );
    };
    const next = (pause: number): void => {
      timer = setTimeout(look, pause);
    };
    next(PAUSE_MS.usual);
    return () => {
      clearTimeout(timer);
      stop?.();
    };
  }, [client, file, filter, key, followed]);

  const before = list?.before;
  const busy = now.busy === true;
  const older = useCallback(() => {
    if (before === undefined || busy) return;
    setFound((was) => (was.key === key ? { ...was, busy: true } : was));
    ask(client, { ...questionOf(file, filter, Date.now()), before }).listen(
      (page) => {
        setFound(({ busy: _busy, error: _error, ...was }) =>
          changed(was, key, (shown) => withOlder(shown, page)),
        );
      },
      (error) => {
        setFound(({ busy: _busy, ...was }) => (was.key === key ? { ...was, error } : was));
      },
    );
  }, [client, file, filter, key, before, busy]);
  const again = useCallback(() => {
    setAttempt((n) => n + 1);
  }, []);
  return useMemo(
    () => ({
      ...{ list, site: known?.site, senders: known?.senders ?? [] },
      ...{ error: now.error, older, again, following: followed },
      busy: busy || (list === undefined && now.error === undefined),
    }),
    [list, known, now.error, older, again, followed, busy],
  );
}

function changed(before: Found, key: string, change: (list: LogList) => LogList): Found {
  return before.key === key && before.list !== undefined ? { ...before, list: change(before.list) } : before;
}

function mayGoOn(error: Error | undefined): boolean {
  return error === undefined || (error instanceof BringupError && PASSES.has(error.code));
}

/** One search; who stops to listen calls it off. */
function ask(client: BringupClient, question: LogQuestion) {
  const name = `${Date.now()}-${Math.random()}`;
  const answer = client.call('logs.search', { limit: PAGE, ...question, name });
  return {
    listen(onPage: (page: LogPage) => void, onError: (error: Error) => void): () => void {
      let over = false;
      const done = (): boolean => {
        const was = over;
        over = true;
        return !was;
      };
      answer.then(
        (page) => {
          if (done()) onPage(page);
        },
        (reason: unknown) => {
          if (done()) onError(reason instanceof Error ? reason : new Error(String(reason)));
        },
      );
      return () => {
        if (done()) client.call('logs.cancel', { name }).catch(() => undefined);
      };
    },
  };
}
