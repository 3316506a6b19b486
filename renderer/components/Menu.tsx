import { Dropdown, DropdownItem, DropdownList, MenuToggle } from '@patternfly/react-core';
import { useState } from 'react';
import { chooseTheme, nextTheme, useTheme } from '../theme.ts';
import { text } from '../text.ts';
import { KebabIcon } from './icons.ts';

interface MenuProps {
  readonly onShortcuts: () => void;
  readonly onJournal?: () => void;
}

/** The menu of the header: what is seldom needed and must not compete with the one action. */
export function Menu({ onShortcuts, onJournal }: MenuProps) {
  const [open, setOpen] = useState(false);
  const theme = useTheme();
  const close = (): void => {
    setOpen(false);
  };
  return (
    <Dropdown
      isOpen={open}
      onOpenChange={setOpen}
      onSelect={close}
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
        <DropdownItem
          onClick={() => {
            chooseTheme(nextTheme(theme));
          }}
        >
          {text.theme(theme)}
        </DropdownItem>
        {onJournal === undefined ? null : <DropdownItem onClick={onJournal}>{text.openJournal}</DropdownItem>}
        <DropdownItem onClick={onShortcuts}>{text.shortcuts}</DropdownItem>
      </DropdownList>
    </Dropdown>
  );
}
