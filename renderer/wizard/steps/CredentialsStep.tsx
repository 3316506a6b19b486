import { Button } from '@patternfly/react-core';
import { useCallback, useEffect, useState } from 'react';
import type { CredentialList } from '../../../src/contract/api.ts';
import { toErrorData, type ErrorData } from '../../../src/contract/errors.ts';
import { wizardText as text } from '../../text/wizard.ts';
import { CredentialPane } from '../credentials/CredentialPane.tsx';
import { CredentialTable } from '../credentials/CredentialTable.tsx';
import { NoStore } from '../credentials/NoStore.tsx';
import { nameWanted } from '../credentials/wanted.ts';
import type { StepProps } from '../types.ts';

/** The names that the site file wants and which of them have a value. Values go in here and never come back. */
export function CredentialsStep({ client, model, focus }: StepProps) {
  const [list, setList] = useState<CredentialList | null>(null);
  const [error, setError] = useState<ErrorData | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const { file, document } = model;
  const load = useCallback(
    () =>
      client.call('credentials.list', { file }).then(
        (answer) => {
          setList(answer);
          setError(null);
        },
        (thrown: unknown) => {
          setError(toErrorData(thrown));
        },
      ),
    [client, file],
  );
  useEffect(() => {
    void load();
  }, [load, document]);
  if (error !== null)
    return (
      <div className="step-main">
        <NoStore client={client} error={error} onAgain={() => void load()} />
      </div>
    );
  if (list === null) return <p className="step-main quiet">{text.readingStore}</p>;
  const wanted = list.wanted ?? [];
  const selected =
    wanted.find(({ name }) => name === (chosen ?? nameWanted(wanted, focus))) ??
    wanted.find(({ stored, problem }) => stored === undefined || problem !== undefined) ??
    wanted[0];
  const others = list.credentials.filter(({ name }) => !wanted.some((one) => one.name === name));
  return (
    <>
      <div className="step-main">
        <p className="quiet store-line">{text.storedIn(list.store)}</p>
        {wanted.length === 0 ? (
          <p>{text.nothingWanted}</p>
        ) : (
          <CredentialTable wanted={wanted} selected={selected?.name} onSelect={setChosen} />
        )}
        {others.length === 0 ? null : (
          <details className="other-names">
            <summary>{text.otherNames(others.length)}</summary>
            <ul>
              {others.map(({ name, kind }) => (
                <li key={name}>
                  <code>{name}</code> <span className="quiet">{text.kind[kind]}</span>
                  <Button
                    variant="link"
                    isInline
                    onClick={() => {
                      client.call('credentials.delete', { name }).then(load, (thrown: unknown) => {
                        setError(toErrorData(thrown));
                      });
                    }}
                  >
                    {text.deleteCredential(name)}
                  </Button>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
      {selected === undefined ? null : (
        <CredentialPane
          key={selected.name}
          client={client}
          file={file}
          wanted={selected}
          onChanged={() => {
            // What was done to this one is told beside it, so the next one that lacks a value does not take its place.
            setChosen(selected.name);
            return load();
          }}
        />
      )}
    </>
  );
}
