import type { CommandName } from '../../src/contract/api.ts';

/** Origin of the window's own page; the only one the main process listens to. */
export const APP_ORIGIN = 'app://bringup';

/** The IPC channel of a command of the API table. */
export function commandChannel(command: CommandName): string {
  return `bringup:${command}`;
}

/** Starts to follow a run: `(subscription, run, from)`. */
export const FOLLOW_CHANNEL = 'bringup:events.follow';
/** Ends a subscription: `(subscription)`. */
export const STOP_CHANNEL = 'bringup:events.stop';
/** From the main process: `(subscription, events)`. */
export const EVENTS_CHANNEL = 'bringup:events';
/** From the main process: `(route)`, the fragment of the page to show. */
export const GO_CHANNEL = 'bringup:go';
