import { Button, Popover } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { exampleText as text } from '../text/example.ts';

const KEY = 'bringup.tour';

/** What each step of the tour points at. */
const PLACES = ['.rail', '#stage-title', '.run > .pane', '.replay'] as const;

/** The run is drawn as soon as its journal is read; so many frames are waited for that. */
const FRAMES = 300;

/** Four words on a run that failed, each beside what it is about. It is shown once; Escape ends it. */
export function Tour() {
  const [at, setAt] = useState(wasSeen() ? PLACES.length : 0);
  const [drawn, setDrawn] = useState(false);
  useEffect(() => {
    let frames = FRAMES;
    let next = 0;
    const look = (): void => {
      if (PLACES.every((place) => document.querySelector(place) !== null)) setDrawn(true);
      else if (frames-- > 0) next = requestAnimationFrame(look);
    };
    look();
    return () => {
      cancelAnimationFrame(next);
    };
  }, []);
  const runs = drawn && at < PLACES.length;
  useEffect(() => {
    if (!runs) return undefined;
    // Each step is a popover of its own, which hears keys only some moments after it is seen.
    const leave = ({ key }: KeyboardEvent): void => {
      if (key !== 'Escape') return;
      remember();
      setAt(PLACES.length);
    };
    document.addEventListener('keydown', leave);
    return () => {
      document.removeEventListener('keydown', leave);
    };
  }, [runs]);
  const place = PLACES[at];
  const step = text.tour[at];
  if (!drawn || place === undefined || step === undefined) return null;
  const end = (): void => {
    remember();
    setAt(PLACES.length);
  };
  const last = at === PLACES.length - 1;
  return (
    <Popover
      key={place}
      className="tour"
      isVisible
      triggerRef={() => document.querySelector<HTMLElement>(place) ?? document.body}
      position={place === '.rail' ? 'right-start' : place === '.replay' ? 'bottom' : 'left-start'}
      aria-label={step.title}
      headerContent={step.title}
      bodyContent={step.body}
      footerContent={
        <p className="tour-foot">
          <Button
            id="tour-next"
            variant="secondary"
            onClick={() => {
              if (last) end();
              else setAt(at + 1);
            }}
          >
            {last ? text.tourEnd : text.tourNext}
          </Button>
          {last ? null : (
            <Button variant="link" isInline onClick={end}>
              {text.tourSkip}
            </Button>
          )}
          <span className="quiet">{text.tourStep(at + 1, PLACES.length)}</span>
        </p>
      }
      showClose={false}
      animationDuration={0}
      withFocusTrap
      elementToFocus="#tour-next"
      shouldClose={end}
    />
  );
}

function wasSeen(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return true;
  }
}

/** A browser that keeps nothing must not show the tour for ever: see wasSeen. */
function remember(): void {
  try {
    localStorage.setItem(KEY, 'seen');
  } catch {
    // It is not shown again in this page anyway.
  }
}
