import { Button, TextInput } from '@patternfly/react-core';
import { useId, useState } from 'react';
import type { BringupClient } from '../../../src/contract/api.ts';
import { toErrorData, type ErrorData } from '../../../src/contract/errors.ts';
import { WarningIcon } from '../../components/icons.ts';
import { wizardText as text } from '../../text/wizard.ts';

interface NoStoreProps {
  readonly client: BringupClient;
  readonly error: ErrorData;
  readonly onAgain: () => void;
}

/** No keychain answers: what can be done about that, and the encrypted file that can take its place. */
export function NoStore({ client, error, onAgain }: NoStoreProps) {
  const id = useId();
  const [passphrase, setPassphrase] = useState('');
  const [refused, setRefused] = useState<ErrorData | null>(null);
  const sealed = error.code === 'CREDENTIALS_SEALED';
  const choose = (): void => {
    const given = passphrase;
    setPassphrase('');
    client.call('credentials.store', { use: 'file', passphrase: given }).then(onAgain, (thrown: unknown) => {
      setRefused(toErrorData(thrown));
    });
  };
  return (
    <section className="no-store">
      <div role="alert">
        <h2>
          <WarningIcon /> {sealed ? text.sealedStore : text.noStore}
        </h2>
        <p>
          {error.message} {error.hint}
        </p>
      </div>
      <Button variant="secondary" onClick={onAgain}>
        {text.trySaving}
      </Button>
      <form
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          if (passphrase !== '') choose();
        }}
      >
        <h3>{sealed ? text.openFile : text.encryptedFile}</h3>
        <p>{text.encryptedFileBody}</p>
        <label htmlFor={`${id}-phrase`}>{text.passphrase}</label>
        <TextInput
          id={`${id}-phrase`}
          type="password"
          autoComplete="new-password"
          value={passphrase}
          onChange={(_event, value) => {
            setPassphrase(value);
          }}
        />
        <p role="alert" className="bad">
          {refused === null ? null : `${refused.message} ${refused.hint ?? ''}`}
        </p>
        <Button variant="secondary" type="submit" isDisabled={passphrase === ''}>
          {sealed ? text.openFile : text.useFile}
        </Button>
      </form>
    </section>
  );
}
