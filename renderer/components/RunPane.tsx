import type { BringupClient } from '../../src/contract/api.ts';
import type { RunState, StageState } from '../../src/runs/state.ts';
import type { Archive } from '../state/archive.ts';
import { logsOfFailure } from '../state/central-logs.ts';
import { canSkip, type Asked } from '../state/run-actions.ts';
import { text } from '../text.ts';
import { FailureCard } from './FailureCard.tsx';
import { NowCard } from './NowCard.tsx';

interface RunPaneProps {
  readonly client: BringupClient;
  readonly run: RunState;
  readonly stage: StageState;
  readonly archive: Archive;
  readonly now: number;
  /** Asks before something is done; undefined while nothing can be. */
  readonly ask: ((asked: Asked) => void) | undefined;
  readonly canProbe: boolean;
  /** The site file whose central logs can be looked at. */
  readonly logs: string | undefined;
  readonly onSelect: (stage: string) => void;
}

/** The right pane: the failure of the open stage, or what happens now. */
export function RunPane({ client, run, stage, archive, now, ask, canProbe, logs, onSelect }: RunPaneProps) {
  const failed = [...run.stages.values()].find((entry) => entry.failures.length > 0);
  const { id } = stage;
  const acts =
    ask === undefined
      ? undefined
      : {
          retry: (options: Extract<Asked, { kind: 'retry' }>['options']) => {
            ask({ kind: 'retry', stage: id, options });
          },
          resume: (options: Extract<Asked, { kind: 'resume' }>['options']) => {
            ask({ kind: 'resume', options });
          },
          ...(canSkip(run, stage)
            ? {
                skip: () => {
                  ask({ kind: 'skip', stage: id });
                },
              }
            : {}),
        };
  return (
    <aside className="pane" aria-label={text.whatNow}>
      {stage.failures.length > 0 ? (
        <FailureCard
          key={id}
          stage={stage}
          logsOf={logs === undefined ? undefined : (record, at) => logsOfFailure(logs, record, at)}
          seenAt={({ reference }) => archive.failureAt(reference)}
          acts={acts}
          probe={
            canProbe
              ? ({ reference }) => client.call('vantage.probe', { run: run.run, reference })
              : undefined
          }
        />
      ) : (
        <NowCard run={run} now={now} failed={failed} onSelect={onSelect} />
      )}
    </aside>
  );
}
