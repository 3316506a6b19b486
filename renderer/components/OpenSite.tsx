import { Button, Modal, ModalBody, ModalFooter, ModalHeader, TextInput } from '@patternfly/react-core';
import { useState, type SyntheticEvent } from 'react';
import type { BringupClient, ValidateResult } from '../../src/contract/api.ts';
import { goToRun } from '../hooks/use-route.ts';
import { text } from '../text.ts';
import { StatusWord } from './Status.tsx';

interface OpenSiteProps {
  readonly client: BringupClient;
  readonly onClose: () => void;
}

/** Names a site file, checks it, and starts a run only when it is valid. */
export function OpenSite({ client, onClose }: OpenSiteProps) {
  const [file, setFile] = useState('');
  const [result, setResult] = useState<ValidateResult | null>(null);
  const [error, setError] = useState<string | null>(null);
  const explain = (reason: unknown): void => {
    setError(reason instanceof Error ? reason.message : String(reason));
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setError(null);
    if (result?.ok === true) {
      client.call('runs.apply', { siteFile: file }).then((answer) => {
        goToRun(answer.run);
      }, explain);
      return;
    }
    client.call('site.validate', { file }).then(setResult, explain);
  };
  return (
    <Modal isOpen variant="medium" onClose={onClose} aria-labelledby="open-title">
      <ModalHeader title={text.openSiteFile} labelId="open-title" />
      <ModalBody>
        <form id="open-form" className="open-site" onSubmit={submit}>
          <label htmlFor="site-path">{text.sitePath}</label>
          <TextInput
            id="site-path"
            value={file}
            aria-describedby="site-hint"
            onChange={(_event, value) => {
              setFile(value);
              setResult(null);
            }}
          />
          <p id="site-hint" className="quiet">
            {text.sitePathHint}
          </p>
        </form>
        <div role="status">
          {error === null ? null : <StatusWord status="failed">{error}</StatusWord>}
          {result === null ? null : <Verdict result={result} />}
        </div>
      </ModalBody>
      <ModalFooter>
        <Button variant="primary" type="submit" form="open-form" isDisabled={file.trim() === ''}>
          {result?.ok === true ? text.startRun : text.check}
        </Button>
        <Button variant="link" onClick={onClose}>
          {text.close}
        </Button>
      </ModalFooter>
    </Modal>
  );
}

function Verdict({ result }: { readonly result: ValidateResult }) {
  const errors = result.problems.filter((problem) => problem.severity === 'error').length;
  return (
    <>
      <StatusWord status={result.ok ? 'ok' : 'failed'}>
        {result.ok ? text.siteOk : text.siteBad(errors)}
      </StatusWord>
      <ul className="problems">
        {result.problems.map((problem) => (
          <li key={`${problem.path} ${problem.code} ${problem.line}`}>
            <span className={problem.severity === 'error' ? 'bad' : 'warn'}>{problem.severity}</span>{' '}
            {text.at(problem.line, problem.column)}: {problem.message}
            {problem.hint === undefined ? null : <span className="quiet block">{problem.hint}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}
