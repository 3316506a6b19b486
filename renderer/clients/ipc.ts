import type { BringupClient } from '../../src/contract/api.ts';
import { fromErrorData, type ErrorData } from '../../src/contract/errors.ts';
import type { RunEvent } from '../../src/contract/events.ts';

/** What a command answers over IPC: Electron keeps only the message of a thrown error, so errors travel as data. */
export type IpcAnswer =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: ErrorData };

/** What the preload script of the desktop app puts on `window.bringup`. */
export interface Bridge {
  call(command: string, input: unknown): Promise<IpcAnswer>;
  subscribe(run: string, from: number, listener: (events: readonly RunEvent[]) => void): () => void;
  /** Where a file lies that was dropped on the page; empty for one that has no path. */
  pathOf(file: File): string;
}

/** Client of the desktop app; its link is the process itself and cannot be lost. */
export function createIpcClient(bridge: Bridge): BringupClient {
  return {
    call: async (command, input) => {
      const answer = await bridge.call(command, input);
      if (!answer.ok) throw fromErrorData(answer.error);
      return answer.value as never;
    },
    subscribe: (run, from, listener) => bridge.subscribe(run, from, listener),
  };
}
