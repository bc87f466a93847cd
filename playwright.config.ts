import { defineConfig } from '@playwright/test';

/** End-to-end journeys: each starts a console of its own. `test/support/browser.ts` opens the windows. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  fullyParallel: true,
  // More than there are cores are hardly quicker, and the machine is too busy for what a hand does in between.
  workers: 2,
  timeout: 60_000,
  // A busy machine is late; what never comes fails all the same.
  expect: { timeout: 15_000 },
  forbidOnly: true,
});
