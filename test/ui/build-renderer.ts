import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { RENDERER } from './fixtures.ts';

/** Builds the renderer before the specs, so that they never look at yesterday's; `npm test` has built it by then. */
export default async function buildRenderer(): Promise<void> {
  if (process.env['BRINGUP_UI_BUILT'] === '1') return;
  const configFile = fileURLToPath(new URL('../../renderer/vite.config.ts', import.meta.url));
  await build({ configFile, logLevel: 'warn', build: { outDir: RENDERER } });
}
