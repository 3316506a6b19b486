import { defineConfig } from '@playwright/test';

/** Runs on the system's Chromium; each test starts a server of its own on a free port, so nothing is shared. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  globalSetup: './build-renderer.ts',
  outputDir: '../../test-results/ui',
  snapshotPathTemplate: '../../docs/screenshots/{arg}{ext}',
  updateSnapshots: process.env['SCREENSHOTS'] === 'docs' ? 'all' : 'none',
  fullyParallel: true,
  workers: 2,
  // The suite runs beside the lab's tests, on real peers: patience costs nothing where all is well.
  timeout: 240_000,
  expect: { timeout: 60_000 },
  reporter: [['line']],
  use: {
    viewport: { width: 1280, height: 800 },
    timezoneId: 'UTC',
    locale: 'en-GB',
    permissions: ['clipboard-read', 'clipboard-write'],
    launchOptions: { executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] },
  },
});
