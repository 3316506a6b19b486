import { useEffect, useRef, useState } from 'react';
import type { RunState } from '../../src/runs/state.ts';
import { text } from '../text.ts';
import { runText } from '../text/run.ts';

/** What the desktop is told. */
export interface News {
  readonly title: string;
  readonly body: string;
}

/** What happened longer ago is read from the journal and not seen to happen. */
const OLD_MS = 60_000;

/**
 * What happened between two states that an engineer elsewhere wants to know: a failure, an interruption, or the end;
 * nothing otherwise, and nothing that is old at `now` (milliseconds).
 */
export function newsBetween(before: RunState, after: RunState, now: number): News | undefined {
  if (before.lastSeq === 0 || before.finished !== undefined) return undefined;
  if (after.interrupted !== undefined)
    return before.interrupted === undefined
      ? { title: runText.notifyInterrupted(after.site), body: after.interrupted }
      : undefined;
  if (now - Date.parse(after.lastAt) > OLD_MS) return undefined;
  const failures = (run: RunState) => [...run.stages.values()].flatMap((stage) => stage.failures);
  if (after.finished !== undefined)
    return {
      title: runText.notifyEnded(after.site, after.status),
      body: after.text ?? text.status(after.status),
    };
  const known = new Set(failures(before).map(({ reference }) => reference));
  const fresh = failures(after).find(({ reference }) => !known.has(reference));
  if (fresh === undefined) return undefined;
  return { title: runText.notifyFailed(after.site), body: `${fresh.what}. ${fresh.why.summary}` };
}

/**
 * Tells the desktop about a run that is watched, while its window is not in front and notifications are allowed. `live`
 * is false while what happened earlier is read: old news is none. `ask` is there where the engineer may still allow it;
 * it has to be called on a click.
 */
export function useNotifications(run: RunState, live: boolean): { readonly ask: (() => void) | undefined } {
  const before = useRef<RunState | undefined>(undefined);
  const [permission, setPermission] = useState(() => permissionNow());
  useEffect(() => {
    const news =
      live && before.current !== undefined ? newsBetween(before.current, run, Date.now()) : undefined;
    before.current = live ? run : undefined;
    if (news === undefined || permissionNow() !== 'granted' || document.hasFocus()) return;
    const shown = new Notification(news.title, { body: news.body, tag: run.run });
    shown.onclick = () => {
      window.focus();
      shown.close();
    };
  }, [run, live]);
  const ask = (): void => {
    Notification.requestPermission().then(setPermission, () => undefined);
  };
  return { ask: permission === 'default' ? ask : undefined };
}

function permissionNow(): NotificationPermission {
  return typeof Notification === 'undefined' ? 'denied' : Notification.permission;
}
