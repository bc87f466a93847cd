import { addresses } from './addresses.ts';
import { standInApp } from './app.ts';
import { makeCloneCodec } from './clone-codec.ts';
import { complaints } from './complaints.ts';
import { opens } from './contents-registry.ts';
import { makeFrame } from './frames.ts';
import { standInIpcMain } from './ipc.ts';
import type { FromPage } from './page/messages.ts';
import { PageDriver, type PageListener, type WindowRequest } from './page/page-driver.ts';
import { checkPermissions, decidePermission } from './page-permissions.ts';
import { PortCarrier } from './port-ends.ts';
import { takeEnds } from './ports.ts';
import { standInSessionOf, type Permission } from './session.ts';
import { shellRecord } from './shell.ts';
import { modelled, preventable, StandInEmitter, Unmodelled } from './unmodelled.ts';

/** `webContents`: one window's page, what it may do, and what comes and goes through its preload. */

const events = [
  'will-navigate',
  'will-redirect',
  'will-frame-navigate',
  'will-attach-webview',
  'will-prevent-unload',
  'render-process-gone',
  'unresponsive',
  'responsive',
  'before-input-event',
  'did-finish-load',
  'did-fail-load',
  'dom-ready',
  'zoom-changed',
  'preload-error',
  'destroyed',
  'context-menu',
  'did-create-window',
  'select-bluetooth-device',
  'login',
  'certificate-error',
];

type WindowOpenHandler = Parameters<Electron.WebContents['setWindowOpenHandler']>[0];
type Modelled = Pick<
  Electron.WebContents,
  | 'id'
  | 'mainFrame'
  | 'session'
  | 'getURL'
  | 'getTitle'
  | 'isDestroyed'
  | 'isCrashed'
  | 'isLoading'
  | 'loadURL'
  | 'reload'
  | 'send'
  | 'postMessage'
  | 'setWindowOpenHandler'
  | 'setZoomFactor'
  | 'getZoomFactor'
  | 'setZoomLevel'
  | 'getZoomLevel'
  | 'setVisualZoomLevelLimits'
  | 'forcefullyCrashRenderer'
  | 'isDevToolsOpened'
  | 'close'
  | 'focus'
>;

export interface ContentsOptions {
  readonly preload: string | undefined;
  readonly session: Electron.Session;
  /** Applies the window's size to a page just opened, or to one that was zoomed. */
  readonly fit: (driver: PageDriver) => Promise<void>;
  readonly close: () => void;
}

export interface ContentsTimes {
  crashedAtMs: number | null;
  loadedAtMs: number | null;
}

let nextId = 1;
const codec = makeCloneCodec(false);

export class StandInWebContents extends StandInEmitter implements Modelled, PageListener {
  readonly id = nextId++;
  readonly session: Electron.Session;
  readonly wrapped: Electron.WebContents = modelled('webContents', this) as unknown as Electron.WebContents;
  mainFrame = makeFrame('about:blank');
  driver: PageDriver | undefined;
  /** Wall clock; null as long as it did not happen. */
  readonly times: ContentsTimes = { crashedAtMs: null, loadedAtMs: null };
  readonly #options: ContentsOptions;
  #loading: Promise<unknown> = Promise.resolve();
  #carrier = new PortCarrier('m', () => undefined);
  #openHandler: WindowOpenHandler | undefined;
  #expected: string | undefined;
  #zoom = 1;
  #isLoading = false;
  #isCrashed = false;
  #isDestroyed = false;

  constructor(options: ContentsOptions) {
    super('webContents', events);
    this.#options = options;
    this.session = options.session;
  }

  getURL(): string {
    return this.mainFrame.url === 'about:blank' ? '' : this.mainFrame.url;
  }

