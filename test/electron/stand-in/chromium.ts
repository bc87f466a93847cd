import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright';
import { chromiumArguments, findChromium } from '../../../scripts/provide/chromium.ts';
import { lifecycle } from './lifecycle.ts';
import { settings } from './settings.ts';

/** The one Chromium behind the stand-in, started with the first window. */

const viewport = { width: 800, height: 600 };
let starting: Promise<BrowserContext> | undefined;

/** The profile in userData, which lasts from start to start like Electron's default session. */
export function defaultContext(userData: string): Promise<BrowserContext> {
  starting ??= launch(join(userData, 'chromium-profile'));
  return starting;
}

/** A profile in memory beside it, for a partition. */
export async function freshContext(userData: string): Promise<BrowserContext> {
  const browser = (await defaultContext(userData)).browser();
  if (browser === null) throw new Error('this Chromium makes no second profile');
  return browser.newContext({ viewport, acceptDownloads: true });
}

/** Where a test reaches the same browser over Chromium's debugging protocol. */
export async function debuggingAddress(userData: string): Promise<string> {
  await defaultContext(userData);
  const [port] = readFileSync(join(userData, 'chromium-profile', 'DevToolsActivePort'), 'utf8').split('\n');
  return `http://127.0.0.1:${port}`;
}

async function launch(profile: string): Promise<BrowserContext> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium for the stand-in');
  // Loaded with the first window: much of what is tested has none.
  const { chromium } = await import('playwright');
  mkdirSync(profile, { recursive: true });
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport,
    colorScheme: settings.darkColors ? 'dark' : 'light',
    reducedMotion: 'reduce',
    acceptDownloads: true,
    locale: settings.locale,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [...chromiumArguments(), '--remote-debugging-port=0'],
  });
  lifecycle.beforeEnd(() => context.close());
  return context;
}
