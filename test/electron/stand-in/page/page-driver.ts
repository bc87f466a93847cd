import { randomBytes } from 'node:crypto';
import type { BrowserContext, CDPSession, Page } from 'playwright';
import { makeCloneCodec } from '../clone-codec.ts';
import type { FromPage, ToPage, WorldNames } from './messages.ts';
import { mainWorldSource, preloadWorldSource } from './sources.ts';

/**
 * One page of Chromium with the two worlds in it. Knows nothing of Electron's API: it says what happened
 * and does what it is told.
 */
export interface PageListener {
  /** A message of the preload world; `href` is the document that it came from. */
  said(message: FromPage, href: string): void;
  /** The page asks for an address whose scheme makes no request. */
  asksToLeave(url: string, frameId: string): void;
  asksForWindow(request: WindowRequest): void;
  crashed(): void;
  complained(text: string): void;
  loaded(): void;
  domReady(): void;
}

export interface WindowRequest {
  readonly url: string;
  readonly frameName: string;
  readonly features: string;
  readonly userGesture: boolean;
}

const worldName = 'Electron Isolated Context';
const codec = makeCloneCodec(false);
const withRequests = /^(?:https?|wss?|file|ftp|about|chrome-error):/i;

export class PageDriver {
  readonly page: Page;
  readonly preloadError: Error | undefined;
  readonly #session: CDPSession;
  readonly #names: WorldNames;
  #contextId: number | undefined;

  static async open(
    context: BrowserContext,
    page: Page,
    preload: string | undefined,
    listener: PageListener,
  ) {
    const random = randomBytes(12).toString('hex');
    const names = { binding: `tell${random}`, receive: `hear${random}`, token: `bridge${random}` };
    const session = await context.newCDPSession(page);
    const world = preloadWorldSource(preload, names);
    const driver = new PageDriver(page, session, names, world.error);
    driver.#listen(listener);
    const addScript = 'Page.addScriptToEvaluateOnNewDocument';
    // Sent in this order, answered together.
    await Promise.all([
      session.send('Page.enable'),
      session.send('Runtime.enable'),
      session.send('Runtime.addBinding', { name: names.binding, executionContextName: worldName }),
      session.send(addScript, { source: mainWorldSource(names) }),
      session.send(addScript, { source: world.source, worldName }),
    ]);
    return driver;
  }

  private constructor(page: Page, session: CDPSession, names: WorldNames, preloadError: Error | undefined) {
    this.page = page;
    this.#session = session;
    this.#names = names;
    this.preloadError = preloadError;
  }

  /** Says something to the preload world of the present document; lost where there is none. */
  tell(message: ToPage): void {
    if (this.#contextId === undefined) return;
    void this.#quietly('Runtime.callFunctionOn', {
      executionContextId: this.#contextId,
      functionDeclaration: `function (text) { globalThis[${JSON.stringify(this.#names.receive)}](text); }`,
      arguments: [{ value: codec.encode(message) }],
    });
  }

  async targetId(): Promise<string> {
    const { targetInfo } = await this.#session.send('Target.getTargetInfo');
    return targetInfo.targetId;
  }

  stopLoading(): void {
    void this.#quietly('Page.stopLoading', undefined);
  }

  crash(): void {
    void this.#quietly('Page.crash', undefined);
  }

  async close(): Promise<void> {
    await this.page.close().catch(() => undefined);
  }

  #listen(listener: PageListener): void {
    const { page } = this;
    this.#session.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      if (name !== this.#names.binding) return;
      const { href, ...message } = codec.decode(payload) as FromPage & { href: string };
      if (message.kind === 'hello') this.#contextId = executionContextId;
      if (this.#contextId === executionContextId) listener.said(message, href);
    });
    this.#session.on('Page.frameRequestedNavigation', ({ url, frameId, disposition }) => {
      // In another window it is that window's question, and that is asked as one.
      if (disposition === 'currentTab' && !withRequests.test(url)) listener.asksToLeave(url, frameId);
    });
    this.#session.on('Page.windowOpen', ({ url, windowName, windowFeatures, userGesture }) =>
      listener.asksForWindow({
        ...this.#windowAsked(url, windowName),
        features: windowFeatures.join(','),
        userGesture,
      }),
    );
    page.on('crash', () => {
      this.#contextId = undefined;
      listener.crashed();
    });
    page.on('pageerror', (error) => listener.complained(`exception: ${error.stack ?? error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') listener.complained(`console error: ${message.text()}`);
    });
    page.on('domcontentloaded', () => listener.domReady());
    page.on('load', () => listener.loaded());
  }

  /** A script's window has its address in its name, a link's has it as it is. */
  #windowAsked(url: string, windowName: string): Pick<WindowRequest, 'url' | 'frameName'> {
    if (!windowName.startsWith(this.#names.token)) return { url, frameName: windowName };
    const [asked, frameName] = JSON.parse(windowName.slice(this.#names.token.length)) as [string, string];
    return { url: asked, frameName };
  }

  async #quietly(
    method: Parameters<CDPSession['send']>[0],
    parameters: Parameters<CDPSession['send']>[1],
  ): Promise<void> {
    try {
      await this.#session.send(method, parameters);
    } catch {
      // The page crashed, left or closed in the meantime: whoever listens hears of that by itself.
    }
  }
}
