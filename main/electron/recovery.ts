import { dialog, type BrowserWindow } from 'electron';

/** More crashes than this within this time (ms) are not mended by one more reload. */
const MOST = 3;
const WITHIN = 60_000;

/**
 * Loads the page again, at the place where it was, when its process is gone: stages are carried out by the main process
 * and at the site, so nothing of a run is lost. Asks first when that does not help, or when the page hangs.
 */
export function recover(window: BrowserWindow, now: () => number = Date.now): void {
  let crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    crashes = [...crashes.filter((at) => now() - at < WITHIN), now()];
    if (crashes.length <= MOST) {
      window.webContents.reload();
      return;
    }
    crashes = [];
    const message = 'The page of Bringup ended several times in a row.';
    void askToReload(
      window,
      message,
      `Runs are not affected. Reason given: ${reason}.`,
      'Close Bringup',
      () => {
        window.destroy();
      },
    );
  });
  window.on('unresponsive', () => {
    const message = 'The page of Bringup does not answer.';
    void askToReload(window, message, 'Runs are not affected; loading it again loses nothing.', 'Wait');
  });
}

async function askToReload(
  window: BrowserWindow,
  message: string,
  detail: string,
  otherwise: string,
  orElse?: () => void,
): Promise<void> {
  const buttons = ['Load it again', otherwise];
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message,
    detail,
    buttons,
    defaultId: 0,
    cancelId: 1,
  });
  if (window.isDestroyed()) return;
  if (response === 0) window.webContents.reload();
  else orElse?.();
}
