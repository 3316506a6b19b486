import { app, dialog, Menu, type BrowserWindow } from 'electron';
import { toErrorData } from '../../src/contract/errors.ts';
import { compose, rendererFolder } from '../compose.ts';
import { declareScheme, serveRenderer } from './files.ts';
import { registerIpc } from './ipc.ts';
import { menuTemplate } from './menu.ts';
import { denyPermissions, lockDown, openWindow } from './window.ts';

let window: BrowserWindow | undefined;

async function start(): Promise<void> {
  await app.whenReady();
  const service = compose({ host: 'desktop' });
  serveRenderer(rendererFolder());
  denyPermissions();
  registerIpc(service);
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform)));
  window = await openWindow();
}

function showAgain(): void {
  if (window?.isMinimized() === true) window.restore();
  window?.focus();
}

if (app.requestSingleInstanceLock()) {
  declareScheme();
  lockDown(app);
  app.on('second-instance', showAgain);
  app.on('window-all-closed', () => {
    app.quit();
  });
  start().catch((error: unknown) => {
    dialog.showErrorBox('Bringup could not start', toErrorData(error).message);
    app.exit(70);
  });
} else {
  app.quit();
}
