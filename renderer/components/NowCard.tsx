import { Button } from '@patternfly/react-core';
import type { RunState, StageState } from '../../src/runs/state.ts';
import { clock, moment } from '../format.ts';
import { runningTasks } from '../state/order.ts';
import { progressOf } from '../state/progress.ts';
import { endedEarly } from '../state/run-actions.ts';
import { text } from '../text.ts';
import { rehearsalText } from '../text/rehearsal.ts';
import { runText } from '../text/run.ts';
import { StatusWord } from './Status.tsx';
import { TaskProgress } from './TaskProgress.tsx';

interface NowCardProps {
  readonly run: RunState;
  readonly now: number;
  /** The stage that failed, when the open stage is another one. */
  readonly failed: StageState | undefined;
  readonly onSelect: (stage: string) => void;
}

/** The right pane when the open stage has no failure: what happens now, and the facts of the run. */
export function NowCard({ run, now, failed, onSelect }: NowCardProps) {
  const stage = [...run.stages.values()].find((entry) => entry.status === 'running');
  const task = stage === undefined ? undefined : runningTasks(stage).at(-1);
  return (
    <section className="card" aria-label={text.nowTitle}>
      <header className="card-head">
        <StatusWord status={run.status} />
        <span>{failed === undefined && run.status !== 'cancelled' ? text.nothingFailed : ''}</span>
      </header>
      <dl className="answers">
        <dt>{text.what}</dt>
        <dd className="answer-what">{task?.title ?? stage?.title ?? whatOf(run)}</dd>
        {stage === undefined ? null : (
          <>
            <dt>{text.where}</dt>
            <dd>
              <b>{text.runsOn(stage.runs_on)}</b>
              <p className="answer-place">{stage.title}</p>
            </dd>
          </>
        )}
        {task?.progress === undefined ? null : (
          <>
            <dt>{text.howFar}</dt>
            <dd>
              <TaskProgress brief task={task} />
            </dd>
          </>
        )}
        <dt>{text.whatNow}</dt>
        <dd>
          <p>{whatNow(run, stage, failed)}</p>
          {failed === undefined ? null : (
            <Button
              variant="primary"
              isBlock
              onClick={() => {
                onSelect(failed.id);
              }}
            >
              {text.showFailure}
            </Button>
          )}
        </dd>
      </dl>
      <Facts run={run} now={now} />
    </section>
  );
}

function whatOf(run: RunState): string {
  const until = endedEarly(run);
  if (until !== undefined) return runText.doneUpTo(until, run.choices?.left);
  return run.text ?? text.status(run.status);
}

function whatNow(run: RunState, stage: StageState | undefined, failed: StageState | undefined): string {
  if (failed !== undefined) return text.stoppedWhere(failed.title);
  const isRehearsal = run.choices?.rehearsal !== undefined;
  if (isRehearsal && run.status === 'running') return rehearsalText.runningNow;
  if (run.status === 'running') return stage?.runs_on === 'laptop' ? text.stayAttached : text.goOn;
  if (run.status !== 'ok' && run.status !== 'changed') return text.cancelledNow;
  if (isRehearsal) return rehearsalText.doneNow;
  const until = endedEarly(run);
  return until === undefined ? text.doneNow : runText.goOnBehind(until);
}

function Facts({ run, now }: { readonly run: RunState; readonly now: number }) {
  const progress = progressOf(run, now);
  const ends =
    run.status === 'running' && progress.expected !== undefined && progress.spent < progress.expected
      ? new Date(Date.parse(run.started) + progress.expected * 1000).toISOString()
      : undefined;
  const facts: [string, string][] = [
    [text.siteFile, run.siteFile],
    [text.runId, run.run],
    [text.started, moment(run.started, now)],
    ...(ends === undefined ? [] : [[text.ends, clock(ends).slice(0, 5)] as [string, string]]),
  ];
  return (
    <div className="facts">
      <h2>{text.runFacts}</h2>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{name === text.started || name === text.ends ? value : <code>{value}</code>}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
