import { useEffect, useState } from 'react';
import type { ApplyOptions, BringupClient } from '../../../src/contract/api.ts';
import { EMPTY_RUN, reduceRun, type RunState } from '../../../src/runs/state.ts';

/** Id of the stage that checks the KVM host; a run that ends there changes nothing by itself. */
const PREFLIGHT = 'kvm-host-preflight';

/** The newest preflight of a site that was run alone, live. */
export interface Preflight {
  /** Its run, once one is known. */
  readonly run: string | undefined;
  readonly state: RunState;
  /** Why none could be started. */
  readonly error: Error | undefined;
  readonly start: (options?: Pick<ApplyOptions, 'acceptHostKey' | 'installMissing'>) => void;
}

/** Follows the newest run of this site that was to end at the preflight, and starts another one. */
export function usePreflight(client: BringupClient, siteFile: string, site: string): Preflight {
  const [run, setRun] = useState<string | undefined>(undefined);
  const [seen, setSeen] = useState({ run: '', state: EMPTY_RUN });
  const [error, setError] = useState<Error | undefined>(undefined);
  useEffect(() => {
    let current = true;
    client.call('runs.list', {}).then(
      ({ runs }) => {
        const last = runs.find(
          (one) => one.site === site && one.until === PREFLIGHT && one.opened === undefined,
        );
        if (current && last !== undefined) setRun((known) => known ?? last.run);
      },
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [client, site]);
  useEffect(() => {
    if (run === undefined) return undefined;
    return client.subscribe(run, 1, (events) => {
      setSeen((before) => {
        const state = before.run === run ? before.state : EMPTY_RUN;
        return {
          run,
          state: reduceRun(
            state,
            events.filter(({ seq }) => seq > state.lastSeq),
          ),
        };
      });
    });
  }, [client, run]);
  const start: Preflight['start'] = (options = {}) => {
    setError(undefined);
    client.call('runs.apply', { siteFile, until: PREFLIGHT, ...options }).then(
      (answer) => {
        setRun(answer.run);
      },
      (reason: unknown) => {
        setError(reason instanceof Error ? reason : new Error(String(reason)));
      },
    );
  };
  return { run, error, start, state: seen.run === run ? seen.state : EMPTY_RUN };
}
