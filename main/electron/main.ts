import path from 'node:path';
import { app, dialog, Menu, type BrowserWindow } from 'electron';
import { toErrorData } from '../../src/contract/errors.ts';
import { bringupHome } from '../adapters/home.ts';
import { compose, rendererFolder } from '../compose.ts';
import { GO_CHANNEL } from './channels.ts';
import { askBeforeClose, countOwnRuns } from './closing.ts';
import { chooseFile, showError, withDialogs } from './dialogs.ts';
import { saveThroughDialog } from './downloads.ts';
import { declareScheme, serveRenderer } from './files.ts';
import { registerIpc } from './ipc.ts';
import { menuTemplate } from './menu.ts';
import { filesOf, routeOfFile } from './opened.ts';
import { recover } from './recovery.ts';
import { denyPermissions, keepState, lockDown, openWindow } from './window.ts';
import { readState } from './window-state.ts';

let window: BrowserWindow | undefined;
/** Files to open as soon as there is a window: macOS names them before the app is ready. */
let waiting: string[] = [];
let openFile: (file: string) => void = (file) => {
  waiting.push(file);
};

async function start(): Promise<void> {
  await app.whenReady();
  const service = compose({ host: 'desktop' });
  const stateFile = path.join(bringupHome(), 'window.json');
  serveRenderer(rendererFolder());
  denyPermissions();
  saveThroughDialog(() => window);
  const runs = countOwnRuns(service);
  registerIpc(withDialogs(runs.service, () => window));
  const state = readState(stateFile);
  window = await openWindow(state, state.clean ? '#/' : state.route);
  askBeforeClose(window, runs);
  keepState(window, stateFile);
  recover(window);
  window.on('closed', () => {
    window = undefined;
  });
  openFile = (file) => {
    routeOfFile(file, service).then(go, (error: unknown) => showError(window, error));
  };
  const actions = {
    go,
    open: (kind: 'site' | 'export') => {
      void chooseFile(window, kind).then((file) => {
        if (file !== null) openFile(file);
      });
    },
  };
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, actions)));
  for (const file of [...waiting, ...filesOf(process.argv.slice(1), process.cwd())]) openFile(file);
  waiting = [];
  app.on('will-quit', () => {
    void service.close();
  });
}

function go(route: string): void {
  showAgain();
  window?.webContents.send(GO_CHANNEL, route);
}

function showAgain(): void {
  if (window?.isMinimized() === true) window.restore();
  window?.focus();
}

if (app.requestSingleInstanceLock()) {
  declareScheme();
  lockDown(app);
  app.setAppUserModelId('example.bringup.desktop');
  app.on('second-instance', (_event, argv, folder) => {
    showAgain();
    for (const file of filesOf(argv.slice(1), folder)) openFile(file);
  });
  app.on('open-file', (event, file) => {
    event.preventDefault();
    openFile(file);
  });
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
