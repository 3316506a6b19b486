import { Button, Checkbox, Radio, TextInput } from '@patternfly/react-core';
import { useId, useState } from 'react';
import type { CredentialSetInput } from '../../../src/contract/api.ts';
import { wizardText as text } from '../../text/wizard.ts';

interface CredentialFormProps {
  /** BMCs take a user name and a password, never a key. */
  readonly wantsUser: boolean;
  /** There is a value already, which stays until the new one has proved itself where that is asked for. */
  readonly replaces: boolean;
  readonly busy: boolean;
  readonly onStore: (credential: CredentialSetInput['credential'], prove: boolean) => Promise<void>;
}

/** Takes a password or a key file. What was typed leaves this page when it is stored, and is forgotten here. */
export function CredentialForm({ wantsUser, replaces, busy, onStore }: CredentialFormProps) {
  const id = useId();
  const [kind, setKind] = useState<'password' | 'key'>('password');
  const [username, setUsername] = useState('');
  const [secret, setSecret] = useState('');
  const [keyName, setKeyName] = useState('');
  const [prove, setProve] = useState(false);
  const missing = secret === '' || (wantsUser && username.trim() === '');
  const submit = (): void => {
    const user = username.trim() === '' ? {} : { username: username.trim() };
    const value = kind === 'password' ? { password: secret } : { privateKey: secret };
    setSecret('');
    setKeyName('');
    void onStore({ ...user, ...value }, prove);
  };
  return (
    <form
      className="credential-form"
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        if (!missing && !busy) submit();
      }}
    >
      <h3>{replaces ? text.replaceValue : text.giveValue}</h3>
      {wantsUser ? null : (
        <div className="choice-row" role="radiogroup" aria-label={text.kindOfValue}>
          {(['password', 'key'] as const).map((one) => (
            <Radio
              key={one}
              id={`${id}-${one}`}
              name={`${id}-kind`}
              label={text.kind[one]}
              isChecked={kind === one}
              onChange={() => {
                setKind(one);
                setSecret('');
                setKeyName('');
              }}
            />
          ))}
        </div>
      )}
      {wantsUser ? (
        <>
          <label htmlFor={`${id}-user`}>{text.user}</label>
          <TextInput
            id={`${id}-user`}
            value={username}
            autoComplete="off"
            onChange={(_event, value) => {
              setUsername(value);
            }}
          />
        </>
      ) : null}
      {kind === 'password' ? (
        <>
          <label htmlFor={`${id}-secret`}>{text.password}</label>
          <TextInput
            id={`${id}-secret`}
            type="password"
            value={secret}
            autoComplete="new-password"
            onChange={(_event, value) => {
              setSecret(value);
            }}
          />
        </>
      ) : (
        <>
          <label htmlFor={`${id}-key`}>{text.keyFile}</label>
          <input
            id={`${id}-key`}
            type="file"
            onChange={(event) => {
              const file = event.target.files?.[0];
              setKeyName(file?.name ?? '');
              void file?.text().then(setSecret);
            }}
          />
          <p className="quiet">{keyName === '' ? text.keyHint : text.keyRead(keyName)}</p>
        </>
      )}
      {replaces ? (
        <Checkbox
          id={`${id}-prove`}
          label={text.proveFirst}
          isChecked={prove}
          onChange={(_event, checked) => {
            setProve(checked);
          }}
        />
      ) : null}
      <Button variant="secondary" type="submit" isDisabled={missing || busy}>
        {replaces ? text.replace : text.store}
      </Button>
    </form>
  );
}
