import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import type { Browser } from 'playwright';
import { sessionPath } from '#shared/browser-link.ts';
import { openBrowser, openWindow } from '#support/browser.ts';
import { Cleanup } from '#support/cleanup.ts';
import { ScriptedCore } from '#support/scripted-core.ts';
import { ScriptedHost } from '#support/scripted-host.ts';
import { nightState } from '#support/scripted-world.ts';

/** Views whose scripts come after the first: where the host is gone by then, and where it is gone before. */

const directory = join(import.meta.dirname, '../../dist/renderer');
const everything = new Cleanup();
let browser: Browser;
test.beforeAll(async () => {
  browser = await openBrowser(everything);
});
test.afterAll(() => everything.run());

const viewNames = {
  d: 'Golden signals',
  l: 'Logs',
  t: 'Traces',
  r: 'Local rules',
  o: 'Sources',
  ',': 'Settings',
};
const failedFetch = /Failed to load resource|ERR_FAILED/;

async function open(at: string, cleanup: Cleanup, beforeScripts: (page: Page) => Promise<unknown>) {
  const host = await ScriptedHost.start(directory, new ScriptedCore(nightState(Date.now())), cleanup);
  // A page of this origin without any of the window's scripts.
  const opened = await openWindow(browser, new URL(sessionPath, host.address).href, cleanup);
  opened.tolerate(failedFetch);
  await beforeScripts(opened.page);
  await opened.page.goto(host.address + at);
  return opened.page;
}

async function withCleanup(run: (cleanup: Cleanup) => Promise<void>): Promise<void> {
  const cleanup = new Cleanup();
  try {
    await run(cleanup);
  } finally {
    await cleanup.run();
  }
}

test('every view opens at once where the host has gone since the inbox was painted', () =>
  withCleanup(async (cleanup) => {
    const fetched: string[] = [];
    const page = await open('', cleanup, (blank) => {
      blank.on('requestfinished', (request) => void fetched.push(new URL(request.url()).pathname));
      return Promise.resolve();
    });
    await expect(page.getByRole('row').first()).toBeVisible();
    // The last that is fetched ahead is the settings, with what only they need.
    await expect.poll(() => fetched.filter((path) => path.includes('settings')).length).toBeGreaterThan(0);
    await expect.poll(() => page.evaluate(() => document.readyState)).toBe('complete');
    await page.waitForLoadState('networkidle');
    await page.route('**/assets/**', (route) => route.abort());
    for (const [key, name] of Object.entries(viewNames)) {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
    }
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keys of this view' })).toBeVisible();
  }));

test('a view whose script is not handed out says so, leaves the rest alone, and is fetched again', () =>
  withCleanup(async (cleanup) => {
    const page = await open('#/logs', cleanup, (blank) =>
      blank.route('**/assets/logs-*.js', (route) => route.abort()),
    );
    await expect(page.getByRole('alert')).toContainText('This view could not be fetched');
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await expect(page.getByRole('alert')).toContainText('This view could not be fetched');
    await page.unroute('**/assets/logs-*.js');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Logs' })).toBeVisible();
    // Its commands came with it.
    await page.keyboard.press('P');
    await expect(page.getByRole('button', { name: /Patterns/ })).toHaveAttribute('aria-pressed', 'true');
  }));

test('a command that is given before its view is here is done once it is', () =>
  withCleanup(async (cleanup) => {
    const { promise: handedOut, resolve: handOut } = Promise.withResolvers<void>();
    const page = await open('#/logs', cleanup, (blank) =>
      blank.route('**/assets/logs-*.js', async (route) => {
        await handedOut;
        await route.continue();
      }),
    );
    await expect(page.getByRole('status').first()).toBeAttached();
    await page.keyboard.press('P');
    handOut();
    await expect(page.getByRole('button', { name: /Patterns/ })).toHaveAttribute('aria-pressed', 'true');
  }));

test('a dialog whose script is not handed out is told, and keys go on', () =>
  withCleanup(async (cleanup) => {
    const page = await open('', cleanup, (blank) =>
      blank.route('**/assets/overlays-*.js', (route) => route.abort()),
    );
    await expect(page.getByRole('row').first()).toBeVisible();
    await page.keyboard.press('?');
    await expect(page.getByText('Could not open it')).toBeVisible();
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await expect(page.getByRole('heading', { level: 1, name: 'Sources' })).toBeVisible();
  }));

test('what is typed before the palette is here is in its field once it is', () =>
  withCleanup(async (cleanup) => {
    const { promise: handedOut, resolve: handOut } = Promise.withResolvers<void>();
    const page = await open('', cleanup, (blank) =>
      blank.route('**/assets/overlays-*.js', async (route) => {
        await handedOut;
        await route.continue();
      }),
    );
    await expect(page.getByRole('row').first()).toBeVisible();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('lightt');
    await page.keyboard.press('Backspace');
    handOut();
    const field = page.getByRole('dialog').getByRole('combobox');
    await expect(field).toHaveValue('light');
    await expect(field).toBeFocused();
    await page.keyboard.type(' th');
    await page.keyboard.press('Enter');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  }));

test('the key that asks for a dialog is none of what is typed into it', () =>
  withCleanup(async (cleanup) => {
    const { promise: handedOut, resolve: handOut } = Promise.withResolvers<void>();
    const page = await open('', cleanup, (blank) =>
      blank.route('**/assets/overlays-*.js', async (route) => {
        await handedOut;
        await route.continue();
      }),
    );
    await expect(page.getByRole('row', { name: /HighErrorRate/ })).toBeVisible();
    await page.keyboard.press('m');
    handOut();
    await expect(page.getByRole('combobox', { name: 'An open incident' })).toBeFocused();
    await expect(page.getByRole('combobox', { name: 'An open incident' })).toHaveValue('');
  }));
