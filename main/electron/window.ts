import { fileURLToPath } from 'node:url';
import { BrowserWindow, screen, session, type App, type WebPreferences } from 'electron';
import { APP_ORIGIN } from './channels.ts';
import { DEFAULT_SIZE, LEAST_SIZE, repairBounds, writeState, type WindowState } from './window-state.ts';

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
  experimentalFeatures: false,
  navigateOnDragDrop: false,
  spellcheck: false,
} as const satisfies WebPreferences;

/** A window that was not moved for this long stays where it is. */
const SETTLED_MS = 500;

/** The permissions the page has use for: copying a request, and saying that a run failed or ended. */
const ALLOWED = ['clipboard-sanitized-write', 'notifications'];

/** Refuses navigation, new windows and webviews for every page the app will ever show. */
export function lockDown(app: Pick<App, 'on'>): void {
  app.on('web-contents-created', (_event, contents) => {
    const stay = (event: { readonly url: string; preventDefault: () => void }): void => {
      if (!event.url.startsWith(`${APP_ORIGIN}/`)) event.preventDefault();
    };
    contents.on('will-navigate', stay);
    contents.on('will-redirect', stay);
    contents.on('will-attach-webview', (event) => {
      event.preventDefault();
    });
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

/** Denies every permission but copying and notifications, these to our own page alone, and every device. */
export function denyPermissions(): void {
  const current = session.defaultSession;
  current.setPermissionRequestHandler((_contents, permission, answer, details) => {
    answer(ALLOWED.includes(permission) && isOurs(details.requestingUrl));
  });
  current.setPermissionCheckHandler(
    (_contents, permission, origin) => ALLOWED.includes(permission) && isOurs(origin),
  );
  current.setDevicePermissionHandler(() => false);
}

function isOurs(address: string): boolean {
  return address === APP_ORIGIN || address.startsWith(`${APP_ORIGIN}/`);
}

/** Opens the window where and as it was, on the given page; it shows itself when there is something to see. */
export async function openWindow(state: WindowState, route: string): Promise<BrowserWindow> {
  const screens = screen.getAllDisplays().map(({ workArea }) => workArea);
  const window = new BrowserWindow({
    ...(repairBounds(state.bounds, screens) ?? DEFAULT_SIZE),
    minWidth: LEAST_SIZE.width,
    minHeight: LEAST_SIZE.height,
    show: false,
    title: 'Bringup',
    webPreferences: { ...WEB_PREFERENCES, preload: fileURLToPath(new URL('preload.cjs', import.meta.url)) },
  });
  if (state.maximized) window.maximize();
  window.webContents.once('did-finish-load', () => {
    window.webContents.setZoomFactor(state.zoom);
  });
  window.once('ready-to-show', () => {
    window.show();
  });
  await window.loadURL(`${APP_ORIGIN}/${route}`);
  return window;
}

/** Keeps the window's place, size, zoom and page in `file`, so that a start after a crash is where the engineer was. */
export function keepState(window: BrowserWindow, file: string): void {
  const stateNow = (clean: boolean): WindowState => ({
    bounds: window.getNormalBounds(),
    maximized: window.isMaximized(),
    zoom: window.webContents.getZoomFactor(),
    route: new URL(window.webContents.getURL()).hash || '#/',
    clean,
  });
  const keep = (): void => {
    writeState(file, stateNow(false));
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  // A window that is dragged tells of every pixel.
  const keepSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(keep, SETTLED_MS);
  };
  keep();
  window.on('move', keepSoon);
  window.on('resize', keepSoon);
  window.on('maximize', keepSoon);
  window.on('unmaximize', keepSoon);
  window.webContents.on('did-navigate-in-page', keep);
  window.on('close', (event) => {
    if (event.defaultPrevented) return;
    clearTimeout(timer);
    writeState(file, stateNow(true));
  });
}
