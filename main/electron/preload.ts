import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { COMMANDS } from '../../src/contract/api.ts';
import type { RunEvent } from '../../src/contract/events.ts';
import { commandChannel, EVENTS_CHANNEL, FOLLOW_CHANNEL, GO_CHANNEL, STOP_CHANNEL } from './channels.ts';

type Listener = (events: readonly RunEvent[]) => void;

const listeners = new Map<number, Listener>();
let subscriptions = 0;

ipcRenderer.on(EVENTS_CHANNEL, (_event, subscription: number, events: readonly RunEvent[]) => {
  listeners.get(subscription)?.(events);
});
ipcRenderer.on(GO_CHANNEL, (_event, route: string) => {
  if (route.startsWith('#/')) window.location.hash = route;
});

contextBridge.exposeInMainWorld('bringup', {
  call: (command: string, input: unknown): Promise<unknown> => {
    const known = COMMANDS.find((name) => name === command);
    if (known === undefined) return Promise.reject(new Error(`There is no command ${command}.`));
    return ipcRenderer.invoke(commandChannel(known), input);
  },
  subscribe: (run: string, from: number, listener: Listener): (() => void) => {
    subscriptions += 1;
    const subscription = subscriptions;
    listeners.set(subscription, listener);
    void ipcRenderer.invoke(FOLLOW_CHANNEL, subscription, run, from);
    return () => {
      listeners.delete(subscription);
      void ipcRenderer.invoke(STOP_CHANNEL, subscription);
    };
  },
  // Only for a file that the engineer dropped on the page: a File made by a script has no path.
  pathOf: (file: File): string => webUtils.getPathForFile(file),
});
