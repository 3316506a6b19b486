import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { text } from '../text.ts';

interface CancelDialogProps {
  readonly stage: string;
  readonly onCancel: () => void;
  readonly onClose: () => void;
}

/** Asks before a run is cancelled, and says in which state that leaves the site. */
export function CancelDialog({ stage, onCancel, onClose }: CancelDialogProps) {
  return (
    <Modal
      isOpen
      variant="small"
      onClose={onClose}
      aria-labelledby="cancel-title"
      aria-describedby="cancel-body"
    >
      <ModalHeader title={text.cancelTitle} labelId="cancel-title" />
      <ModalBody id="cancel-body">{text.cancelBody(stage)}</ModalBody>
      <ModalFooter>
        <Button variant="danger" onClick={onCancel}>
          {text.cancelRun}
        </Button>
        <Button variant="link" onClick={onClose}>
          {text.keepRunning}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
