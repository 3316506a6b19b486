import { useCallback, useEffect, useMemo, useState } from 'react';
import type { BringupClient, KnownSite, RunSummary } from '../../src/contract/api.ts';
import { errorSentence } from '../state/error-sentence.ts';

const REFRESH_MS = 5000;
/** Site files are checked anew when they are listed, which a large one takes long enough for to do it less often. */
const EVERY = 6;

/** Runs and site files of this machine, read again every few seconds; `error` is a sentence while that fails. */
export function useSites(client: BringupClient) {
  const [runs, setRuns] = useState<readonly RunSummary[] | undefined>(undefined);
  const [known, setKnown] = useState<readonly KnownSite[] | undefined>(undefined);
  const [error, setError] = useState<string | null>(null);
  const explain = useCallback((reason: unknown) => {
    setError(errorSentence(reason));
  }, []);
  const readRuns = useCallback(() => {
    client.call('runs.list', {}).then((answer) => {
      setRuns(answer.runs);
      setError(null);
    }, explain);
  }, [client, explain]);
  const readSites = useCallback(() => {
    client.call('sites.list', {}).then((answer) => {
      setKnown(answer.sites);
    }, explain);
  }, [client, explain]);
  const reload = useCallback(() => {
    readRuns();
    readSites();
  }, [readRuns, readSites]);
  useEffect(() => {
    reload();
    let turn = 0;
    const timer = setInterval(() => {
      turn += 1;
      if (turn % EVERY === 0) reload();
      else readRuns();
    }, REFRESH_MS);
    return () => {
      clearInterval(timer);
    };
  }, [reload, readRuns]);
  // Shown together: a list that grows a moment later would move what the engineer is about to press.
  const found = useMemo(
    () => (runs === undefined || known === undefined ? undefined : { runs, known }),
    [runs, known],
  );
  return { found, error, reload };
}
