#!/usr/bin/env node
// Starts the built command line; says how to build it when it is not there.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const built = new URL('../../dist/main/cli/main.js', import.meta.url);
if (!existsSync(fileURLToPath(built))) {
  process.stderr.write('bringup: not built yet. Run "npm run build" in the folder of Bringup first.\n');
  process.exit(2);
}
await import(built.href);
