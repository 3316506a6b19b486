import { Button, Modal, ModalBody, ModalFooter, ModalHeader, TextArea } from '@patternfly/react-core';
import { useMemo, useState } from 'react';
import { text as common } from '../../text.ts';
import { wizardText as text } from '../../text/wizard.ts';
import type { SiteModel } from '../types.ts';
import { COLUMNS, type Column } from './columns.ts';
import { PastePreview } from './PastePreview.tsx';
import { pasteEdits, planPaste } from './plan-paste.ts';
import { readTable } from './read-table.ts';

interface PasteDialogProps {
  readonly model: SiteModel;
  /** What was pasted into the page or read from a file; empty where it is to be pasted here. */
  readonly pasted: string;
  readonly onClose: () => void;
}

/** Shows what a table from a spreadsheet would do, row by row, before anything is changed. */
export function PasteDialog({ model, pasted, onClose }: PasteDialogProps) {
  const [content, setContent] = useState(pasted);
  const [chosen, setChosen] = useState<Readonly<Record<number, Column | null>>>({});
  const [refused, setRefused] = useState<string | null>(null);
  const table = useMemo(() => {
    const read = readTable(content);
    const columns = read.columns.map((column, at) => (at in chosen ? (chosen[at] ?? null) : column));
    return { ...read, columns };
  }, [content, chosen]);
  const rows = useMemo(() => planPaste(model.document, table), [model.document, table]);
  const taken = rows.filter(({ what }) => what === 'add' || what === 'change').length;
  const apply = (): void => {
    model.edit(pasteEdits(model.document, table, rows)).then(onClose, (reason: unknown) => {
      setRefused(reason instanceof Error ? reason.message : String(reason));
    });
  };
  return (
    <Modal
      isOpen
      variant="large"
      onClose={onClose}
      aria-labelledby="paste-title"
      elementToFocus="#paste-text"
    >
      <ModalHeader title={text.pasteTitle} labelId="paste-title" description={text.pasteBody} />
      <ModalBody>
        <TextArea
          id="paste-text"
          className="paste-text"
          aria-label={text.pasteHere}
          placeholder={text.pasteHere}
          value={content}
          rows={content === '' ? 8 : 3}
          spellCheck={false}
          onChange={(_event, value) => {
            setContent(value);
            setChosen({});
          }}
        />
        {content.trim() === '' ? null : (
          <PastePreview
            table={table}
            rows={rows}
            onColumn={(at, id) => {
              setChosen((now) => ({ ...now, [at]: COLUMNS.find((column) => column.id === id) ?? null }));
            }}
          />
        )}
        <p role="alert" className="bad">
          {refused}
        </p>
      </ModalBody>
      <ModalFooter>
        <Button variant="primary" isDisabled={taken === 0} onClick={apply}>
          {text.takeHosts(taken)}
        </Button>
        <Button variant="link" onClick={onClose}>
          {common.close}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
