import { Button, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import type { SiteEdit } from '../../../src/contract/api.ts';
import { wizardText as text } from '../../text/wizard.ts';
import type { SiteModel } from '../types.ts';
import { bulkSet, moveBlock, removeHosts } from './bulk.ts';
import { COLUMNS, columnTitle } from './columns.ts';

interface BulkBarProps {
  readonly model: SiteModel;
  readonly selected: readonly number[];
  readonly count: number;
  readonly onSelect: (selected: ReadonlySet<number>) => void;
}

/** Fields that many hosts can share; a name or an address is one host's own. */
const SHARED = COLUMNS.filter(({ id }) =>
  ['roles', 'profile', 'bmc_credential', 'bmc_port', 'ssh_user', 'ssh_credential', 'ssh_port'].includes(id),
);

/** One change for all picked hosts, each one step of undo. */
export function BulkBar({ model, selected, count, onSelect }: BulkBarProps) {
  const [id, setId] = useState(SHARED[0]?.id ?? '');
  const [typed, setTyped] = useState('');
  const [said, setSaid] = useState<string | null>(null);
  const column = SHARED.find((one) => one.id === id);
  const run = (edits: readonly SiteEdit[], picked: readonly number[], done: string): void => {
    model.edit(edits).then(
      () => {
        setSaid(done);
        onSelect(new Set(picked));
      },
      (reason: unknown) => {
        setSaid(reason instanceof Error ? reason.message : String(reason));
      },
    );
  };
  const move = (by: 1 | -1) => {
    const moved = moveBlock(selected, by, count);
    return moved === null
      ? undefined
      : () => {
          run([moved.edit], moved.selected, text.moved(selected.length));
        };
  };
  const [up, down] = [move(-1), move(1)];
  return (
    <form
      className="tool-row bulk"
      aria-label={text.bulk(selected.length)}
      onSubmit={(event) => {
        event.preventDefault();
        if (column === undefined) return;
        run(
          bulkSet(model.document, selected, column, typed),
          selected,
          text.setFor(columnTitle(column), selected.length),
        );
      }}
    >
      <b>{text.bulk(selected.length)}</b>
      <FormSelect
        value={id}
        aria-label={text.bulkField}
        onChange={(_event, value) => {
          setId(value);
        }}
      >
        {SHARED.map((one) => (
          <FormSelectOption key={one.id} value={one.id} label={columnTitle(one)} />
        ))}
      </FormSelect>
      <TextInput
        value={typed}
        aria-label={text.bulkValue}
        placeholder={text.bulkValue}
        onChange={(_event, value) => {
          setTyped(value);
        }}
      />
      <Button variant="secondary" type="submit">
        {text.bulkSet}
      </Button>
      <Button variant="link" isInline isDisabled={up === undefined} onClick={up}>
        {text.moveUp}
      </Button>
      <Button variant="link" isInline isDisabled={down === undefined} onClick={down}>
        {text.moveDown}
      </Button>
      <Button
        variant="link"
        isInline
        isDanger
        onClick={() => {
          run(removeHosts(selected, count), [], text.removed(selected.length));
        }}
      >
        {text.removeHosts(selected.length)}
      </Button>
      <span role="status" className="quiet">
        {said}
      </span>
    </form>
  );
}
