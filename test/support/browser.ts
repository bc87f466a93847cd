import { chromium, type Browser, type BrowserContext, type Page } from 'playwright';
import { chromiumArguments, findChromium } from '../../scripts/provide/chromium.ts';
import type { Cleanup } from './cleanup.ts';

/**
 * A real Chromium in front of a console under test. A breach of the content security policy, an
 * exception in the page or an error on its console fails the test that opened it, whatever it was about.
 */

export async function openBrowser(cleanup: Cleanup): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium; `npm test` provides it where it can');
  const browser = await chromium.launch({ executablePath, args: [...chromiumArguments()] });
  cleanup.add(() => browser.close());
  return browser;
}

/** A notification as the system was asked to show it. */
export interface ShownNotification {
  readonly title: string;
  readonly body: string;
}

declare global {
  interface Window {
    notificationsForTest: Notification[];
    cspViolationsForTest: string[];
  }
}

/** One window of a person who allows notifications. */
export class ConsoleWindow {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #complaints: string[] = [];
  readonly #tolerated: RegExp[] = [];

  constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.on('pageerror', (error) => this.#complaints.push(`exception: ${error.stack ?? error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') this.#complaints.push(`console error: ${message.text()}`);
    });
  }

  /** Lets an expected error pass: what Chromium itself prints when a server was killed on purpose. */
  tolerate(pattern: RegExp): void {
    this.#tolerated.push(pattern);
  }

  /** What was shown since the window was opened or last reloaded, oldest first. */
  notifications(): Promise<readonly ShownNotification[]> {
    return this.page.evaluate(() => window.notificationsForTest.map(({ title, body }) => ({ title, body })));
  }

  /** Clicks a notification, as a person would outside of the window. */
  async clickNotification(title: string): Promise<void> {
    await this.page.evaluate((wanted) => {
      const notification = window.notificationsForTest.find((shown) => shown.title === wanted);
      notification?.dispatchEvent(new Event('click', { cancelable: true }));
    }, title);
  }

  /** Throws what went wrong in the window, and forgets it: the next page that it shows starts anew. */
  async complain(): Promise<void> {
    this.#throwComplaints(await this.#violations());
  }

  /** Closes the window; throws what went wrong in it. */
  async close(): Promise<void> {
    const violations = await this.#violations();
    await this.#context.close();
    this.#throwComplaints(violations);
  }

  #violations(): Promise<readonly string[]> {
    return this.page.evaluate(() => window.cspViolationsForTest).catch(() => []);
  }

  #throwComplaints(violations: readonly string[]): void {
    const complaints = [...this.#complaints.splice(0), ...violations].filter(
      (complaint) => !this.#tolerated.some((pattern) => pattern.test(complaint)),
    );
    if (complaints.length > 0) throw new Error(`the window complained:\n${complaints.join('\n')}`);
  }
}

export interface WindowOptions {
  readonly notifications?: 'granted' | 'denied';
  readonly colorScheme?: 'dark' | 'light';
  /**
   * What a person has chosen before: `opssight.preferences` as the window keeps it. The tour was taken unless
   * this says otherwise.
   */
  readonly preferences?: Readonly<Record<string, unknown>>;
}

export async function openWindow(
  browser: Browser,
  address: string,
  cleanup: Cleanup,
  { notifications = 'granted', colorScheme = 'dark', preferences }: WindowOptions = {},
): Promise<ConsoleWindow> {
  const origin = new URL(address).origin;
  const value = JSON.stringify({ tourSeen: true, ...preferences });
  const kept = { name: 'opssight.preferences', value };
  const context = await browser.newContext({
    colorScheme,
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 800 },
    storageState: {
      cookies: [],
      origins: [{ origin, localStorage: [kept] }],
    },
  });
  if (notifications === 'granted') await context.grantPermissions(['notifications'], { origin });
  await context.addInitScript(watchPage);
  const opened = new ConsoleWindow(context, await context.newPage());
  let closed = false;
  context.once('close', () => (closed = true));
  cleanup.add(() => (closed ? undefined : opened.close()));
  await opened.page.goto(address);
  return opened;
}

/** Runs in the page before its own scripts. Notifications stay real; they are only remembered. */
function watchPage(): void {
  window.cspViolationsForTest = [];
  window.notificationsForTest = [];
  document.addEventListener('securitypolicyviolation', (event) => {
    window.cspViolationsForTest.push(`CSP: ${event.violatedDirective} refused ${event.blockedURI}`);
  });
  window.Notification = class extends Notification {
    constructor(title: string, options?: NotificationOptions) {
      super(title, options);
      window.notificationsForTest.push(this);
    }
  };
}
