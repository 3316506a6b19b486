import { Button, Modal, ModalBody, ModalHeader, TextInput } from '@patternfly/react-core';
import { useEffect, useState, type SyntheticEvent } from 'react';
import type { BringupClient, FileKind, FolderListing } from '../../src/contract/api.ts';
import { errorSentence } from '../state/error-sentence.ts';
import { homeText } from '../text/home.ts';
import { FolderView } from './FolderView.tsx';
import { StatusWord } from './Status.tsx';

interface FilePickerProps {
  readonly client: BringupClient;
  readonly kind: FileKind;
  readonly onChoose: (file: string) => void;
  readonly onClose: () => void;
}

/** Chooses a file on the machine that runs Bringup, by its path or by looking into the folders a person would look into. */
export function FilePicker({ client, kind, onChoose, onClose }: FilePickerProps) {
  const [typed, setTyped] = useState('');
  const [folder, setFolder] = useState<string | undefined>(undefined);
  const [listing, setListing] = useState<FolderListing | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    client.call('files.list', { kind, ...(folder === undefined ? {} : { folder }) }).then(
      (answer) => {
        if (!current) return;
        setListing(answer);
        setError(null);
      },
      (reason: unknown) => {
        if (current) setError(errorSentence(reason));
      },
    );
    return () => {
      current = false;
    };
  }, [client, kind, folder]);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (typed.trim() !== '') onChoose(typed.trim());
  };
  return (
    <Modal
      isOpen
      variant="medium"
      onClose={onClose}
      aria-labelledby="picker-title"
      elementToFocus="#picker-path"
    >
      <ModalHeader title={homeText.openKind(kind)} labelId="picker-title" />
      <ModalBody>
        <form className="picker-path" onSubmit={submit}>
          <label htmlFor="picker-path">{homeText.path}</label>
          <TextInput
            id="picker-path"
            value={typed}
            aria-describedby="picker-hint"
            autoComplete="off"
            onChange={(_event, value) => {
              setTyped(value);
            }}
          />
          <Button variant="primary" type="submit" isDisabled={typed.trim() === ''}>
            {homeText.openIt(kind)}
          </Button>
          <p id="picker-hint" className="quiet">
            {homeText.pathHint(kind)}
          </p>
        </form>
        <div role="status">{error === null ? null : <StatusWord status="failed">{error}</StatusWord>}</div>
        {listing === null ? null : (
          <FolderView listing={listing} kind={kind} onFolder={setFolder} onChoose={onChoose} />
        )}
      </ModalBody>
    </Modal>
  );
}
