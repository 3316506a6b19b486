import { Checkbox, FormGroup, FormHelperText, Radio, TextArea } from '@patternfly/react-core';
import { useState } from 'react';
import type { RunState, StageState } from '../../src/runs/state.ts';
import type { GoOnOptions } from '../state/fix-action.ts';
import { resumeSentences, retryChoices, type Asked, type Decision } from '../state/run-actions.ts';
import { text } from '../text.ts';
import { rehearsalText } from '../text/rehearsal.ts';
import { runText } from '../text/run.ts';
import { AskDialog } from './AskDialog.tsx';

interface RunDialogProps {
  readonly run: RunState;
  readonly asked: Asked;
  readonly busy: boolean;
  readonly refusal: string | undefined;
  readonly onGo: (decision: Decision) => void;
  readonly onClose: () => void;
}

/** The dialog before a run is cancelled, resumed, retried, or a stage of it is skipped. */
export function RunDialog({ asked, ...props }: RunDialogProps) {
  const { run } = props;
  if (asked.kind === 'cancel') return <Cancel {...props} now={asked.now} />;
  if (asked.kind === 'resume') return <Resume {...props} options={asked.options} />;
  const stage = run.stages.get(asked.stage);
  if (stage === undefined) return null;
  return asked.kind === 'skip' ? (
    <Skip {...props} stage={stage} />
  ) : (
    <Retry {...props} stage={stage} options={asked.options} />
  );
}

type Props = Omit<RunDialogProps, 'asked'>;

function Cancel({ run, now, ...props }: Props & { readonly now: boolean }) {
  const running = [...run.stages.values()].filter(({ status }) => status === 'running');
  const titles = runText.names(running.map(({ title }) => title));
  const leaves = running.flatMap((stage) => stage.leaves ?? []);
  return (
    <AskDialog
      {...props}
      danger
      title={now ? runText.stopHardTitle : text.cancelTitle}
      action={now ? runText.stopNow : text.cancelRun}
      back={text.keepRunning}
      onGo={() => {
        props.onGo({});
      }}
    >
      <p>{now ? runText.stopHardBody(titles) : runText.stopSoftBody(titles)}</p>
      {leaves.map((entry) => (
        <p key={entry}>{runText.stopLeaves(entry)}</p>
      ))}
      <p>{runText.stopState}</p>
    </AskDialog>
  );
}

function Agreed({ options }: { readonly options: GoOnOptions }) {
  return (
    <>
      {options.confirm === true ? <p>{runText.withConfirm}</p> : null}
      {options.installMissing === true ? <p>{runText.withInstall}</p> : null}
      {options.acceptHostKey === undefined ? null : <p>{runText.withKey(options.acceptHostKey)}</p>}
    </>
  );
}

function Resume({ run, options, ...props }: Props & { readonly options: GoOnOptions }) {
  const [keepFault, setKeepFault] = useState(false);
  const { rehearsal } = run.choices ?? {};
  const canStay = rehearsal !== undefined && rehearsal.faults.length > 0 && rehearsal.keep_fault !== true;
  return (
    <AskDialog
      {...props}
      title={runText.resumeTitle}
      action={runText.resume}
      onGo={() => {
        props.onGo(keepFault ? { keepFault } : {});
      }}
    >
      <Agreed options={options} />
      {resumeSentences(run).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {canStay ? (
        <Checkbox
          id="keep-fault"
          label={rehearsalText.keepFault}
          description={rehearsalText.keepFaultHint}
          isChecked={keepFault}
          onChange={(_event, checked) => {
            setKeepFault(checked);
          }}
        />
      ) : null}
    </AskDialog>
  );
}

function Retry({ stage, options, ...props }: Props & { stage: StageState; options: GoOnOptions }) {
  const [choices] = useState(() => retryChoices(stage));
  const [chosen, choose] = useState(() => choices.find(({ refused }) => refused === undefined)?.kind);
  const choice = choices.find(({ kind }) => kind === chosen);
  return (
    <AskDialog
      {...props}
      title={runText.retryTitle(stage.title)}
      action={runText.retry}
      onGo={() => {
        props.onGo(choice === undefined ? {} : { choice });
      }}
    >
      <Agreed options={options} />
      <FormGroup role="radiogroup" label={runText.retryWhat} fieldId="retry-what" className="ask-choices">
        {choices.map(({ kind, title, body, refused }) => (
          <Radio
            key={kind}
            id={`retry-${kind}`}
            name="retry-what"
            label={title}
            description={refused ?? body}
            isDisabled={refused !== undefined}
            isChecked={kind === chosen}
            onChange={() => {
              choose(kind);
            }}
          />
        ))}
      </FormGroup>
      <p>{runText.retryState}</p>
    </AskDialog>
  );
}

function Skip({ stage, ...props }: Props & { readonly stage: StageState }) {
  const [reason, setReason] = useState('');
  return (
    <AskDialog
      {...props}
      title={runText.skipTitle(stage.title)}
      action={runText.skip}
      disabled={reason.trim() === ''}
      onGo={() => {
        props.onGo({ reason: reason.trim() });
      }}
    >
      <p>{runText.skipBody(stage.title)}</p>
      <FormGroup label={runText.skipReason} isRequired fieldId="skip-reason">
        <TextArea
          id="skip-reason"
          isRequired
          rows={2}
          value={reason}
          onChange={(_event, value) => {
            setReason(value);
          }}
        />
        <FormHelperText>{runText.skipReasonHint}</FormHelperText>
      </FormGroup>
      <p>{runText.skipState}</p>
    </AskDialog>
  );
}
