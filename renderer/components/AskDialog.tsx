import { Alert, Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { runText } from '../text/run.ts';

interface AskDialogProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly action: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** What Bringup answered when it refused. */
  readonly refusal?: string | undefined;
  readonly busy: boolean;
  readonly back?: string;
  readonly onGo: () => void;
  readonly onClose: () => void;
}

/** Asks before something is done to a run: what it will do and which state it leaves, then one button. */
export function AskDialog(props: AskDialogProps) {
  const { title, children, action, danger = false, disabled = false, refusal, busy } = props;
  return (
    <Modal
      isOpen
      variant="small"
      onClose={props.onClose}
      aria-labelledby="ask-title"
      aria-describedby="ask-body"
    >
      <ModalHeader title={title} labelId="ask-title" />
      <ModalBody id="ask-body" className="ask">
        {children}
        {refusal === undefined ? null : <Alert isInline isPlain variant="danger" title={refusal} />}
      </ModalBody>
      <ModalFooter>
        <Button
          variant={danger ? 'danger' : 'primary'}
          isDisabled={disabled || busy}
          isLoading={busy}
          spinnerAriaLabel={runText.working}
          onClick={props.onGo}
        >
          {action}
        </Button>
        <Button variant="link" onClick={props.onClose}>
          {props.back ?? runText.goBack}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
