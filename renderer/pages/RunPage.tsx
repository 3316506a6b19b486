import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { BringupClient } from '../../src/contract/api.ts';
import type { RunState } from '../../src/runs/state.ts';
import { EmptyRun } from '../components/EmptyRun.tsx';
import { Notice } from '../components/Notice.tsx';
import { ReplayBar } from '../components/ReplayBar.tsx';
import { RunDialog } from '../components/RunDialog.tsx';
import { RunHeader } from '../components/RunHeader.tsx';
import { RunPane } from '../components/RunPane.tsx';
import { StageView } from '../components/StageView.tsx';
import { Stepper } from '../components/Stepper.tsx';
import { clock } from '../format.ts';
import { useNow } from '../hooks/use-now.ts';
import { goToLogs, goToRun } from '../hooks/use-route.ts';
import { useShortcuts } from '../hooks/use-shortcuts.ts';
import { siteWithLogs } from '../state/central-logs.ts';
import { errorSentence } from '../state/error-sentence.ts';
import { useNotifications } from '../state/notify.ts';
import { stageInFocus } from '../state/progress.ts';
import { canResume } from '../state/run-actions.ts';
import { runKeys, type StageMode } from '../state/run-keys.ts';
import { runMenu } from '../state/run-menu.ts';
import { createRunStore, type RunStore } from '../state/run-store.ts';
import { stageVerdict } from '../state/stage-line.ts';
import { useReplay } from '../state/use-replay.ts';
import { useRunControl } from '../state/use-run-control.ts';
import { useRunFacts } from '../state/use-run-facts.ts';
import { text } from '../text.ts';
import { runText } from '../text/run.ts';

interface RunPageProps {
  readonly client: BringupClient;
  readonly run: string;
  /** The run as somebody else reads it. */
  readonly read?: RunStore | undefined;
  readonly readOnly: boolean;
  readonly onShortcuts: () => void;
}

/** So many events take long enough to read that it is worth saying. */
const MANY = 20_000;

/** One run: follows it live, or shows it as it was at any moment. Keyed by run and client, so neither changes while it is shown. */
export function RunPage({ client, run: id, read, readOnly, onShortcuts }: RunPageProps) {
  const [store] = useState(() => read ?? createRunStore(client, id));
  useEffect(() => store.open(), [store]);
  const { run: told, waiting, link } = useStore(store.store);
  const { run, opened, refresh } = useRunFacts(client, told, id, link.connected);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const [mode, setMode] = useState<StageMode>('tasks');
  const [replaying, setReplaying] = useState(false);
  const [notice, setNotice] = useState<{ readonly said: string; readonly over: boolean } | null>(null);
  const replay = useReplay(store, run);
  const { ask: allowNotifications } = useNotifications(run, waiting === 0);
  const onlyWatched = readOnly || opened !== undefined;
  const over = run.lastSeq > 0 && (run.status !== 'running' || run.interrupted !== undefined);
  const locked = onlyWatched || replay.past !== undefined;
  const ticking = useNow(!over || !link.connected);
  const shown = replay.past ?? run;
  const now = replay.past === undefined ? ticking : replay.at;
  const control = useRunControl(client, id, (asked, cancelled) => {
    if (asked.kind === 'cancel') setNotice({ said: cancelled ? runText.stopping : text.notOurs, over });
    else setChosen(undefined);
    refresh();
  });
  const selected = chosen ?? stageInFocus(shown);
  const stage = selected === undefined ? undefined : shown.stages.get(selected);
  const failed = failedStage(shown);
  const logs = onlyWatched ? undefined : siteWithLogs(run);
  const keys = useMemo(
    () => runKeys([...shown.stages.keys()], selected, failed, mode, setChosen, setMode),
    [shown.stages, selected, failed, mode],
  );
  useShortcuts(keys);
  useEffect(() => {
    document.title = run.site === '' ? text.app : `${run.site}: ${text.status(run.status)} - ${text.app}`;
  }, [run.site, run.status]);
  const applyAgain = (): void => {
    client.call('runs.apply', { siteFile: run.siteFile }).then(
      (answer) => {
        goToRun(answer.run);
      },
      (error: unknown) => {
        setNotice({ said: errorSentence(error), over });
      },
    );
  };
  const showsReplay = over && waiting === 0 && (replaying || onlyWatched);
  return (
    <div className="frame">
      <p className="visually-hidden" role="status">
        {spokenOf(shown)}
      </p>
      <RunHeader
        run={shown}
        link={link}
        now={now}
        opened={opened}
        readOnly={onlyWatched}
        action={
          locked || run.started === ''
            ? undefined
            : !over
              ? control.cancelling
                ? { label: runText.stopNow, onPress: () => control.ask({ kind: 'cancel', now: true }) }
                : { label: text.cancelRun, onPress: () => control.ask({ kind: 'cancel', now: false }) }
              : canResume(run)
                ? { label: runText.resume, onPress: () => control.ask({ kind: 'resume', options: {} }) }
                : { label: text.runAgain, onPress: applyAgain }
        }
        menu={runMenu({
          run,
          stage,
          over,
          locked,
          ask: control.ask,
          onReplay: over && !onlyWatched && !replaying ? () => setReplaying(true) : undefined,
          onLogs: logs === undefined ? undefined : () => goToLogs(logs),
          onNotify: over ? undefined : allowNotifications,
        })}
        onShortcuts={onShortcuts}
      />
      {link.connected ? null : <Notice kind="warning">{text.lostBanner(clock(link.since))}</Notice>}
      {waiting > MANY ? <Notice kind="info">{runText.reading(waiting)}</Notice> : null}
      {notice === null || notice.over !== over ? null : (
        <Notice kind="info" onClose={() => setNotice(null)}>
          {notice.said}
        </Notice>
      )}
      {showsReplay ? (
        <ReplayBar
          replay={replay}
          stage={stage?.title}
          onClose={
            onlyWatched
              ? undefined
              : () => {
                  setReplaying(false);
                  replay.go(replay.to);
                }
          }
        />
      ) : null}
      {stage === undefined ? (
        <EmptyRun run={id} />
      ) : (
        <div className="run">
          <Stepper run={shown} selected={selected} now={now} onSelect={setChosen} />
          <StageView
            key={stage.id}
            run={shown}
            stage={stage}
            archive={store.archive}
            mode={mode}
            now={now}
            onMode={setMode}
            onSelect={setChosen}
          />
          <RunPane
            client={client}
            run={shown}
            stage={stage}
            archive={store.archive}
            now={now}
            ask={locked || !over ? undefined : control.ask}
            canProbe={!locked}
            logs={logs}
            onSelect={setChosen}
          />
        </div>
      )}
      {control.asked === undefined ? null : (
        <RunDialog
          run={run}
          asked={control.asked}
          busy={control.busy}
          refusal={control.refusal}
          onGo={control.decide}
          onClose={control.close}
        />
      )}
    </div>
  );
}

function failedStage(run: RunState): string | undefined {
  return [...run.stages.values()].find((entry) => entry.failures.length > 0)?.id;
}

function spokenOf(run: RunState): string {
  const focus = run.stages.get(stageInFocus(run) ?? '');
  return focus === undefined ? '' : text.spoken(focus.title, stageVerdict(focus));
}
