import type * as Electron from 'electron';
import { EventEmitter } from 'node:events';

type Handler = (...args: unknown[]) => unknown;

/** The part of a page that the shell uses; a test makes its process end or hang by emitting what Electron emits. */
class FakeContents extends EventEmitter {
  readonly id = 1;
  readonly sent: [string, ...unknown[]][] = [];
  url = '';
  zoom = 1;
  reloads = 0;
  windowOpen: Handler | undefined;
  getURL = (): string => this.url;
  getZoomFactor = (): number => this.zoom;
  setZoomFactor = (factor: number): void => {
    this.zoom = factor;
  };
  reload = (): void => {
    this.reloads += 1;
  };
  send = (channel: string, ...args: unknown[]): void => {
    this.sent.push([channel, ...args]);
  };
  setWindowOpenHandler = (handler: Handler): void => {
    this.windowOpen = handler;
  };
}

/** A window that is never shown. */
export class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly calls: string[] = [];
  bounds: { x: number; y: number; width: number; height: number };
  maximized = false;

  readonly options: Record<string, unknown>;

  constructor(options: Record<string, unknown>) {
    super();
    this.options = options;
    const { x = 0, y = 0, width, height } = options as Record<string, number>;
    this.bounds = { x, y, width: width ?? 0, height: height ?? 0 };
    electron.windows.push(this);
    electron.app.emit('web-contents-created', {}, this.webContents);
  }

  loadURL = async (url: string): Promise<void> => {
    this.webContents.url = url;
    this.webContents.emit('did-finish-load');
    this.emit('ready-to-show');
  };
  getNormalBounds = (): FakeWindow['bounds'] => this.bounds;
  isMaximized = (): boolean => this.maximized;
  isMinimized = (): boolean => false;
  isDestroyed = (): boolean => this.calls.includes('destroy');
  maximize = (): void => {
    this.maximized = true;
  };
  show = (): void => void this.calls.push('show');
  focus = (): void => void this.calls.push('focus');
  destroy = (): void => void this.calls.push('destroy');
  /** As a person closes it; true when nothing kept it open. */
  close = (): boolean => {
    const event = { defaultPrevented: false, preventDefault: () => (event.defaultPrevented = true) };
    this.emit('close', event);
    if (!event.defaultPrevented) this.calls.push('close');
    return !event.defaultPrevented;
  };
}

interface Box {
  readonly message: string;
  readonly detail?: string;
}

/** What takes the place of Electron: the names the shell imports, and what it did with them. */
export const electron = {
  windows: [] as FakeWindow[],
  handlers: new Map<string, Handler>(),
  boxes: [] as Box[],
  /** The button pressed in each box, and the file chosen in each dialog. */
  answer: { response: 0, filePaths: [] as string[] },
  menu: [] as { label?: string; submenu?: { label?: string; click?: () => void }[] }[],
  /** What the shell does with a file that the page hands out. */
  download: undefined as Handler | undefined,
  permissions: {} as Record<'request' | 'check' | 'device', Handler>,
  schemes: [] as unknown[],
  app: Object.assign(new EventEmitter(), {
    whenReady: async () => undefined,
    requestSingleInstanceLock: () => true,
    setAppUserModelId: () => undefined,
    quit: () => undefined,
    exit: () => undefined,
  }),
};

const box = async (...args: unknown[]): Promise<{ response: number }> => {
  electron.boxes.push(args.at(-1) as Box);
  return { response: electron.answer.response };
};

/** The module as `vi.mock('electron', ...)` needs it. */
export const electronModule = {
  app: electron.app,
  BrowserWindow: FakeWindow,
  dialog: {
    showErrorBox: (message: string, detail: string) => void electron.boxes.push({ message, detail }),
    showMessageBox: box,
    showOpenDialog: async () => {
      const { filePaths } = electron.answer;
      return { canceled: filePaths.length === 0, filePaths };
    },
  },
  ipcMain: { handle: (channel: string, handler: Handler) => void electron.handlers.set(channel, handler) },
  Menu: {
    buildFromTemplate: (template: typeof electron.menu) => template,
    setApplicationMenu: (menu: typeof electron.menu) => void (electron.menu = menu),
  },
  net: { fetch: async () => new Response('') },
  protocol: {
    registerSchemesAsPrivileged: (schemes: unknown[]) => void electron.schemes.push(...schemes),
    handle: () => undefined,
  },
  screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1600, height: 900 } }] },
  session: {
    defaultSession: {
      on: (name: string, handler: Handler) =>
        void (name === 'will-download' && (electron.download = handler)),
      setPermissionRequestHandler: (handler: Handler) => void (electron.permissions.request = handler),
      setPermissionCheckHandler: (handler: Handler) => void (electron.permissions.check = handler),
      setDevicePermissionHandler: (handler: Handler) => void (electron.permissions.device = handler),
    },
  },
} satisfies Partial<Record<keyof typeof Electron, unknown>>;
