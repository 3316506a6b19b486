import { useEffect, useRef, useState } from 'react';
import type { RunState } from '../../src/runs/state.ts';
import { errorSentence } from './error-sentence.ts';
import type { RunStore } from './run-store.ts';

/** A replay takes about this long from beginning to end, whatever the run took. */
const PLAY_SECONDS = 30;
const TICK_MS = 100;
/** The slider has about so many steps; none is shorter than a second. */
const STEPS = 400;

export interface Replay {
  /** First and last moment of the run, in milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly step: number;
  /** The moment that is shown; the end where it is `to`. */
  readonly at: number;
  /** The run as it was at that moment; undefined at the end, where the run itself is shown. */
  readonly past: RunState | undefined;
  readonly playing: boolean;
  readonly error: string | undefined;
  readonly go: (at: number) => void;
  readonly play: () => void;
  readonly pause: () => void;
}

/** Moves through a run: the state at any moment, from the events up to it. */
export function useReplay({ archive, timeline }: RunStore, run: RunState): Replay {
  const from = Date.parse(run.started);
  const to = Date.parse(run.lastAt);
  const step = Math.max(1000, Math.round((to - from) / STEPS / 1000) * 1000);
  const [wanted, setWanted] = useState<number | undefined>(undefined);
  const [past, setPast] = useState<RunState | undefined>(undefined);
  const [playing, setPlaying] = useState(false);
  const [error, setError] = useState<string | undefined>(undefined);
  const turn = useRef(0);
  const at = wanted ?? to;

  const go = (moment: number): void => {
    turn.current += 1;
    const mine = turn.current;
    const target = Math.max(from, moment);
    setError(undefined);
    if (target >= to) {
      setWanted(undefined);
      setPast(undefined);
      setPlaying(false);
      return;
    }
    setWanted(target);
    stateAt(archive, timeline, target).then(
      (state) => {
        // A jump that was overtaken by another one is not shown.
        if (turn.current === mine) setPast(state);
      },
      (reason: unknown) => {
        setError(errorSentence(reason));
      },
    );
  };
  const next = useRef(go);
  useEffect(() => {
    next.current = go;
  });
  useEffect(() => {
    if (!playing) return undefined;
    const timer = setTimeout(() => {
      next.current(at + ((to - from) / PLAY_SECONDS) * (TICK_MS / 1000));
    }, TICK_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [playing, at, from, to]);
  return {
    ...{ from, to, step, at, past, playing, error, go },
    play: () => {
      if (wanted === undefined) go(from);
      setPlaying(true);
    },
    pause: () => {
      setPlaying(false);
    },
  };
}

async function stateAt(
  archive: RunStore['archive'],
  timeline: RunStore['timeline'],
  moment: number,
): Promise<RunState> {
  return timeline.stateAt(Math.max(1, await archive.seqAt(moment)));
}
