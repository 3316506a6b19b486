import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DebugLogger } from 'builder-util';
import { validateConfiguration } from 'app-builder-lib/out/util/config/config.js';
import type { Configuration } from 'app-builder-lib';
import { describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';

vi.mock('electron', () => ({ BrowserWindow: class {}, session: {}, net: {}, protocol: {} }));
const { lockDown, WEB_PREFERENCES } = await import('../../main/electron/window.ts');
const { fileOf } = await import('../../main/electron/files.ts');
const { menuTemplate } = await import('../../main/electron/menu.ts');

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('window', () => {
  it('gives the page no Node, no shared context and a sandbox', () => {
    expect(WEB_PREFERENCES).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
  });

  it('refuses navigation elsewhere, new windows and webviews', () => {
    const handlers = new Map<string, (event: { url?: string; preventDefault: () => void }) => void>();
    let openHandler: (() => unknown) | undefined;
    const contents = {
      on: (name: string, handler: never) => handlers.set(name, handler),
      setWindowOpenHandler: (handler: () => unknown) => (openHandler = handler),
    };
    const app = {
      on: (_name: string, listener: (event: unknown, contents: unknown) => void) => listener({}, contents),
    };
    lockDown(app as unknown as Parameters<typeof lockDown>[0]);
    const refused = (name: string, url = ''): boolean => {
      const preventDefault = vi.fn();
      handlers.get(name)?.({ url, preventDefault });
      return preventDefault.mock.calls.length > 0;
    };
    expect(refused('will-navigate', 'https://evil.example/')).toBe(true);
    expect(refused('will-navigate', 'app://bringup.evil.example/')).toBe(true);
    expect(refused('will-navigate', 'app://bringup/index.html')).toBe(false);
    expect(refused('will-attach-webview')).toBe(true);
    expect(openHandler?.()).toEqual({ action: 'deny' });
  });

  it('has no reload and no developer tools in its menu', () => {
    expect(JSON.stringify(menuTemplate('linux', { open: vi.fn(), go: vi.fn() }))).not.toMatch(
      /reload|devtools/i,
    );
  });
});

describe('fileOf', () => {
  it('names files of the renderer only', () => {
    expect(fileOf('app://bringup/', '/app/renderer')).toBe(path.resolve('/app/renderer/index.html'));
    expect(fileOf('app://bringup/assets/a.js', '/app/renderer')).toBe(
      path.resolve('/app/renderer/assets/a.js'),
    );
    expect(fileOf('app://bringup/..%2f..%2fetc/passwd', '/app/renderer')).toBeNull();
    expect(fileOf('app://elsewhere/index.html', '/app/renderer')).toBeNull();
  });
});

describe('electron-builder.yml', () => {
  const read = (): Configuration =>
    parse(readFileSync(path.join(ROOT, 'electron-builder.yml'), 'utf8')) as Configuration;

  it('is valid by the schema of electron-builder', async () => {
    await expect(validateConfiguration(read(), new DebugLogger(false))).resolves.toBeUndefined();
  });

  it('sets every fuse that Electron has, each to the side that gives less away', () => {
    expect(read().electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  it('packs for Linux, Windows and macOS', () => {
    const { linux, win, mac } = read();
    expect([linux?.target, win?.target, mac?.target]).toEqual([
      ['AppImage', 'deb', 'rpm'],
      ['nsis'],
      ['dmg'],
    ]);
  });

  it('owns exported runs, offers itself for YAML, and takes no other kind of file', () => {
    const { fileAssociations, mac, linux, win } = read();
    expect(fileAssociations).toMatchObject([{ ext: 'bringup', rank: 'Owner' }]);
    expect(mac?.fileAssociations).toMatchObject([{ ext: ['yaml', 'yml'], rank: 'Alternate' }]);
    expect(linux?.mimeTypes).toEqual(['application/yaml', 'application/x-yaml']);
    expect(win?.fileAssociations).toBeUndefined();
  });

  it('names no home page, since there is none', () => {
    expect(JSON.stringify(read())).not.toContain('homepage');
  });

  it('would be refused with an unknown key, so the check above can fail', async () => {
    const wrong = Object.assign(read(), { asra: true });
    await expect(validateConfiguration(wrong, new DebugLogger(false))).rejects.toThrow(/asra/);
  });
});

describe('desktop app', () => {
  const runtime = path.join(
    process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? path.join(ROOT, 'node_modules/electron/dist'),
    'electron',
  );

  it('starts, shows Home and quits', async ({ skip }) => {
    if (!existsSync(runtime)) skip('not run: no Electron runtime');
    const { _electron } = await import('@playwright/test');
    const app = await _electron.launch({ executablePath: runtime, args: [ROOT, '--no-sandbox'] });
    const page = await app.firstWindow();
    await page.getByRole('heading', { name: 'Sites and runs' }).waitFor();
    await app.close();
  });
});
