import { Modal, ModalBody, ModalHeader } from '@patternfly/react-core';
import { text } from '../text.ts';

/** The list of keys, shown by `?`. */
export function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  return (
    <Modal isOpen variant="small" onClose={onClose} aria-labelledby="shortcuts-title">
      <ModalHeader title={text.shortcuts} labelId="shortcuts-title" />
      <ModalBody>
        <dl className="keys">
          {text.keys.map(([key, meaning]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </ModalBody>
    </Modal>
  );
}
