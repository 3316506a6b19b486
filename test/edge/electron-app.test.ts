import { EventEmitter } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WindowState } from '../../main/electron/window-state.ts';
import { electron, type FakeWindow } from './electron-fake.ts';
import { eventually } from './eventually.ts';

vi.mock('electron', async () => (await import('./electron-fake.ts')).electronModule);

const KILLED: WindowState = {
  bounds: { x: 4000, y: 3000, width: 2400, height: 700 },
  maximized: false,
  zoom: 1.5,
  route: '#/runs/20261121-010203-plant-7',
  clean: false,
};

let home: string;
let stateFile: string;
let window: FakeWindow;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'bringup-shell-'));
  stateFile = path.join(home, 'window.json');
  await writeFile(stateFile, JSON.stringify(KILLED));
  vi.stubEnv('BRINGUP_HOME', home);
  const argv = process.argv;
  process.argv = ['bringup'];
  await import('../../main/electron/main.ts');
  await eventually(() => {
    expect(electron.menu.length).toBeGreaterThan(0);
  });
  process.argv = argv;
  const [opened] = electron.windows;
  if (opened === undefined) throw new Error('no window was opened');
  window = opened;
});

afterAll(async () => {
  electron.app.emit('will-quit');
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

beforeEach(() => {
  window.webContents.sent.length = 0;
  electron.boxes.length = 0;
  electron.answer = { response: 0, filePaths: [] };
});

const kept = async (): Promise<WindowState> => JSON.parse(await readFile(stateFile, 'utf8')) as WindowState;
const wentTo = (): unknown[] =>
  window.webContents.sent.filter(([channel]) => channel === 'bringup:go').map(([, route]) => route);

describe('a start after the app was killed', () => {
  it('opens the run that was on the screen, with its zoom', () => {
    expect(window.webContents.url).toBe('app://bringup/#/runs/20261121-010203-plant-7');
    expect(window.webContents.zoom).toBe(1.5);
  });

  it('brings a window back that would be off the screens there are, no larger than its screen', () => {
    expect(window.options).toMatchObject({ x: 0, y: 100, width: 1600, height: 700 });
  });

  it('shows the window only when there is something to see, and one only', () => {
    expect(window.options['show']).toBe(false);
    expect(window.calls).toContain('show');
    expect(electron.windows).toHaveLength(1);
  });

  it('gives the page a sandbox, a context of its own and no Node', () => {
    expect(window.options['webPreferences']).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      preload: expect.stringMatching(/preload\.cjs$/) as string,
    });
  });
});

describe('a second start', () => {
  it('shows the window that is there, and opens the site file it was given, by the folder it was given in', () => {
    electron.app.emit('second-instance', {}, ['bringup', '--flag', 'site.yaml'], '/srv/plant-7');
    expect(window.calls).toContain('focus');
    return eventually(() => {
      expect(wentTo()).toEqual(['#/sites/%2Fsrv%2Fplant-7%2Fsite.yaml/site']);
    });
  });

  it('says so when the exported run it was given is none', async () => {
    const file = path.join(home, 'broken.bringup');
    await writeFile(file, 'not an export');
    electron.app.emit('second-instance', {}, ['bringup', file], home);
    await eventually(() => {
      expect(electron.boxes).toMatchObject([{ detail: expect.stringMatching(/EXPORT_/) as string }]);
    });
    expect(wentTo()).toEqual([]);
  });
});

describe('a file opened from the desktop', () => {
  it('opens, and the system is told that it was taken care of', async () => {
    const event = { preventDefault: vi.fn() };
    electron.app.emit('open-file', event, '/Users/me/site.yml');
    expect(event.preventDefault).toHaveBeenCalledOnce();
    await eventually(() => {
      expect(wentTo()).toEqual(['#/sites/%2FUsers%2Fme%2Fsite.yml/site']);
    });
  });

  it('is chosen in the dialog of the system, from the menu', async () => {
    electron.answer.filePaths = ['/srv/site.yaml'];
    const file = electron.menu.find(({ label }) => label === '&File');
    file?.submenu?.find(({ label }) => label?.includes('site file'))?.click?.();
    await eventually(() => {
      expect(wentTo()).toEqual(['#/sites/%2Fsrv%2Fsite.yaml/site']);
    });
  });

  it('is chosen in the dialog of the system, from the page', async () => {
    electron.answer.filePaths = ['/media/usb/plant-7.bringup'];
    const event = { senderFrame: { origin: 'app://bringup', parent: null }, sender: window.webContents };
    const answer = await electron.handlers.get('bringup:files.choose')?.(event, { kind: 'export' });
    expect(answer).toEqual({ ok: true, value: { native: true, file: '/media/usb/plant-7.bringup' } });
  });
});

