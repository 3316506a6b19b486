import { Button } from '@patternfly/react-core';
import { useState } from 'react';
import type {
  BringupClient,
  CredentialSetInput,
  CredentialTarget,
  WantedCredential,
} from '../../../src/contract/api.ts';
import { toErrorData } from '../../../src/contract/errors.ts';
import { wizardText as text } from '../../text/wizard.ts';
import { CredentialForm } from './CredentialForm.tsx';
import { TestResult } from './TestResult.tsx';
import { wantsUser, usersOf } from './wanted.ts';

interface CredentialPaneProps {
  readonly client: BringupClient;
  readonly file: string;
  readonly wanted: WantedCredential;
  /** The store holds something else now. */
  readonly onChanged: () => Promise<void>;
}

type Outcome =
  | { readonly kind: 'said'; readonly text: string; readonly bad: boolean; readonly hint?: string }
  | { readonly kind: 'tried'; readonly targets: readonly CredentialTarget[]; readonly kept?: boolean };

/** One credential: give it a value, try it at the machines that use it, or delete it. */
export function CredentialPane({ client, file, wanted, onChanged }: CredentialPaneProps) {
  const { name, uses, stored } = wanted;
  const [busy, setBusy] = useState<string | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const run = (doing: string, job: () => Promise<Outcome>): Promise<void> => {
    setBusy(doing);
    setOutcome(null);
    return job()
      .catch((thrown: unknown): Outcome => {
        const { message, hint } = toErrorData(thrown);
        return { kind: 'said', text: message, bad: true, ...(hint === undefined ? {} : { hint }) };
      })
      .then(async (done) => {
        setOutcome(done);
        setBusy(null);
        await onChanged();
      });
  };
  const test = (accept: readonly string[] = []): void => {
    void run(text.testing, async () => {
      const { targets } = await client.call('credentials.test', { name, file, accept });
      return { kind: 'tried', targets };
    });
  };
  const store = (credential: CredentialSetInput['credential'], prove: boolean): Promise<void> =>
    run(prove ? text.proving : text.storing, async () => {
      const answer = await client.call('credentials.set', {
        name,
        credential,
        ...(prove ? { prove: { file } } : {}),
      });
      return answer.targets === undefined
        ? { kind: 'said', text: text.storedNow(name), bad: false }
        : { kind: 'tried', targets: answer.targets, kept: answer.stored };
    });
  const remove = (): void => {
    void run(text.deleting, async () => {
      await client.call('credentials.delete', { name });
      return { kind: 'said', text: text.deletedNow(name), bad: false };
    });
  };
  return (
    <aside className="pane credential-pane" aria-label={text.credentialOf(name)}>
      <header className="pane-head">
        <h2>{name}</h2>
        <span className="quiet">{usersOf(uses)}</span>
      </header>
      <CredentialForm
        wantsUser={wantsUser(uses)}
        replaces={stored !== undefined}
        busy={busy !== null}
        onStore={store}
      />
      {stored === undefined ? null : (
        <div className="pane-actions">
          <Button
            variant="secondary"
            isDisabled={busy !== null}
            onClick={() => {
              test();
            }}
          >
            {text.testCredential}
          </Button>
          <Button variant="link" isInline isDanger isDisabled={busy !== null} onClick={remove}>
            {text.deleteCredential(name)}
          </Button>
        </div>
      )}
      <div role="status">
        {busy === null ? null : <p className="quiet">{busy}</p>}
        {outcome?.kind === 'said' ? (
          <p className={outcome.bad ? 'bad' : undefined}>
            {outcome.text} {outcome.hint === undefined ? null : <span className="quiet">{outcome.hint}</span>}
          </p>
        ) : null}
      </div>
      {outcome?.kind === 'tried' ? (
        <TestResult
          targets={outcome.targets}
          {...(outcome.kept === undefined ? {} : { kept: outcome.kept })}
          onAccept={(fingerprint) => {
            test([fingerprint]);
          }}
        />
      ) : null}
    </aside>
  );
}
