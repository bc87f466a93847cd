import { join } from 'node:path';
import type { Browser } from 'playwright';
import { openBrowser, openWindow } from '#support/browser.ts';
import { Cleanup } from '#support/cleanup.ts';
import { ScriptedHost } from '#support/scripted-host.ts';
import { inboxStates } from '#support/scripted-inbox-screens.ts';
import { screenStates } from '#support/scripted-screens.ts';
import { accessibilityProblems, expect, test } from './stage.ts';

/** The inbox from a narrow window beside a terminal to a large screen: axe finds nothing, and nothing is out of reach. */

const root = join(import.meta.dirname, '../..');
const sizes = [
  { width: 400, height: 800 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;
const names = ['inbox-triage', 'inbox-grouped', 'inbox-blind', 'inbox-filter-wrong'] as const;
const states = { ...screenStates, ...inboxStates };

const themes = ['dark', 'light'] as const;
/** Every day each in one of the themes in its turn. */
const themesOf = (index: number): readonly (typeof themes)[number][] =>
  process.env['OPSSIGHT_FULL'] === '1' ? themes : themes.slice(index % 2, (index % 2) + 1);

const everything = new Cleanup();
let browser: Browser;
test.beforeAll(async () => {
  browser = await openBrowser(everything);
});
test.afterAll(() => everything.run());

for (const [index, name] of names.entries()) {
  test(name, async () => {
    test.setTimeout(90_000);
    const cleanup = new Cleanup();
    try {
      const state = states[name];
      if (state === undefined) throw new Error(`there is no state ${name}`);
      const core = state.core();
      const host = await ScriptedHost.start(join(root, 'dist/renderer'), core, cleanup);
      const preferences = { theme: 'system', keys: {} };
      const opened = await openWindow(browser, host.address, cleanup, { preferences });
      for (const pattern of state.tolerated ?? []) opened.tolerate(pattern);
      const { page } = opened;
      await state.arrange?.(page, host, core);
      for (const colorScheme of themesOf(index)) {
        await page.emulateMedia({ colorScheme });
        for (const size of sizes) {
          await page.setViewportSize(size);
          await page.waitForTimeout(300);
          const path = `test-results/inbox/${name}-${colorScheme}-${size.width}.png`;
          await page.screenshot({ path: join(root, path) });
          const where = `${colorScheme} at ${size.width}`;
          expect(await page.evaluate(() => document.documentElement.scrollWidth), where).toBe(size.width);
          expect.soft(await accessibilityProblems(page), where).toEqual([]);
        }
      }
    } finally {
      await cleanup.run();
    }
  });
}
