import { BringupError, EXIT } from '../contract/errors.ts';

/** A login may take long where a firewall swallows packets: who cancels does not wait for it. */
export function unlessCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(
        new BringupError({ code: 'CANCELLED', exit: EXIT.cancelled, message: 'Cancelled: logging in.' }),
      );
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
    void work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', onAbort);
    });
  });
}
