import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import plugin from '../lint/electron-rules.mjs';

const RULES = Object.keys(plugin.rules);

/** Names of the rules that the code breaks. */
function broken(code: string): string[] {
  const rules = Object.fromEntries(RULES.map((name) => [`electron/${name}`, 'error' as const]));
  const messages = new Linter().verify(code, [{ plugins: { electron: plugin }, rules }]);
  return [...new Set(messages.map(({ ruleId }) => ruleId?.replace('electron/', '') ?? 'syntax'))];
}

const BAD: [string, string][] = [
  ['safe-settings', 'const p = { nodeIntegration: true };'],
  ['safe-settings', 'const p = { sandbox: false };'],
  ['safe-settings', 'const p = { contextIsolation: !isTest };'],
  ['safe-settings', "const s = { scheme: 'app', privileges: { bypassCSP: true } };"],
  ['window-preferences', 'new BrowserWindow({ width: 800 });'],
  ['window-preferences', 'new BrowserWindow({ webPreferences: { preload } });'],
  ['own-pages', "w.loadURL('https://example.org/');"],
  ['own-pages', 'w.loadURL(url);'],
  ['own-pages', 'w.loadURL(`${APP_ORIGIN}.evil.example/`);'],
  ['no-new-windows', "c.setWindowOpenHandler(() => ({ action: 'allow' }));"],
  ['narrow-bridge', "contextBridge.exposeInMainWorld('x', { ipc: ipcRenderer });"],
  ['narrow-bridge', "contextBridge.exposeInMainWorld('x', api);"],
  ['narrow-bridge', "contextBridge.exposeInMainWorld('x', { call: (name) => ipcRenderer.invoke(name) });"],
  ['no-dangerous-calls', 'w.webContents.executeJavaScript(text);'],
  ['no-dangerous-calls', "app.commandLine.appendSwitch('no-sandbox');"],
  ['no-dangerous-calls', "app.on('certificate-error', accept);"],
  ['no-dangerous-calls', "import { shell } from 'electron';"],
  ['no-dangerous-calls', 'w.webContents.openDevTools();'],
];

describe('the security rules of the shell', () => {
  it.each(BAD)('%s refuses %s', (rule, code) => {
    expect(broken(code)).toContain(rule);
  });

  it('are each shown to refuse something', () => {
    expect([...new Set(BAD.map(([rule]) => rule))].sort()).toEqual([...RULES].sort());
  });

  it('let through what the shell needs', () => {
    const code = `
      import { app, BrowserWindow } from 'electron';
      const window = new BrowserWindow({ show: false, webPreferences: { ...WEB_PREFERENCES, preload } });
      window.loadURL(\`\${APP_ORIGIN}/\${route}\`);
      window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
      contextBridge.exposeInMainWorld('bringup', { call: (name) => ipcRenderer.invoke(commandChannel(name)) });
      ipcRenderer.on(EVENTS_CHANNEL, deliver);
      app.on('window-all-closed', quit);
    `;
    expect(broken(code)).toEqual([]);
  });
});
