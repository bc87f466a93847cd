import { defineConfig } from '@playwright/test';

/** End-to-end journeys: each starts a console of its own. `test/support/browser.ts` opens the windows. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  fullyParallel: true,
  // More than cores: journeys wait for polls and for what can be taken back.
  workers: 3,
  timeout: 60_000,
  forbidOnly: true,
});
