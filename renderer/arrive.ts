import { useEffect, useRef } from 'react';

/** A page that is still being drawn gets this many frames before nothing of it is focused. */
const FRAMES = 600;

/**
 * Puts the focus on the main part of a page that was just gone to, unless something of the page has taken it: without
 * that a keyboard would begin again at the browser's own buttons. The page the window opens with is left alone.
 */
export function useArrival(page: string): void {
  const shown = useRef(page);
  useEffect(() => {
    if (shown.current === page) return undefined;
    shown.current = page;
    let frames = FRAMES;
    let next = 0;
    const look = (): void => {
      // What is busy gives its place to the real page in a moment, and would take the focus with it.
      const main = document.querySelector<HTMLElement>('#stage:not([aria-busy="true"])');
      if (document.activeElement !== null && document.activeElement !== document.body) return;
      if (main !== null) main.focus({ preventScroll: true });
      else if (frames-- > 0) next = requestAnimationFrame(look);
    };
    next = requestAnimationFrame(look);
    return () => {
      cancelAnimationFrame(next);
    };
  }, [page]);
}
