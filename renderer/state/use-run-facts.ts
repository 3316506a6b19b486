import { useCallback, useEffect, useState } from 'react';
import type { BringupClient, RunSummary } from '../../src/contract/api.ts';
import type { RunState } from '../../src/runs/state.ts';

/** What the journal of a run does not say of itself. */
interface RunFacts {
  /** Name of the export it was read from; such a run can only be looked at. */
  readonly opened?: string;
  /** Why it has no end although nobody works on it. */
  readonly interrupted?: string;
  /** When this was found out, in milliseconds; an event that is newer disproves an interruption. */
  readonly at: number;
}

const ASK_AGAIN_MS = 20_000;

/** The run with what only the list of runs knows: that its process is gone, or that it was read from an export. */
export function useRunFacts(
  client: BringupClient,
  run: RunState,
  id: string,
  connected: boolean,
): { readonly run: RunState; readonly opened: string | undefined; readonly refresh: () => void } {
  const [facts, setFacts] = useState<RunFacts>({ at: 0 });
  const [asked, setAsked] = useState(0);
  const running = run.status === 'running';
  const seen = run.lastSeq > 0;
  useEffect(() => {
    if (!connected || !seen) return undefined;
    let open = true;
    client.call('runs.list', {}).then(
      ({ runs }) => {
        const found = runs.find((entry) => entry.run === id);
        if (open && found !== undefined) setFacts(factsOf(found));
      },
      // A file that is replayed has no list, and a lost link says so itself.
      () => undefined,
    );
    const timer = running ? setTimeout(() => setAsked((n) => n + 1), ASK_AGAIN_MS) : undefined;
    return () => {
      open = false;
      clearTimeout(timer);
    };
  }, [client, id, connected, seen, running, asked]);
  const refresh = useCallback(() => {
    setFacts(({ interrupted: _interrupted, ...rest }) => rest);
    setAsked((n) => n + 1);
  }, []);
  const newer = run.lastAt !== '' && Date.parse(run.lastAt) > facts.at;
  const left = running && run.interrupted === undefined && !newer ? facts.interrupted : undefined;
  return {
    run: left === undefined ? run : { ...run, interrupted: left },
    opened: facts.opened,
    refresh,
  };
}

function factsOf({ opened, interrupted }: RunSummary): RunFacts {
  return {
    at: Date.now(),
    ...(opened === undefined ? {} : { opened }),
    ...(interrupted === undefined ? {} : { interrupted }),
  };
}
