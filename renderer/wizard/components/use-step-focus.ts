import { useEffect, useRef, type RefObject } from 'react';
import type { StepId } from '../types.ts';

/**
 * Puts the focus on the heading of a step that was just opened, so that its name is read out and Tab goes on from its
 * top. In the stepper the focus stays where it is; where a field is aimed at, that field takes it.
 */
export function useStepFocus(step: StepId, aimless: boolean): RefObject<HTMLHeadingElement | null> {
  const title = useRef<HTMLHeadingElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    if (shown.current === step) return;
    shown.current = step;
    const inStepper = document.activeElement?.matches('.stepper [aria-current]') === true;
    if (aimless && !inStepper) title.current?.focus();
  }, [step, aimless]);
  return title;
}
