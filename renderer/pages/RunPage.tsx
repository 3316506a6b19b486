import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { ApplyOptions, BringupClient } from '../../src/contract/api.ts';
import type { FailureRecord } from '../../src/contract/failure.ts';
import { CancelDialog } from '../components/CancelDialog.tsx';
import { EmptyRun } from '../components/EmptyRun.tsx';
import { FailureCard } from '../components/FailureCard.tsx';
import { Notice } from '../components/Notice.tsx';
import { NowCard } from '../components/NowCard.tsx';
import { RunHeader } from '../components/RunHeader.tsx';
import { StageView, type StageMode } from '../components/StageView.tsx';
import { Stepper } from '../components/Stepper.tsx';
import { clock } from '../format.ts';
import { useNow } from '../hooks/use-now.ts';
import { goToRun } from '../hooks/use-route.ts';
import { useShortcuts } from '../hooks/use-shortcuts.ts';
import { stageInFocus } from '../state/progress.ts';
import { createRunStore } from '../state/run-store.ts';
import { stageVerdict } from '../state/stage-line.ts';
import { text } from '../text.ts';

interface RunPageProps {
  readonly client: BringupClient;
  readonly run: string;
  readonly readOnly: boolean;
  readonly onShortcuts: () => void;
}

/** One run: follows it live, or shows it as it ended. Keyed by run and client, so neither changes while it is shown. */
export function RunPage({ client, run: id, readOnly, onShortcuts }: RunPageProps) {
  const [store] = useState(() => createRunStore(client, id));
  useEffect(() => store.open(), [store]);
  const { run, events, link } = useStore(store.store);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const [mode, setMode] = useState<StageMode>('tasks');
  const [asking, setAsking] = useState(false);
  const [notice, setNotice] = useState<string | null>(null);
  const running = run.status === 'running' || run.lastSeq === 0;
  const now = useNow((running && !readOnly) || !link.connected);
  const selected = chosen ?? stageInFocus(run);
  const stage = selected === undefined ? undefined : run.stages.get(selected);
  const focus = run.stages.get(stageInFocus(run) ?? '');
  const failed = [...run.stages.values()].find((entry) => entry.failures.length > 0);
  const current = [...run.stages.values()].find((entry) => entry.status === 'running');

  const explain = (error: unknown): void => {
    setNotice(error instanceof Error ? error.message : String(error));
  };
  const apply = (options: Omit<ApplyOptions, 'siteFile'>): void => {
    client.call('runs.apply', { siteFile: run.siteFile, ...options }).then((answer) => {
      goToRun(answer.run);
    }, explain);
  };
  const cancel = (): void => {
    setAsking(false);
    client.call('runs.cancel', { run: id }).then((answer) => {
      setNotice(answer.cancelled ? text.cancelled : text.notOurs);
    }, explain);
  };
  const keys = useMemo(
    () => runKeys([...run.stages.keys()], selected, failed?.id, mode, setChosen, setMode),
    [run.stages, selected, failed?.id, mode],
  );
  useShortcuts(keys);
  useEffect(() => {
    document.title = run.site === '' ? text.app : `${run.site}: ${text.status(run.status)} - ${text.app}`;
  }, [run.site, run.status]);

  const seenAt = (record: FailureRecord): string | undefined =>
    events.find((event) => event.kind === 'failure' && event.record.reference === record.reference)?.at;
  return (
    <div className="frame">
      <p className="visually-hidden" role="status">
        {focus === undefined ? '' : text.spoken(focus.title, stageVerdict(focus))}
      </p>
      <RunHeader
        run={run}
        link={link}
        now={now}
        readOnly={readOnly}
        onCancel={() => {
          setAsking(true);
        }}
        onAgain={() => {
          apply({});
        }}
        onShortcuts={onShortcuts}
      />
      {link.connected ? null : <Notice kind="warning">{text.lostBanner(clock(link.since))}</Notice>}
      {notice === null ? null : (
        <Notice
          kind="info"
          onClose={() => {
            setNotice(null);
          }}
        >
          {notice}
        </Notice>
      )}
      {stage === undefined ? (
        <EmptyRun run={id} />
      ) : (
        <div className="run">
          <Stepper run={run} selected={selected} now={now} onSelect={setChosen} />
          <StageView
            key={stage.id}
            run={run}
            stage={stage}
            events={events}
            mode={mode}
            now={now}
            onMode={setMode}
            onSelect={setChosen}
          />
          <aside className="pane" aria-label={text.whatNow}>
            {stage.failures.length > 0 ? (
              <FailureCard
                key={stage.id}
                stage={stage}
                seenAt={seenAt}
                onApply={readOnly || running ? undefined : apply}
              />
            ) : (
              <NowCard run={run} now={now} failed={failed} onSelect={setChosen} />
            )}
          </aside>
        </div>
      )}
      {asking ? (
        <CancelDialog
          stage={current?.title ?? ''}
          onCancel={cancel}
          onClose={() => {
            setAsking(false);
          }}
        />
      ) : null}
    </div>
  );
}

function runKeys(
  stages: readonly string[],
  selected: string | undefined,
  failed: string | undefined,
  mode: StageMode,
  choose: (stage: string) => void,
  setMode: (mode: StageMode) => void,
): Record<string, () => void> {
  const move = (step: number) => () => {
    const target = stages[stages.indexOf(selected ?? '') + step];
    if (target !== undefined) choose(target);
  };
  return {
    j: move(1),
    k: move(-1),
    f: () => {
      if (failed !== undefined) choose(failed);
    },
    c: () => {
      document.getElementById('copy-request')?.click();
    },
    l: () => {
      setMode(mode === 'log' ? 'tasks' : 'log');
    },
  };
}