describe('permissions', () => {
  const request = (permission: string, requestingUrl: string): unknown => {
    let given: unknown;
    electron.permissions.request(
      window.webContents,
      permission,
      (answer: unknown) => {
        given = answer;
      },
      { requestingUrl },
    );
    return given;
  };

  it('are copying and notifications for our own page', () => {
    for (const permission of ['clipboard-sanitized-write', 'notifications']) {
      expect(request(permission, 'app://bringup/')).toBe(true);
      expect(electron.permissions.check(null, permission, 'app://bringup')).toBe(true);
      expect(request(permission, 'https://evil.example/')).toBe(false);
      expect(request(permission, 'app://bringup.evil.example/')).toBe(false);
      expect(electron.permissions.check(null, permission, 'https://evil.example')).toBe(false);
    }
  });

  it.each(['media', 'geolocation', 'clipboard-read', 'openExternal', 'fileSystem', 'usb', 'display-capture'])(
    'are not %s',
    (permission) => {
      expect(request(permission, 'app://bringup/')).toBe(false);
      expect(electron.permissions.check(null, permission, 'app://bringup')).toBe(false);
      expect(electron.permissions.device({ deviceType: permission })).toBe(false);
    },
  );
});

describe('a file that the page hands out', () => {
  const item = (url: string) =>
    Object.assign(new EventEmitter(), {
      getURL: () => url,
      getFilename: () => 'hosts.csv',
      setSaveDialogOptions: vi.fn(),
    });

  it('is saved where the engineer says, and what could not be written is told', async () => {
    const event = { preventDefault: vi.fn() };
    const csv = item('blob:app://bringup/0f3c');
    electron.download?.(event, csv);
    expect(event.preventDefault).not.toHaveBeenCalled();
    expect(csv.setSaveDialogOptions).toHaveBeenCalledWith({
      title: 'Save hosts.csv',
      defaultPath: 'hosts.csv',
    });
    csv.emit('done', {}, 'interrupted');
    await eventually(() => {
      expect(electron.boxes).toMatchObject([{ detail: expect.stringMatching(/SAVE_FAILED/) as string }]);
    });
  });

  it('is refused when it was not made by our page', () => {
    for (const url of ['https://evil.example/a', 'blob:app://bringup.evil.example/a', 'app://bringup/a.js']) {
      const event = { preventDefault: vi.fn() };
      electron.download?.(event, item(url));
      expect(event.preventDefault).toHaveBeenCalledOnce();
    }
  });
});

describe('what is kept', () => {
  it('is the page, so that the next start after a crash is in the same run', async () => {
    window.webContents.url = 'app://bringup/#/runs/another';
    window.webContents.emit('did-navigate-in-page');
    expect(await kept()).toMatchObject({ route: '#/runs/another', clean: false, zoom: 1.5 });
  });

  it('is the place once the window rests, and that it was closed by its engineer', async () => {
    window.bounds = { x: 40, y: 50, width: 1000, height: 600 };
    window.emit('move');
    await eventually(async () => {
      expect((await kept()).bounds).toEqual(window.bounds);
    });
    window.close();
    expect(await kept()).toMatchObject({ clean: true });
  });
});

describe('a page whose process is gone', () => {
  const crash = (reason: string): unknown =>
    window.webContents.emit('render-process-gone', {}, { reason, exitCode: 1 });

  it('is loaded again where it was, three times in a minute, and asks then', async () => {
    crash('clean-exit');
    expect(window.webContents.reloads).toBe(0);
    for (let times = 0; times < 3; times += 1) crash('oom');
    expect(window.webContents.reloads).toBe(3);
    expect(electron.boxes).toEqual([]);
    electron.answer.response = 1;
    crash('crashed');
    await eventually(() => {
      expect(window.calls).toContain('destroy');
    });
    expect(electron.boxes).toMatchObject([{ detail: 'Runs are not affected. Reason given: crashed.' }]);
    expect(window.webContents.reloads).toBe(3);
  });
});
