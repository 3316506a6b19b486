// npm run build: every room by tsc -b, the renderer and the preload by vite.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT, ensureNodeModules, run, say } from './ensure.mjs';

ensureNodeModules();
const stamp = path.join(ROOT, 'dist', '.stamp');
const wanted = fingerprint();
if (process.argv.includes('--if-changed') && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
  process.exit(0);
}
say('building');
const bin = (name) => path.join(ROOT, 'node_modules', '.bin', name);
run(bin('tsc'), ['-b', 'main', 'main/electron']);
run(bin('vite'), ['build', '--config', 'renderer/vite.config.ts', '--logLevel', 'warn']);
run(bin('vite'), ['build', '--config', 'main/electron/vite.preload.config.ts', '--logLevel', 'warn']);
writeFileSync(stamp, wanted);

function fingerprint() {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', ...['src', 'main', 'renderer'].flatMap(walk)]) {
    hash.update(file).update(readFileSync(path.join(ROOT, file)));
  }
  return hash.digest('hex');
}

function walk(folder) {
  return readdirSync(path.join(ROOT, folder))
    .sort()
    .flatMap((name) => {
      const file = path.join(folder, name);
      return statSync(path.join(ROOT, file)).isDirectory() ? walk(file) : [file];
    });
}