  getTitle(): string {
    throw new Unmodelled('webContents.getTitle');
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  isCrashed(): boolean {
    return this.#isCrashed;
  }

  isLoading(): boolean {
    return this.#isLoading;
  }

  isDevToolsOpened(): boolean {
    return false;
  }

  close(): void {
    this.#options.close();
  }

  focus(): void {}

  /** @returns a promise that rejects as Electron's does, with the address and Chromium's error. */
  loadURL(url: string): Promise<void> {
    return this.#load(url, async (page) => {
      await page.goto(addresses.inBrowser(url), { waitUntil: 'load', timeout: 60_000 });
    });
  }

  /** After a crash this opens a new page, as Electron starts a new renderer. */
  reload(): void {
    const url = this.mainFrame.url;
    void this.loadURL(url).catch(() => undefined);
  }

  send(channel: string, ...args: unknown[]): void {
    this.driver?.tell({ kind: 'send', channel, args: structuredClone(args), ports: [] });
  }

  postMessage(channel: string, message: unknown, transfer: Electron.MessagePortMain[] = []): void {
    const data: unknown = codec.decode(codec.encode(message));
    const ports = takeEnds(transfer).map((end) => this.#carrier.moveOut(end));
    this.driver?.tell({ kind: 'send', channel, args: [data], ports });
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#openHandler = handler;
  }

  setZoomFactor(factor: number): void {
    if (!(factor > 0)) throw new TypeError("'zoomFactor' must be a double greater than 0.0");
    this.#zoom = factor;
    if (this.driver !== undefined) void this.#options.fit(this.driver);
  }

  getZoomFactor(): number {
    return this.#zoom;
  }

  /** Levels are powers of 1.2 (docs/api/web-contents.md). */
  setZoomLevel(level: number): void {
    this.setZoomFactor(1.2 ** level);
  }

  getZoomLevel(): number {
    return Math.log(this.#zoom) / Math.log(1.2);
  }

  setVisualZoomLevelLimits(): Promise<void> {
    return Promise.resolve();
  }

  forcefullyCrashRenderer(): void {
    this.driver?.crash();
  }

  // What the page and its requests ask.

  /** @returns whether the navigation may go on; the application's own loads are not asked about. */
  mayNavigate(url: string, isMainFrame: boolean): boolean {
    if (isMainFrame && this.#expected === url) return true;
    const details = {
      url,
      isSameDocument: false,
      isMainFrame,
      frame: this.mainFrame,
      initiator: this.mainFrame,
    };
    const anyFrame = preventable(details);
    this.emit('will-frame-navigate', anyFrame);
    if (!isMainFrame) return !anyFrame.defaultPrevented;
    const main = preventable(details);
    this.emit('will-navigate', main, url, false, true, this.mainFrame.processId, this.mainFrame.routingId);
    return !anyFrame.defaultPrevented && !main.defaultPrevented;
  }

  mayRedirect(url: string, isMainFrame: boolean): boolean {
    const details = {
      url,
      isSameDocument: false,
      isMainFrame,
      frame: this.mainFrame,
      initiator: this.mainFrame,
    };
    const event = preventable(details);
    this.emit(
      'will-redirect',
      event,
      url,
      false,
      isMainFrame,
      this.mainFrame.processId,
      this.mainFrame.routingId,
    );
    return !event.defaultPrevented;
  }

  asksForWindow(request: WindowRequest): void {
    const details = {
      url: addresses.inElectron(request.url),
      frameName: request.frameName,
      features: request.features,
      disposition: 'foreground-tab',
      referrer: { url: this.getURL(), policy: 'strict-origin-when-cross-origin' },
    } satisfies Electron.HandlerDetails;
    const response = this.#openHandler?.(details);
    if (response?.action !== 'deny')
      complaints.add(`the electron stand-in does not model a window opened by a page: ${details.url}`);
  }

  asksToLeave(url: string): void {
    if (!this.mayNavigate(url, true)) return this.driver?.stopLoading();
    const inBrowser = addresses.inBrowser(url);
    if (inBrowser !== url) return void this.loadURL(url).catch(() => undefined);
    void this.asksPermission('openExternal', { externalURL: url }).then((granted) => {
      if (granted) shellRecord.openedByPage.push(url);
    });
  }

  asksPermission(permission: Permission, details: object): Promise<boolean> {
    return standInSessionOf(this.session).asksPermission(this.wrapped, permission, details);
  }

  // What the page says.

  said(message: FromPage, href: string): void {
    if (message.kind === 'hello') return this.#newDocument(href);
    const sender = { contents: this.wrapped, frame: this.mainFrame };
    switch (message.kind) {
      case 'port':
        return this.#carrier.receive(message.packet);
      case 'send': {
        const ends = message.ports.map((name) => this.#carrier.takeIn(name));
        return standInIpcMain.deliver(sender, message.channel, message.args, ends);
      }
      case 'invoke':
        return void standInIpcMain.answer(sender, message.channel, message.args).then(
          (value) => this.driver?.tell({ kind: 'answer', id: message.id, ok: true, value }),
          (error: unknown) =>
            this.driver?.tell({ kind: 'answer', id: message.id, ok: false, value: String(error) }),
        );
      case 'preload-error':
        return this.#preloadFailed(new Error(message.message));
      case 'permission':
        return void decidePermission(this, message.name as Permission, href).then((value) =>
          this.driver?.tell({ kind: 'answer', id: message.id, ok: true, value }),
        );
    }
  }

  crashed(): void {
    this.times.crashedAtMs = Date.now();
    this.#isCrashed = true;
    this.#leaveDocument();
    const details = { reason: 'crashed', exitCode: 5 } satisfies Electron.RenderProcessGoneDetails;
    this.emit('render-process-gone', preventable({}), details);
    standInApp.emit('render-process-gone', preventable({}), this.wrapped, details);
  }

  complained(text: string): void {
    complaints.add(text);
  }

  domReady(): void {
    this.emit('dom-ready', preventable({}));
  }

  loaded(): void {
    this.times.loadedAtMs = Date.now();
    this.#isLoading = false;
    this.emit('did-finish-load', preventable({}));
  }

  async destroy(): Promise<void> {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.#leaveDocument();
    await this.#loading.catch(() => undefined);
    await this.driver?.close();
    this.emit('destroyed');
  }

  #newDocument(href: string): void {
    this.#leaveDocument();
    this.mainFrame = makeFrame(href);
    this.#carrier = new PortCarrier('m', (packet) => this.driver?.tell({ kind: 'port', packet }));
  }

  #leaveDocument(): void {
    this.#carrier.close();
    const left = this.mainFrame as unknown as { detached: boolean };
    left.detached = true;
  }

  #load(url: string, go: (page: PageDriver['page']) => Promise<void>): Promise<void> {
    const load = this.#loading
      .catch(() => undefined)
      .then(async () => {
        if (this.#isDestroyed) throw new Error('Object has been destroyed');
        const driver = await this.#openPage();
        this.#isLoading = true;
        this.#expected = url;
        try {
          await checkPermissions(this, driver, url);
          await go(driver.page);
        } catch (error) {
          if (!this.#isDestroyed) this.#loadFailed(url, error as Error);
        } finally {
          this.#expected = undefined;
        }
      });
    this.#loading = load;
    return load;
  }

  #loadFailed(url: string, error: Error): never {
    const [name = 'ERR_FAILED'] = /ERR_[A-Z_]+/.exec(error.message) ?? [];
    this.#isLoading = false;
    this.emit('did-fail-load', preventable({}), -2, name, url, true);
    throw new Error(`${name} (-2) loading '${url}'`, { cause: error });
  }

  async #openPage(): Promise<PageDriver> {
    if (this.driver !== undefined && !this.#isCrashed) return this.driver;
    const { session, preload, fit } = this.#options;
    void this.driver?.close();
    const context = await standInSessionOf(session).context();
    const page = await opens(this, () => standInSessionOf(session).newPage());
    const driver = await PageDriver.open(context, page, preload, this);
    this.driver = driver;
    this.#isCrashed = false;
    await fit(driver);
    page.on('download', (download) => {
      const lets = standInSessionOf(session).downloads(
        addresses.inElectron(download.url()),
        download.suggestedFilename(),
        this.wrapped,
      );
      if (!lets) void download.cancel();
    });
    if (driver.preloadError !== undefined) this.#preloadFailed(driver.preloadError);
    return driver;
  }

  #preloadFailed(error: Error): void {
    complaints.add(`preload: ${error.stack ?? error.message}`);
    this.emit('preload-error', preventable({}), this.#options.preload ?? '', error);
  }
}
