import type { MenuItemConstructorOptions } from 'electron';
import type { FileKind } from '../../src/contract/api.ts';

/** What the menu can do beside the roles of the operating system. */
export interface MenuActions {
  readonly open: (kind: Exclude<FileKind, 'bundle'>) => void;
  readonly go: (route: string) => void;
}

/** The menu with the keys people expect: open, edit, zoom, window; no reload, no developer tools. */
export function menuTemplate(platform: string, { open, go }: MenuActions): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin';
  return [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    {
      label: '&File',
      submenu: [
        {
          label: 'Open &site file…',
          accelerator: 'CmdOrCtrl+O',
          click: () => {
            open('site');
          },
        },
        {
          label: 'Open &exported run…',
          accelerator: 'CmdOrCtrl+Shift+O',
          click: () => {
            open('export');
          },
        },
        { type: 'separator' },
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        {
          label: '&Sites and runs',
          click: () => {
            go('#/');
          },
        },
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
  ];
}
