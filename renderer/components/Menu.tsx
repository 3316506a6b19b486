import { Dropdown, DropdownItem, DropdownList, MenuToggle } from '@patternfly/react-core';
import { useState } from 'react';
import { chooseTheme, nextTheme, useTheme } from '../theme.ts';
import { homeText } from '../text/home.ts';
import { text } from '../text.ts';
import { KebabIcon } from './icons.ts';
import { useMenuActions, type MenuItem } from './menu-actions.ts';

interface MenuProps {
  readonly onShortcuts: () => void;
  readonly onJournal?: () => void;
  /** What the page adds, first in the list. */
  readonly items?: readonly MenuItem[];
}

/** The menu of the header: what is seldom needed and must not compete with the one action. */
export function Menu({ onShortcuts, onJournal, items = [] }: MenuProps) {
  const [open, setOpen] = useState(false);
  const journal = onJournal === undefined ? [] : [{ label: homeText.openJournal, onSelect: onJournal }];
  useMenuActions([...items, ...journal]);
  const theme = useTheme();
  const close = (): void => {
    setOpen(false);
  };
  return (
    <Dropdown
      isOpen={open}
      onOpenChange={setOpen}
      onSelect={close}
      shouldFocusFirstItemOnOpen
      shouldFocusToggleOnSelect
      popperProps={{ position: 'right' }}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          variant="plain"
          aria-label={text.menu}
          isExpanded={open}
          icon={<KebabIcon />}
          onClick={() => {
            setOpen(!open);
          }}
        />
      )}
    >
      <DropdownList>
        {items.map(({ label, onSelect }) => (
          <DropdownItem key={label} onClick={onSelect}>
            {label}
          </DropdownItem>
        ))}
        <DropdownItem
          onClick={() => {
            chooseTheme(nextTheme(theme));
          }}
        >
          {text.theme(theme)}
        </DropdownItem>
        {journal.map(({ label, onSelect }) => (
          <DropdownItem key={label} onClick={onSelect}>
            {label}
          </DropdownItem>
        ))}
        <DropdownItem onClick={onShortcuts}>{text.shortcuts}</DropdownItem>
      </DropdownList>
    </Dropdown>
  );
}
