import {
  Button,
  Checkbox,
  FormSelect,
  FormSelectOption,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextInput,
} from '@patternfly/react-core';
import { useEffect, useState, type SyntheticEvent } from 'react';
import type { BringupClient, StackSummary } from '../../src/contract/api.ts';
import { errorSentence } from '../state/error-sentence.ts';
import { homeText } from '../text/home.ts';
import { StatusWord } from './Status.tsx';

interface NewSiteProps {
  readonly client: BringupClient;
  readonly onCreated: (file: string) => void;
  readonly onClose: () => void;
}

/** Asks for a name, what is brought up and where the site file goes, and writes a file to begin with. */
export function NewSite({ client, onCreated, onClose }: NewSiteProps) {
  const [stacks, setStacks] = useState<readonly StackSummary[]>([]);
  const [home, setHome] = useState('');
  const [name, setName] = useState('');
  const [stack, setStack] = useState('');
  const [example, setExample] = useState(false);
  const [typed, setTyped] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    const explain = (reason: unknown): void => {
      setError(errorSentence(reason));
    };
    client.call('stacks.list', {}).then((answer) => {
      setStacks(answer.stacks);
      setStack((chosen) => (chosen === '' ? (answer.stacks[0]?.name ?? '') : chosen));
    }, explain);
    client.call('files.list', { kind: 'site' }).then((answer) => {
      setHome(answer.folder);
    }, explain);
  }, [client]);
  const file = typed ?? (name === '' || home === '' ? '' : siteFileIn(home, name));
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setError(null);
    client.call('site.create', { file, name, stack, ...(example ? { example } : {}) }).then(
      (created) => {
        onCreated(created.file);
      },
      (reason: unknown) => {
        setError(errorSentence(reason));
      },
    );
  };
  return (
    <Modal
      isOpen
      variant="small"
      onClose={onClose}
      aria-labelledby="new-site-title"
      elementToFocus="#new-site-name"
    >
      <ModalHeader title={homeText.newSite} labelId="new-site-title" />
      <ModalBody>
        <form id="new-site" className="new-site" onSubmit={submit}>
          <label htmlFor="new-site-name">{homeText.newSiteName}</label>
          <TextInput
            id="new-site-name"
            value={name}
            autoComplete="off"
            aria-describedby="new-site-name-hint"
            onChange={(_event, value) => {
              setName(value);
            }}
          />
          <p id="new-site-name-hint" className="quiet">
            {homeText.newSiteNameHint}
          </p>
          <label htmlFor="new-site-stack">{homeText.newSiteStack}</label>
          <FormSelect
            id="new-site-stack"
            value={stack}
            isDisabled={example}
            onChange={(_event, value) => {
              setStack(value);
            }}
          >
            {stacks.map((entry) => (
              <FormSelectOption key={entry.name} value={entry.name} label={entry.title} />
            ))}
          </FormSelect>
          <Checkbox
            id="new-site-example"
            label={homeText.newSiteExample}
            description={homeText.newSiteExampleHint}
            isChecked={example}
            onChange={(_event, checked) => {
              setExample(checked);
            }}
          />
          <label htmlFor="new-site-file">{homeText.newSiteFile}</label>
          <TextInput
            id="new-site-file"
            value={file}
            autoComplete="off"
            aria-describedby="new-site-file-hint"
            onChange={(_event, value) => {
              setTyped(value);
            }}
          />
          <p id="new-site-file-hint" className="quiet">
            {homeText.newSiteFileHint}
          </p>
        </form>
        <div role="status">{error === null ? null : <StatusWord status="failed">{error}</StatusWord>}</div>
      </ModalBody>
      <ModalFooter>
        <Button
          variant="primary"
          type="submit"
          form="new-site"
          isDisabled={name.trim() === '' || stack === '' || file.trim() === ''}
        >
          {homeText.create}
        </Button>
        <Button variant="link" onClick={onClose}>
          {homeText.cancel}
        </Button>
      </ModalFooter>
    </Modal>
  );
}

/** `<home>/<name>/site.yaml`, with the separator that the home folder is written with. */
function siteFileIn(home: string, name: string): string {
  const separator = home.includes('\\') ? '\\' : '/';
  return [home.replace(/[\\/]+$/, ''), name, 'site.yaml'].join(separator);
}
