import {
  Button,
  FormSelect,
  FormSelectOption,
  FormSelectOptionGroup,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
} from '@patternfly/react-core';
import { useEffect, useState, type SyntheticEvent } from 'react';
import type { BringupClient, KnownSite, RehearsalFault, RehearseOptions } from '../../src/contract/api.ts';
import { errorSentence } from '../state/error-sentence.ts';
import { rehearsalText as text } from '../text/rehearsal.ts';
import { StatusWord } from './Status.tsx';

interface RehearseDialogProps {
  readonly client: BringupClient;
  readonly known: readonly KnownSite[];
  readonly onStarted: (run: string) => void;
  readonly onClose: () => void;
}

const PACES = ['1', '10', 'max'] as const;
type Pace = (typeof PACES)[number];

/** Asks which site file, which fault and how fast, and starts a rehearsal. */
export function RehearseDialog({ client, known, onStarted, onClose }: RehearseDialogProps) {
  const [faults, setFaults] = useState<readonly RehearsalFault[]>([]);
  const [file, setFile] = useState('');
  const [fault, setFault] = useState('');
  const [pace, setPace] = useState<Pace>('10');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    client.call('rehearse.faults', {}).then(
      (answer) => {
        setFaults(answer.faults.filter(({ playable }) => playable));
      },
      (reason: unknown) => {
        setError(errorSentence(reason));
      },
    );
  }, [client]);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setError(null);
    setBusy(true);
    client.call('rehearse.start', optionsOf(file, fault, pace)).then(
      ({ run }) => {
        onStarted(run);
      },
      (reason: unknown) => {
        setBusy(false);
        setError(errorSentence(reason));
      },
    );
  };
  return (
    <Modal
      isOpen
      variant="small"
      onClose={onClose}
      aria-labelledby="rehearse-title"
      elementToFocus="#rehearse-fault"
    >
      <ModalHeader title={text.title} labelId="rehearse-title" />
      <ModalBody>
        <p className="rehearse-about">{text.body}</p>
        <form id="rehearse" className="new-site" onSubmit={submit}>
          <label htmlFor="rehearse-site">{text.site}</label>
          <FormSelect
            id="rehearse-site"
            value={file}
            onChange={(_event, value) => {
              setFile(value);
            }}
          >
            <FormSelectOption value="" label={text.ownSite} />
            {known
              .filter(({ gone }) => gone !== true)
              .map((entry) => (
                <FormSelectOption key={entry.file} value={entry.file} label={entry.file} />
              ))}
          </FormSelect>
          <label htmlFor="rehearse-fault">{text.fault}</label>
          <FormSelect
            id="rehearse-fault"
            value={fault}
            aria-describedby="rehearse-fault-hint"
            onChange={(_event, value) => {
              setFault(value);
            }}
          >
            <FormSelectOption value="" label={text.noFault} />
            {byStage(faults).map(([stage, among]) => (
              <FormSelectOptionGroup key={stage} label={stage}>
                {among.map(({ name, title }) => (
                  <FormSelectOption key={name} value={name} label={title} />
                ))}
              </FormSelectOptionGroup>
            ))}
          </FormSelect>
          <p id="rehearse-fault-hint" className="quiet">
            {text.faultHint}
          </p>
          <label htmlFor="rehearse-pace">{text.pace}</label>
          <FormSelect
            id="rehearse-pace"
            value={pace}
            onChange={(_event, value) => {
              setPace(PACES.find((one) => one === value) ?? '10');
            }}
          >
            {PACES.map((one) => (
              <FormSelectOption key={one} value={one} label={text.paces[one]} />
            ))}
          </FormSelect>
        </form>
        <div role="status">{error === null ? null : <StatusWord status="failed">{error}</StatusWord>}</div>
      </ModalBody>
      <ModalFooter>
        <Button variant="primary" type="submit" form="rehearse" isDisabled={busy}>
          {busy ? text.starting : text.start}
        </Button>
        <Button variant="link" onClick={onClose}>
          {text.cancel}
        </Button>
      </ModalFooter>
    </Modal>
  );
}

function optionsOf(file: string, fault: string, pace: Pace): RehearseOptions {
  return {
    pace: pace === '1' ? 1 : pace === '10' ? 10 : 'max',
    ...(file === '' ? {} : { siteFile: file }),
    ...(fault === '' ? {} : { faults: [fault] }),
  };
}

function byStage(
  faults: readonly RehearsalFault[],
): readonly (readonly [string, readonly RehearsalFault[]])[] {
  const stages = new Map<string, RehearsalFault[]>();
  for (const fault of faults)
    stages.set(fault.stage_title, [...(stages.get(fault.stage_title) ?? []), fault]);
  return [...stages];
}
