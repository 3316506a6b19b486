import { fileURLToPath } from 'node:url';
import { BrowserWindow, session, type App, type WebPreferences } from 'electron';
import { APP_ORIGIN } from './channels.ts';

/** What a page in the window may do; stated in full although most are defaults, so that a change of default cannot loosen it. */
export const WEB_PREFERENCES = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  webviewTag: false,
  allowRunningInsecureContent: false,
  navigateOnDragDrop: false,
  spellcheck: false,
} as const satisfies WebPreferences;

/** The one permission the page has use for: copying a request. */
const ALLOWED = 'clipboard-sanitized-write';

/** Refuses navigation, new windows and webviews for every page the app will ever show, and all permissions but copying. */
export function lockDown(app: Pick<App, 'on'>): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      if (!event.url.startsWith(`${APP_ORIGIN}/`)) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => {
      event.preventDefault();
    });
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

/** Denies every permission of the page but writing text to the clipboard. */
export function denyPermissions(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => {
    answer(permission === ALLOWED);
  });
  session.defaultSession.setPermissionCheckHandler((_contents, permission) => permission === ALLOWED);
}

/** Opens the window on Home; it shows itself when there is something to see. */
export async function openWindow(): Promise<BrowserWindow> {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 640,
    minHeight: 400,
    show: false,
    title: 'Bringup',
    webPreferences: { ...WEB_PREFERENCES, preload: fileURLToPath(new URL('preload.cjs', import.meta.url)) },
  });
  window.once('ready-to-show', () => {
    window.show();
  });
  await window.loadURL(`${APP_ORIGIN}/`);
  return window;
}
