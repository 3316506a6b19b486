import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import type { BringupClient } from '../../src/contract/api.ts';
import { errorSentence } from '../state/error-sentence.ts';
import { homeText } from '../text/home.ts';
import { CopyButton } from './CopyButton.tsx';
import { StatusWord } from './Status.tsx';

interface ShareDialogProps {
  readonly client: BringupClient;
  readonly run: string;
  readonly onClose: () => void;
}

/** Gives the link with which a second person watches a run, says what it allows, and ends it. */
export function ShareDialog({ client, run, onClose }: ShareDialogProps) {
  const [url, setUrl] = useState<string | null>(null);
  const [ended, setEnded] = useState(false);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    client.call('runs.share', { run }).then(
      (shared) => {
        setUrl(shared.url);
      },
      (reason: unknown) => {
        setError(errorSentence(reason));
      },
    );
  }, [client, run]);
  const end = (): void => {
    client.call('runs.share', { run, end: true }).then(
      () => {
        setUrl(null);
        setEnded(true);
      },
      (reason: unknown) => {
        setError(errorSentence(reason));
      },
    );
  };
  return (
    <Modal isOpen variant="medium" onClose={onClose} aria-labelledby="share-title">
      <ModalHeader title={homeText.shareTitle} labelId="share-title" />
      <ModalBody>
        <p>{homeText.shareBody}</p>
        {url === null ? null : (
          <p className="share-link">
            <code>{url}</code>
            <CopyButton value={url} label={homeText.copyLink} variant="primary" />
          </p>
        )}
        <p className="quiet">{ended ? '' : homeText.shareReach}</p>
        <div role="status">
          {ended ? <StatusWord status="ok">{homeText.shareEnded}</StatusWord> : null}
          {error === null ? null : <StatusWord status="failed">{error}</StatusWord>}
        </div>
      </ModalBody>
      <ModalFooter>
        {url === null ? null : (
          <Button variant="secondary" onClick={end}>
            {homeText.endShare}
          </Button>
        )}
        <Button variant="link" onClick={onClose}>
          {homeText.close}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
