import { dialog, type BrowserWindow, type FileFilter } from 'electron';
import type { BringupClient, CommandInput, CommandName, FileKind } from '../../src/contract/api.ts';
import { toErrorData } from '../../src/contract/errors.ts';

const FILTERS: Record<FileKind, FileFilter> = {
  site: { name: 'Site files', extensions: ['yaml', 'yml'] },
  export: { name: 'Exported runs', extensions: ['bringup'] },
  bundle: { name: 'Bundles', extensions: ['bundle'] },
};

const TITLES: Record<FileKind, string> = {
  site: 'Open site file',
  export: 'Open exported run',
  bundle: 'Choose the bundle',
};

/** Asks for a file with the dialog of the operating system; null where the engineer chose none. */
export async function chooseFile(window: BrowserWindow | undefined, kind: FileKind): Promise<string | null> {
  const options = {
    title: TITLES[kind],
    filters: [FILTERS[kind], { name: 'All files', extensions: ['*'] }],
    properties: ['openFile' as const],
  };
  const { canceled, filePaths } =
    window === undefined
      ? await dialog.showOpenDialog(options)
      : await dialog.showOpenDialog(window, options);
  return canceled ? null : (filePaths[0] ?? null);
}

/** The application service with the commands that the desktop answers better than a page could. */
export function withDialogs(
  service: Pick<BringupClient, 'call' | 'subscribe'>,
  window: () => BrowserWindow | undefined,
): Pick<BringupClient, 'call' | 'subscribe'> {
  return {
    subscribe: service.subscribe,
    call: async <C extends CommandName>(command: C, input: CommandInput<C>) => {
      if (command !== 'files.choose') return service.call(command, input);
      const asked: unknown = Reflect.get(input, 'kind');
      const kind = asked === 'export' || asked === 'bundle' ? asked : 'site';
      return { native: true, file: await chooseFile(window(), kind) } as never;
    },
  };
}

/** Says what went wrong with what the engineer asked for outside the page. */
export async function showError(window: BrowserWindow | undefined, thrown: unknown): Promise<void> {
  const { message, hint, code } = toErrorData(thrown);
  const box = { type: 'error' as const, message, detail: `${hint ?? ''}\n\n${code}`.trim() };
  await (window === undefined ? dialog.showMessageBox(box) : dialog.showMessageBox(window, box));
}
