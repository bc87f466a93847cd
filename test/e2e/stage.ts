import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import type { Browser } from 'playwright';
import { startAlertmanagerDouble, type AlertmanagerDouble } from '#support/alertmanager-double.ts';
import { openBrowser, openWindow, type ConsoleWindow, type WindowOptions } from '#support/browser.ts';
import { Cleanup } from '#support/cleanup.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import { startConsole, type ConsoleUnderTest } from '#support/console.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';

/**
 * What a journey starts from: a folder of its own, a browser, and a console on the demo fleet or on one
 * Alertmanager that does as it is told. Windows that complained fail the journey when it is put away.
 */
export class Stage {
  readonly dataDirectory: string;
  readonly configurationPath: string;
  readonly cleanup: Cleanup;
  readonly #folder: string;
  readonly #browser: Browser;

  constructor(cleanup: Cleanup, folder: string, browser: Browser) {
    this.cleanup = cleanup;
    this.#folder = folder;
    this.#browser = browser;
    this.dataDirectory = join(folder, 'data');
    this.configurationPath = join(folder, 'opssight.yaml');
  }

  /** Without a configuration: the first run. */
  startFirstRun(): Promise<ConsoleUnderTest> {
    return startConsole(this, this.cleanup);
  }

  async startWithAlertmanager(): Promise<{
    readonly console: ConsoleUnderTest;
    readonly alertmanager: AlertmanagerDouble;
  }> {
    const alertmanager = await startAlertmanagerDouble(this.cleanup);
    writeConfiguration(this.#folder, [{ name: 'am', kind: 'alertmanager', url: alertmanager.url }]);
    return { console: await startConsole(this, this.cleanup), alertmanager };
  }

  open(console: Pick<ConsoleUnderTest, 'address'>, options: WindowOptions = {}): Promise<ConsoleWindow> {
    return openWindow(this.#browser, console.address, this.cleanup, options);
  }
}

export const test = base.extend<{ readonly stage: Stage }, { readonly sharedBrowser: Browser }>({
  // One for all journeys of a worker: each has windows that know nothing of one another.
  sharedBrowser: [
    // Playwright reads the fixtures that are needed from this pattern, also where there are none.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const cleanup = new Cleanup();
      try {
        await use(await openBrowser(cleanup));
      } finally {
        await cleanup.run();
      }
    },
    { scope: 'worker' },
  ],
  stage: async ({ sharedBrowser }, use) => {
    const cleanup = new Cleanup();
    try {
      await use(new Stage(cleanup, temporaryFolder(cleanup), sharedBrowser));
    } finally {
      await cleanup.run();
    }
  },
});

export { expect };

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds in the page as it is now: rule and place of each, empty where all is well. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  // Run by the debugger, which the page's content security policy does not bind.
  await page.evaluate(axeSource);
  return await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, {
      // Of what is well nothing is kept: describing it takes a good part of the time.
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)}`));
  });
}

declare global {
  interface Window {
    axe: typeof import('axe-core');
  }
}
