// node main/setup/make-tour.mjs: makes the two runs that the window shows as its tour anew, from rehearsals of the rehearsal site.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runnerImport } from 'vite';
import { ROOT, ensureNodeModules, say } from './ensure.mjs';

ensureNodeModules();
const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const { module } = await runnerImport(path.join(ROOT, 'test/tour/make-tour.ts'));
for (const [name, journal] of Object.entries(await module.makeTour(ROOT, version))) {
  const file = path.join('renderer', 'example', `${name.replace('example-', '')}-run.jsonl`);
  writeFileSync(path.join(ROOT, file), journal);
  say(`${file}: ${journal.trimEnd().split('\n').length} events`);
}
