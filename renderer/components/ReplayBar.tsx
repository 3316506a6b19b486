import { Button } from '@patternfly/react-core';
import { clock } from '../format.ts';
import type { Replay } from '../state/use-replay.ts';
import { runText } from '../text/run.ts';
import { PauseIcon, PlayIcon } from './icons.ts';

interface ReplayBarProps {
  readonly replay: Replay;
  /** Title of the stage that is shown. */
  readonly stage: string | undefined;
  /** Leaves the replay; undefined where there is nothing else to see. */
  readonly onClose: (() => void) | undefined;
}

/** The time slider of a run: arrow keys move it by a step, Page keys by ten, Home and End to its ends. */
export function ReplayBar({ replay, stage, onClose }: ReplayBarProps) {
  const { from, to, at, step, playing } = replay;
  const shown = clock(new Date(at).toISOString());
  return (
    <section className="replay" aria-label={runText.replayBar}>
      <Button
        variant="plain"
        aria-label={playing ? runText.pause : runText.start}
        icon={playing ? <PauseIcon /> : <PlayIcon />}
        onClick={playing ? replay.pause : replay.play}
      />
      <time>{shown}</time>
      <input
        type="range"
        aria-label={runText.replaySlider}
        aria-valuetext={runText.replayAt(shown, stage)}
        min={from}
        max={Math.max(to, from + step)}
        step={step}
        value={at}
        onChange={(event) => {
          replay.pause();
          const value = Number(event.target.value);
          replay.go(value + step > to ? to : value);
        }}
      />
      <time>{clock(new Date(to).toISOString())}</time>
      <Button
        variant="link"
        isInline
        isDisabled={at >= to}
        onClick={() => {
          replay.go(to);
        }}
      >
        {runText.toEnd}
      </Button>
      {onClose === undefined ? null : (
        <Button variant="link" isInline onClick={onClose}>
          {runText.closeReplay}
        </Button>
      )}
      <p role="status" className={replay.error === undefined ? 'quiet' : 'bad'}>
        {replay.error ?? (replay.past === undefined ? '' : runText.pastOnly)}
      </p>
    </section>
  );
}
