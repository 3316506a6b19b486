// npm start: the desktop app where an Electron runtime is present, else the browser host in a window of its own.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT, ensureBuild, ensureNodeModules, run, say } from './ensure.mjs';

ensureNodeModules();
ensureBuild();
const runtime = electronRuntime();
if (runtime !== null) {
  run(runtime, [ROOT, ...process.argv.slice(2)]);
} else {
  say('no Electron runtime on this machine; opening the browser host instead');
  run(process.execPath, [path.join(ROOT, 'main/cli/bin.mjs'), 'serve', '--open', ...process.argv.slice(2)]);
}

// The npm package fetches its runtime on first use, which must not happen at a site: only what is already there counts.
function electronRuntime() {
  const names = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' };
  const name = names[process.platform] ?? 'electron';
  const folders = [process.env.ELECTRON_OVERRIDE_DIST_PATH, path.join(ROOT, 'node_modules/electron/dist')];
  const marker = path.join(ROOT, 'node_modules/electron/path.txt');
  if (existsSync(marker))
    folders.push(path.join(ROOT, 'node_modules/electron/dist', path.dirname(readFileSync(marker, 'utf8'))));
  return (
    folders
      .filter(Boolean)
      .map((folder) => path.join(folder, name))
      .find(existsSync) ?? null
  );
}
