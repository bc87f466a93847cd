import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { vitestReportWriter } from './scripts/suites/vitest-report.ts';
import { chromiumArguments, findChromium } from './scripts/provide/chromium.ts';
import { patience } from './scripts/suites/patience.ts';

/** The test projects; `scripts/suites/` runs each as a suite of its own. `vitest run PATH` runs one file. */
const reportFile = process.env['OPSSIGHT_VITEST_REPORT'];

/** What the window imports, for Vite to prepare before the first component test. */
const windowPackages = [
  'react',
  'react-dom/client',
  '@base-ui/react/dialog',
  '@leeoniya/ufuzzy',
  '@tanstack/react-virtual',
  'cmdk',
  'lucide-react',
  're2js',
  'uplot',
  'valibot',
  'zustand',
  'zustand/vanilla',
];

/** What measures the machine's own time: by itself, one file after the other. */
const timed = [
  'electron/core/metrics/query-threads.test.ts',
  'electron/core/routing/configuration-reader.test.ts',
  'electron/core/sources/parsing-thread.test.ts',
  'test/faults/core-kill/late-evidence.test.ts',
  'test/faults/core-kill/write-load.test.ts',
  'test/faults/source-resources.test.ts',
  'test/faults/storm/storm.test.ts',
];

export default defineConfig({
  test: {
    // The runner prints what failed, which is clear only without what did not.
    reporters: reportFile === undefined ? ['default'] : ['minimal', vitestReportWriter(reportFile)],
    projects: [
      nodeProject('unit', [
        'shared/**/*.test.ts',
        'electron/**/*.test.ts',
        'renderer/**/*.test.ts',
        'scripts/**/*.test.ts',
        'test/conformance/**/*.test.ts',
      ]),
      nodeProject('arch', ['test/architecture/**/*.test.ts']),
      nodeProject('faults', ['test/faults/**/*.test.ts'], 120_000),
      nodeProject('timed', timed, 120_000),
      nodeProject('security', ['test/security/**/*.test.ts'], 60_000),
      nodeProject('desktop', ['test/electron/**/*.test.ts'], 60_000),
      nodeProject('real', ['test/real/**/*.test.ts', 'test/differential/**/*.test.ts'], 120_000),
      browserProject(),
    ],
  },
});

function nodeProject(name: string, include: string[], timeoutMs = 15_000): TestProjectConfiguration {
  const exclude = name === 'timed' ? [] : timed;
  const testTimeout = timeoutMs * patience;
  return {
    test: {
      name,
      include,
      exclude,
      environment: 'node',
      setupFiles: ['test/support/property-limit.ts'],
      testTimeout,
      hookTimeout: testTimeout,
    },
  };
}

/** Components in a real Chromium: what is painted, focused and typed is what a person gets. */
function browserProject(): TestProjectConfiguration {
  const executablePath = findChromium();
  return {
    plugins: [react()],
    // Found while a test loads, they would make Vite reload it.
    optimizeDeps: { include: [...windowPackages] },
    test: {
      name: 'browser',
      include: ['renderer/**/*.browser.test.tsx'],
      testTimeout: 15_000,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({
          launchOptions: {
            args: [...chromiumArguments()],
            ...(executablePath === undefined ? {} : { executablePath }),
          },
        }),
        instances: [{ browser: 'chromium' }],
      },
    },
  };
}
