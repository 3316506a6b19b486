import { Modal, ModalBody, ModalHeader, TextInput } from '@patternfly/react-core';
import { useMemo, useState, type KeyboardEvent } from 'react';
import { findActions, type Action } from '../state/actions.ts';
import { homeText } from '../text/home.ts';

interface PaletteProps {
  readonly actions: readonly Action[];
  readonly onClose: () => void;
}

const optionId = (index: number): string => `palette-${index}`;

/** Every action by name: typing narrows the list, arrow keys choose, Enter carries out. */
export function Palette({ actions, onClose }: PaletteProps) {
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const found = useMemo(() => findActions(actions, query), [actions, query]);
  const carryOut = (action: Action | undefined): void => {
    if (action === undefined) return;
    onClose();
    // The dialog gives the focus back first; an action that opens another dialog must come after.
    setTimeout(action.run, 0);
  };
  const choose = (index: number): void => {
    const next = Math.max(0, Math.min(index, found.length - 1));
    setChosen(next);
    document.getElementById(optionId(next))?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Record<string, number> = {
      ArrowDown: chosen + 1,
      ArrowUp: chosen - 1,
      PageDown: chosen + 8,
      PageUp: chosen - 8,
    };
    const next = moves[event.key];
    if (next !== undefined) choose(next);
    else if (event.key === 'Enter') carryOut(found[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <Modal isOpen variant="medium" position="top" onClose={onClose} aria-labelledby="palette-title">
      <ModalHeader title={homeText.actions} labelId="palette-title" />
      <ModalBody className="palette">
        <TextInput
          type="search"
          role="combobox"
          aria-label={homeText.findAction}
          aria-expanded={found.length > 0}
          aria-controls="palette-list"
          aria-autocomplete="list"
          aria-activedescendant={found.length === 0 ? undefined : optionId(chosen)}
          placeholder={homeText.findAction}
          autoFocus
          value={query}
          onChange={(_event, value) => {
            setQuery(value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
        <ul id="palette-list" role="listbox" aria-label={homeText.actions}>
          {found.map((action, index) => (
            <li
              key={action.id}
              id={optionId(index)}
              role="option"
              aria-selected={index === chosen}
              onClick={() => {
                carryOut(action);
              }}
              onMouseMove={() => {
                setChosen(index);
              }}
            >
              <span>{action.title}</span>
              <span className="quiet">{action.onPage ? '' : homeText.ofApp}</span>
              {action.keys === undefined ? <span /> : <kbd>{action.keys}</kbd>}
            </li>
          ))}
        </ul>
        <p className="quiet" role="status">
          {found.length === 0 ? homeText.noAction : homeText.actionHint}
        </p>
      </ModalBody>
    </Modal>
  );
}
