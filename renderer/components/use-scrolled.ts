import { useEffect, useState } from 'react';

/** Shorter ways are covered by what is drawn beyond the edges, so they draw nothing anew. */
const STEP = 100;

/** How far an element is scrolled, in steps, and how high it is, in px; both 0 until there is one. */
export function useScrolled(scroller: HTMLElement | null | undefined): { top: number; height: number } {
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(0);
  useEffect(() => {
    if (scroller === null || scroller === undefined) return undefined;
    const look = (): void => {
      setTop(Math.floor(scroller.scrollTop / STEP) * STEP);
    };
    look();
    const resized = new ResizeObserver(([entry]) => {
      setHeight(entry?.contentRect.height ?? 0);
    });
    resized.observe(scroller);
    scroller.addEventListener('scroll', look, { passive: true });
    return () => {
      resized.disconnect();
      scroller.removeEventListener('scroll', look);
    };
  }, [scroller]);
  return { top, height: height + STEP };
}
