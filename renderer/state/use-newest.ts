import { useEffect, useState } from 'react';

/** A list counts as being at its newest end while no more than this many pixels are scrolled away from it. */
const NEAR = 24;

interface Newest {
  /** True while somebody reads further down: the list is to stay as it is. */
  readonly holding: boolean;
  /** Entries that came since. */
  readonly fresh: number;
  readonly toNewest: () => void;
}

/**
 * Keeps a list with the newest on top in its place while somebody reads further down: what is new waits above, counted,
 * until the reader comes back to the top.
 */
export function useNewest(scroller: HTMLElement | null | undefined, live: boolean, length: number): Newest {
  const [away, setAway] = useState(false);
  const [held, setHeld] = useState(length);
  useEffect(() => {
    if (!live || scroller === null || scroller === undefined) return undefined;
    const onScroll = (): void => {
      setAway(scroller.scrollTop > NEAR);
    };
    scroller.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      scroller.removeEventListener('scroll', onScroll);
    };
  }, [scroller, live]);
  const holding = away && live;
  if (!holding && held !== length) setHeld(length);
  return {
    holding,
    fresh: holding ? length - held : 0,
    toNewest: () => {
      scroller?.scrollTo({ top: 0 });
    },
  };
}
