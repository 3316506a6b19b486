import type { ReactNode } from 'react';
import { CaretDownIcon, CaretRightIcon } from './icons.ts';

interface FoldButtonProps {
  readonly open: boolean;
  readonly onToggle: () => void;
  /** Names it where its own words say too little. */
  readonly label?: string;
  readonly children: ReactNode;
}

/** Opens and folds what stands below it. */
export function FoldButton({ open, onToggle, label, children }: FoldButtonProps) {
  return (
    <button type="button" aria-expanded={open} aria-label={label} onClick={onToggle}>
      {open ? <CaretDownIcon /> : <CaretRightIcon />}
      {children}
    </button>
  );
}
