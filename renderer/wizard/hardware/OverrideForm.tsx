import { Button, FormSelect, FormSelectOption, Radio, TextInput } from '@patternfly/react-core';
import { useId, useState, type ReactNode, type SyntheticEvent } from 'react';
import { prepareText as text } from '../../text/prepare.ts';
import { PrimaryButton } from '../components/PrimaryButton.tsx';
import { ErrorNote } from './ErrorNote.tsx';
import type { ProfileRow } from './profile-rows.ts';

interface OverrideFormProps {
  readonly row: ProfileRow;
  readonly profiles: readonly string[];
  readonly onOverride: (profile: string, reason: string) => Promise<void>;
  readonly onAutomatic: () => Promise<void>;
  /** What else can be done about the host. */
  readonly children: ReactNode;
}

/** The engineer's own choice of a profile: open where a decision is needed, and never without a reason. */
export function OverrideForm({ row, profiles, onOverride, onAutomatic, children }: OverrideFormProps) {
  const { host, match, state } = row;
  const tied = match.tied ?? [];
  const [open, setOpen] = useState(state === 'tie');
  const [profile, setProfile] = useState(state === 'overridden' ? (match.profile ?? '') : '');
  const [reason, setReason] = useState(host.profileReason ?? '');
  const [error, setError] = useState<Error | undefined>(undefined);
  const id = useId();
  const act = (work: Promise<void>): void => {
    work.then(
      () => {
        setOpen(false);
      },
      (thrown: unknown) => {
        setError(thrown instanceof Error ? thrown : new Error(String(thrown)));
      },
    );
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    act(onOverride(profile, reason.trim()));
  };
  if (!open)
    return (
      <div className="finding-actions">
        <PrimaryButton
          rank={state === 'none' ? 'work' : undefined}
          onClick={() => {
            setOpen(true);
          }}
        >
          {state === 'none' || state === 'unknown'
            ? text.chooseProfile
            : state === 'overridden'
              ? text.changeOverride
              : text.override}
        </PrimaryButton>
        {state === 'overridden' || host.profile !== 'auto' ? (
          <Button
            variant="link"
            isInline
            onClick={() => {
              act(onAutomatic());
            }}
          >
            {text.backToAuto}
          </Button>
        ) : (
          children
        )}
        {error === undefined ? null : <ErrorNote error={error} />}
      </div>
    );
  return (
    <form className="override" onSubmit={submit}>
      {state === 'tie' ? (
        <fieldset>
          <legend>{text.decideTie}</legend>
          {tied.map((name) => (
            <Radio
              key={name}
              id={`${id}-${name}`}
              name={id}
              label={name}
              isChecked={profile === name}
              onChange={() => {
                setProfile(name);
              }}
            />
          ))}
        </fieldset>
      ) : (
        <>
          <label htmlFor={`${id}-profile`}>{text.profile}</label>
          <FormSelect
            id={`${id}-profile`}
            value={profile}
            onChange={(_event, value) => {
              setProfile(value);
            }}
          >
            <FormSelectOption value="" label={text.chooseProfile} isDisabled />
            {profiles.map((name) => (
              <FormSelectOption key={name} value={name} label={name} />
            ))}
          </FormSelect>
        </>
      )}
      <label htmlFor={`${id}-reason`}>{text.reason}</label>
      <TextInput
        id={`${id}-reason`}
        value={reason}
        placeholder={text.reasonHint}
        onChange={(_event, value) => {
          setReason(value);
        }}
      />
      <div className="finding-actions">
        <PrimaryButton rank="work" type="submit" isDisabled={profile === '' || reason.trim() === ''}>
          {text.saveOverride(profile)}
        </PrimaryButton>
        {state === 'tie' ? (
          children
        ) : (
          <Button
            variant="link"
            onClick={() => {
              setOpen(false);
            }}
          >
            {text.cancel}
          </Button>
        )}
      </div>
      {error === undefined ? null : <ErrorNote error={error} />}
    </form>
  );
}
