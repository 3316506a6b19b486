import { useEffect, useRef } from 'react';
import type { Action } from '../state/actions.ts';

/** One thing a page can do that must not compete with its one action. */
export interface MenuItem {
  readonly label: string;
  readonly onSelect: () => void;
}

type Offer = () => readonly MenuItem[];

const offers = new Set<Offer>();

/** Tells the list of actions what a menu holds: its items are not on the page while it is closed. */
export function useMenuActions(items: readonly MenuItem[]): void {
  const latest = useRef(items);
  useEffect(() => {
    latest.current = items;
  });
  useEffect(() => {
    const offer: Offer = () => latest.current;
    offers.add(offer);
    return () => {
      offers.delete(offer);
    };
  }, []);
}

/** What the menus of the page hold now, whether they are open or not. */
export function actionsInMenus(): Action[] {
  return [...offers].flatMap((offer) =>
    offer().map(({ label, onSelect }) => ({
      id: `menu ${label}`,
      title: label,
      onPage: true,
      run: onSelect,
    })),
  );
}
