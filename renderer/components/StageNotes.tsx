import { useState } from 'react';
import type { InputChange } from '../../src/contract/events.ts';
import type { AttemptState, StageState } from '../../src/runs/state.ts';
import { clock } from '../format.ts';
import { text } from '../text.ts';
import { runText } from '../text/run.ts';
import { FoldButton } from './FoldButton.tsx';
import { InfoIcon, WarningIcon } from './icons.ts';
import { StatusWord } from './Status.tsx';

/** What a person should know of a stage beside its tasks: warnings, what it left out, why it is stale or overridden, earlier attempts. */
export function StageNotes({ stage }: { readonly stage: StageState }) {
  const warnings = [
    ...stage.warnings.map((warning) => warning.text),
    ...(stage.goes_on === true ? [runText.goesOn] : []),
    ...(stage.stale === undefined || stage.status !== 'stale' ? [] : [runText.stale(stage.stale.why)]),
    ...(stage.overridden === undefined ? [] : [runText.overridden(stage.overridden)]),
    ...unlessTold(stage, 'hosts-left-out', stage.left_out, runText.leftOut),
    ...unlessTold(stage, 'hosts-failed', stage.failed_hosts, runText.failedAside),
  ];
  const facts = [
    ...(stage.only_hosts === undefined ? [] : [runText.onlyHosts(stage.only_hosts)]),
    ...(stage.from_task === undefined ? [] : [runText.fromTask(stage.from_task)]),
    ...(stage.tag === undefined ? [] : [runText.onlyTag(stage.tag)]),
  ];
  const changes = stage.status === 'stale' ? (stage.stale?.changes ?? []) : [];
  if (warnings.length + facts.length + stage.attempts.length === 0) return null;
  return (
    <div className="stage-notes">
      {warnings.map((warning) => (
        <p key={warning} className="stage-note">
          <WarningIcon />
          <span>{warning}</span>
        </p>
      ))}
      {changes.length === 0 ? null : (
        <ul className="stage-changes">
          {changes.map((change) => (
            <li key={change.path}>
              <code>{changeText(change)}</code>
            </li>
          ))}
        </ul>
      )}
      {facts.map((fact) => (
        <p key={fact} className="stage-note stage-fact">
          <InfoIcon />
          <span>{fact}</span>
        </p>
      ))}
      {stage.attempts.length === 0 ? null : <Attempts attempts={stage.attempts} newest={stage.attempt} />}
    </div>
  );
}

/** A journal tells hosts that are missing by a warning; only an older one leaves that to the field alone. */
function unlessTold(
  stage: StageState,
  code: StageState['warnings'][number]['code'],
  hosts: readonly string[] | undefined,
  say: (hosts: readonly string[]) => string,
): string[] {
  if (hosts === undefined || hosts.length === 0) return [];
  return stage.warnings.some((warning) => warning.code === code) ? [] : [say(hosts)];
}

function changeText({ path, from, to }: InputChange): string {
  const written = (value: unknown): string | undefined =>
    value === undefined ? undefined : JSON.stringify(value);
  return runText.changedInput(path, written(from), written(to));
}

interface AttemptsProps {
  readonly attempts: readonly AttemptState[];
  /** Number of the attempt that the stage shows. */
  readonly newest: number;
}

function Attempts({ attempts, newest }: AttemptsProps) {
  const [open, setOpen] = useState(false);
  return (
    <div className="attempts">
      <FoldButton
        open={open}
        onToggle={() => {
          setOpen(!open);
        }}
      >
        {runText.earlierAttempts(newest, attempts.length)}
      </FoldButton>
      {open ? (
        <ol>
          {attempts.map((attempt) => (
            <li key={attempt.attempt}>
              <b>{runText.attempt(attempt.attempt)}</b>
              <StatusWord quiet status={attempt.status} />
              <span className="attempt-when">{whenOf(attempt)}</span>
              <span className="attempt-said">
                {attempt.failures.length === 0
                  ? attempt.text
                  : attempt.failures.map(({ reference, what, why }) => (
                      <span key={reference} className="block">
                        {what}. {why.summary} <code>{reference}</code>
                      </span>
                    ))}
                {scopeOf(attempt)}
              </span>
            </li>
          ))}
        </ol>
      ) : null}
    </div>
  );
}

function whenOf({ started, finished }: AttemptState): string {
  if (started === undefined) return '';
  return finished === undefined ? text.since(clock(started)) : text.between(clock(started), clock(finished));
}

function scopeOf({ only_hosts: hosts, from_task: task, tag }: AttemptState) {
  const parts = [
    ...(hosts === undefined ? [] : [runText.attemptOnly(hosts)]),
    ...(task === undefined ? [] : [runText.attemptFrom(task)]),
    ...(tag === undefined ? [] : [runText.attemptTag(tag)]),
  ];
  return parts.length === 0 ? null : <span className="block quiet">{parts.join(', ')}</span>;
}
