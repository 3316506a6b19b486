import { session, type BrowserWindow } from 'electron';
import { BringupError } from '../../src/contract/errors.ts';
import { APP_ORIGIN } from './channels.ts';
import { showError } from './dialogs.ts';

/**
 * What the page hands out as a file goes through the save dialog of the operating system, and where that file could not
 * be written it is said. Anything that is not made by our own page is refused.
 */
export function saveThroughDialog(window: () => BrowserWindow | undefined): void {
  session.defaultSession.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${APP_ORIGIN}/`)) {
      event.preventDefault();
      return;
    }
    const name = item.getFilename();
    item.setSaveDialogOptions({ title: `Save ${name}`, defaultPath: name });
    item.once('done', (_event, state) => {
      if (state === 'interrupted') void showError(window(), notWritten(name));
    });
  });
}

function notWritten(name: string): BringupError {
  return new BringupError({
    code: 'SAVE_FAILED',
    message: `${name} could not be written there.`,
    hint: 'Check that the folder belongs to you and the disk has room, then save it again.',
  });
}
