import { ipcMain, type IpcMain, type IpcMainInvokeEvent } from 'electron';
import { COMMANDS, type BringupClient, type CommandInput, type CommandName } from '../../src/contract/api.ts';
import { BringupError, EXIT, toErrorData, type ErrorData } from '../../src/contract/errors.ts';
import { APP_ORIGIN, commandChannel, EVENTS_CHANNEL, FOLLOW_CHANNEL, STOP_CHANNEL } from './channels.ts';

type Answer =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: ErrorData };

/**
 * The one place that listens to the window: a channel for each command of the API table and two for events. Whatever
 * does not come from the main frame of our own page is refused. Errors travel as data, Electron would keep the message only.
 */
export function registerIpc(
  service: Pick<BringupClient, 'call' | 'subscribe'>,
  main: Pick<IpcMain, 'handle'> = ipcMain,
): void {
  const handle = (
    channel: string,
    work: (event: IpcMainInvokeEvent, ...input: unknown[]) => Promise<unknown>,
  ): void => {
    main.handle(channel, async (event, ...input: unknown[]): Promise<Answer> => {
      try {
        if (!isOurPage(event)) throw refused();
        return { ok: true, value: await work(event, ...input) };
      } catch (error) {
        return { ok: false, error: toErrorData(error) };
      }
    });
  };
  for (const command of COMMANDS) {
    handle(commandChannel(command), (_event, input) => service.call(command, checkedInput(command, input)));
  }
  const subscriptions = new Map<string, () => void>();
  const stop = (key: string): void => {
    subscriptions.get(key)?.();
    subscriptions.delete(key);
  };
  handle(FOLLOW_CHANNEL, async (event, subscription, run, from) => {
    const { sender } = event;
    const key = `${sender.id} ${String(subscription)}`;
    stop(key);
    const unsubscribe = service.subscribe(String(run), Number(from) || 1, (events) => {
      if (!sender.isDestroyed()) sender.send(EVENTS_CHANNEL, subscription, events);
    });
    subscriptions.set(key, unsubscribe);
    sender.once('destroyed', () => {
      stop(key);
    });
  });
  handle(STOP_CHANNEL, async (event, subscription) => {
    stop(`${event.sender.id} ${String(subscription)}`);
  });
}

function isOurPage(event: IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && frame.origin === APP_ORIGIN;
}

function checkedInput(command: CommandName, input: unknown): CommandInput<CommandName> {
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) {
    return input;
  }
  const message = `The input of ${command} must be an object.`;
  throw new BringupError({ code: 'BAD_REQUEST', message, exit: EXIT.invalid });
}

function refused(): BringupError {
  return new BringupError({ code: 'SENDER_REFUSED', message: 'Only the window of Bringup may call this.' });
}
