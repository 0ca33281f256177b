import { findChromium } from '@gomon/test-support';
import { defineConfig } from '@playwright/test';

// Workers have the answer from the process that starts them.
const executablePath =
  process.env['GOMON_CHROMIUM'] ?? (await findChromium((line) => console.log(line)));
if (executablePath) process.env['GOMON_CHROMIUM'] = executablePath;

// Playwright reads the default export.
// eslint-disable-next-line no-restricted-syntax
export default defineConfig({
  testDir: '.',
  testMatch: '*.test.ts',
  outputDir: '../../.gomon/browser',
  globalSetup: '../../tools/test-support/jest-setup.mjs',
  globalTeardown: '../../tools/test-support/jest-teardown.mjs',
  reporter: [['list'], ['../../tools/playwright-closing-line.mjs']],
  workers: 1,
  timeout: 300_000, // Only a test that hangs reaches it.
  expect: { timeout: 60_000 },
  use: {
    locale: 'en-GB',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: executablePath ?? undefined,
      // Chromium's own sandbox needs rights that neither root nor a container gives.
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    },
  },
});
