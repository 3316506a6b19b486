import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { RENDERER } from './fixtures.ts';

/** Builds the renderer before the specs, so that they never look at yesterday's. */
export default async function buildRenderer(): Promise<void> {
  const configFile = fileURLToPath(new URL('../../renderer/vite.config.ts', import.meta.url));
  await build({ configFile, logLevel: 'warn', build: { outDir: RENDERER } });
}
