import type { RunState, StageState } from '../../src/runs/state.ts';
import { logText } from '../text/logs.ts';
import { runText } from '../text/run.ts';
import { canRetry, canSkip, type Asked } from './run-actions.ts';

interface RunMenuInput {
  readonly run: RunState;
  /** The open stage. */
  readonly stage: StageState | undefined;
  readonly over: boolean;
  readonly locked: boolean;
  readonly ask: (asked: Asked) => void;
  readonly onReplay: (() => void) | undefined;
  readonly onNotify: (() => void) | undefined;
  /** Goes to the central logs of the site. */
  readonly onLogs: (() => void) | undefined;
}

/** What the menu of a run offers: the open stage again or passed over, the central logs, the replay, notifications. */
export function runMenu({ run, stage, over, locked, ask, onReplay, onNotify, onLogs }: RunMenuInput) {
  const items: { label: string; onSelect: () => void }[] = [];
  const open = !locked && over ? stage : undefined;
  if (open !== undefined && canRetry(open)) {
    const { id, title } = open;
    items.push({
      label: runText.retryStage(title),
      onSelect: () => {
        ask({ kind: 'retry', stage: id, options: {} });
      },
    });
  }
  if (open !== undefined && canSkip(run, open)) {
    const { id, title } = open;
    items.push({
      label: runText.skipStage(title),
      onSelect: () => {
        ask({ kind: 'skip', stage: id });
      },
    });
  }
  if (onLogs !== undefined) items.push({ label: logText.open, onSelect: onLogs });
  if (onReplay !== undefined) items.push({ label: runText.replay, onSelect: onReplay });
  if (onNotify !== undefined) items.push({ label: runText.notifyMe, onSelect: onNotify });
  return items;
}
