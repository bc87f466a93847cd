import { standInApp } from './app.ts';
import { lifecycle } from './lifecycle.ts';
import type { PageDriver } from './page/page-driver.ts';
import { sessionFor } from './session.ts';
import { settings } from './settings.ts';
import { modelled, preventable, StandInEmitter } from './unmodelled.ts';
import { checkOptions, placed } from './window-options.ts';
import { StandInWebContents } from './web-contents.ts';

/** `BrowserWindow`: a size, a place and a state on a display that is not there, around a real page. */

const events = [
  'close',
  'closed',
  'show',
  'hide',
  'focus',
  'blur',
  'minimize',
  'maximize',
  'unmaximize',
  'restore',
  'resize',
  'resized',
  'move',
  'moved',
  'enter-full-screen',
  'leave-full-screen',
  'ready-to-show',
  'unresponsive',
  'responsive',
  'session-end',
  'query-session-end',
  'page-title-updated',
  'app-command',
];
type Modelled = Pick<
  Electron.BrowserWindow,
  | 'id'
  | 'loadURL'
  | 'show'
  | 'showInactive'
  | 'hide'
  | 'focus'
  | 'blur'
  | 'isVisible'
  | 'isFocused'
  | 'minimize'
  | 'isMinimized'
  | 'restore'
  | 'maximize'
  | 'unmaximize'
  | 'isMaximized'
  | 'setFullScreen'
  | 'isFullScreen'
  | 'setBounds'
  | 'getBounds'
  | 'getNormalBounds'
  | 'getContentBounds'
  | 'getSize'
  | 'setSize'
  | 'getPosition'
  | 'setPosition'
  | 'setMinimumSize'
  | 'center'
  | 'close'
  | 'destroy'
  | 'isDestroyed'
  | 'setMenuBarVisibility'
  | 'setAutoHideMenuBar'
  | 'removeMenu'
  | 'setTitle'
  | 'getTitle'
  | 'setBackgroundColor'
  | 'flashFrame'
  | 'setSkipTaskbar'
  | 'setProgressBar'
  | 'setOverlayIcon'
  | 'reload'
  | 'moveTop'
>;

const windows = new Map<number, StandInBrowserWindow>();
let nextId = 1;
let focusedId: number | undefined;

export function allWindows(): readonly StandInBrowserWindow[] {
  return [...windows.values()];
}

export class StandInBrowserWindow extends StandInEmitter implements Modelled {
  readonly id = nextId++;
  readonly given: Electron.BrowserWindowConstructorOptions;
  /** Asks for attention in the taskbar. */
  isFlashing = false;
  /** What is said of the picture on its button in the taskbar; null where there is none. */
  overlay: string | null = null;
  readonly contents: StandInWebContents;
  readonly webContents: Electron.WebContents;
  readonly wrapped: Electron.BrowserWindow;
  readonly #state = {
    visible: true,
    minimized: false,
    maximized: false,
    fullScreen: false,
    destroyed: false,
  };
  #normal: Electron.Rectangle;
  #minimum: readonly [number, number];
  #title: string;
  #hasPainted = false;

  constructor(given: Electron.BrowserWindowConstructorOptions = {}) {
    lifecycle.requireReady('Cannot create BrowserWindow before app is ready');
    super('BrowserWindow', events);
    checkOptions(given);
    this.given = given;
    this.#title = given.title ?? standInApp.getName();
    this.#minimum = [given.minWidth ?? 0, given.minHeight ?? 0];
    this.#normal = placed(given);
    this.#state.visible = given.show !== false;
    const session = given.webPreferences?.session ?? sessionFor(given.webPreferences?.partition ?? '');
    this.contents = new StandInWebContents({
      session,
      preload: given.webPreferences?.preload,
      fit: (driver) => this.#fit(driver),
      close: () => this.close(),
    });
    this.webContents = this.contents.wrapped;
    this.wrapped = modelled('BrowserWindow', this) as unknown as Electron.BrowserWindow;
    windows.set(this.id, this);
    this.contents.on('did-finish-load', () => {
      if (this.#hasPainted) return;
      this.#hasPainted = true;
      this.emit('ready-to-show', preventable({}));
    });
    standInApp.emit('web-contents-created', preventable({}), this.webContents);
    standInApp.emit('browser-window-created', preventable({}), this.wrapped);
    if (this.#state.visible) this.focus();
    return this.wrapped as unknown as this;
  }

  static getAllWindows(): Electron.BrowserWindow[] {
    return allWindows().map((window) => window.wrapped);
  }

  static getFocusedWindow(): Electron.BrowserWindow | null {
    return windows.get(focusedId ?? 0)?.wrapped ?? null;
  }

  static fromWebContents(contents: Electron.WebContents): Electron.BrowserWindow | null {
    return allWindows().find((window) => window.webContents === contents)?.wrapped ?? null;
  }

  static fromId(id: number): Electron.BrowserWindow | null {
    return windows.get(id)?.wrapped ?? null;
  }

  loadURL(url: string): Promise<void> {
    return this.contents.loadURL(url);
  }

  reload(): void {
    this.contents.reload();
  }

  show(): void {
    this.showInactive();
    this.focus();
  }

  showInactive(): void {
    this.#change('minimized', false, 'restore');
    this.#change('visible', true, 'show');
  }

  hide(): void {
    this.blur();
    this.#change('visible', false, 'hide');
  }

  focus(): void {
    this.#alive();
    if (!this.#state.visible || this.#state.minimized || this.isFocused()) return;
    windows.get(focusedId ?? 0)?.blur();
    focusedId = this.id;
    this.emit('focus', preventable({}));
    standInApp.emit('browser-window-focus', preventable({}), this.wrapped);
  }

  blur(): void {
    if (!this.isFocused()) return;
    focusedId = undefined;
    this.emit('blur', preventable({}));
    standInApp.emit('browser-window-blur', preventable({}), this.wrapped);
  }

  isVisible(): boolean {
    return this.#state.visible && !this.#state.minimized;
  }

  isFocused(): boolean {
    return focusedId === this.id;
  }

  minimize(): void {
    this.blur();
    this.#change('minimized', true, 'minimize');
  }

  isMinimized(): boolean {
    return this.#state.minimized;
  }

  restore(): void {
    if (this.#state.minimized) this.#change('minimized', false, 'restore');
    else this.unmaximize();
  }

  maximize(): void {
    this.#change('visible', true, 'show');
    this.#change('maximized', true, 'maximize');
    this.#sized();
  }

  unmaximize(): void {
    this.#change('maximized', false, 'unmaximize');
    this.#sized();
  }

  isMaximized(): boolean {
    return this.#state.maximized;
  }

  setFullScreen(flag: boolean): void {
    this.#change('fullScreen', flag, flag ? 'enter-full-screen' : 'leave-full-screen');
    this.#sized();
  }

  isFullScreen(): boolean {
    return this.#state.fullScreen;
  }

  setBounds(bounds: Partial<Electron.Rectangle>): void {
    this.#alive();
    const before = this.#normal;
    const next = { ...before, ...bounds };
    const [minWidth, minHeight] = this.#minimum;
    this.#normal = {
      ...next,
      width: Math.max(next.width, minWidth),
      height: Math.max(next.height, minHeight),
    };
    if (next.x !== before.x || next.y !== before.y) this.emit('move');
    this.#sized();
  }

  getBounds(): Electron.Rectangle {
    const display =
      settings.displays.find(({ bounds }) => contains(bounds, this.#normal)) ?? settings.displays[0];
    if (display === undefined) return { ...this.#normal };
    if (this.#state.fullScreen) return { ...display.bounds };
    return { ...(this.#state.maximized ? display.workArea : this.#normal) };
  }

  getNormalBounds(): Electron.Rectangle {
    return { ...this.#normal };
  }

  getContentBounds(): Electron.Rectangle {
    return this.getBounds();
  }

  getSize(): number[] {
    const { width, height } = this.getBounds();
    return [width, height];
  }

  setSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }

  getPosition(): number[] {
    const { x, y } = this.getBounds();
    return [x, y];
  }

  setPosition(x: number, y: number): void {
    this.setBounds({ x, y });
  }

  setMinimumSize(width: number, height: number): void {
    this.#minimum = [width, height];
  }

  center(): void {
    const { width, height } = this.#normal;
    this.setBounds(placed({ width, height }));
  }

  /** Asks first: a listener may keep the window. */
  close(): void {
    if (this.#state.destroyed) return;
    const event = preventable({});
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy(): void {
    if (this.#state.destroyed) return;
    this.blur();
    this.#state.destroyed = true;
    windows.delete(this.id);
    const gone = this.contents.destroy();
    this.emit('closed');
    void gone.then(() => afterClose());
  }

  isDestroyed(): boolean {
    return this.#state.destroyed;
  }

  setTitle(title: string): void {
    this.#title = title;
  }

  getTitle(): string {
    return this.#title;
  }

  // Recorded nowhere: they change what surrounds the page, which the stand-in does not have.
  setMenuBarVisibility(): void {}
  setAutoHideMenuBar(): void {}
  removeMenu(): void {}
  setBackgroundColor(): void {}
  flashFrame(flag: boolean): void {
    this.isFlashing = flag;
  }

  setSkipTaskbar(): void {}
  setProgressBar(): void {}
  setOverlayIcon(overlay: Electron.NativeImage | null, description: string): void {
    this.overlay = overlay === null ? null : description;
  }

  moveTop(): void {}

  #alive(): void {
    if (this.#state.destroyed) throw new TypeError('Object has been destroyed');
  }

  #change(what: 'visible' | 'minimized' | 'maximized' | 'fullScreen', to: boolean, event: string): void {
    this.#alive();
    if (this.#state[what] === to) return;
    this.#state[what] = to;
    this.emit(event, preventable({}));
  }

  #sized(): void {
    this.emit('resize');
    if (this.contents.driver !== undefined) void this.#fit(this.contents.driver);
  }

  async #fit({ page }: PageDriver): Promise<void> {
    const { width, height } = this.getBounds();
    const zoom = this.contents.getZoomFactor();
    const size = {
      width: Math.max(1, Math.round(width / zoom)),
      height: Math.max(1, Math.round(height / zoom)),
    };
    await page.setViewportSize(size).catch(() => undefined);
  }
}

function contains(outer: Electron.Rectangle, { x, y }: Electron.Rectangle): boolean {
  return x >= outer.x && y >= outer.y && x < outer.x + outer.width && y < outer.y + outer.height;
}

/** Without a listener Electron quits with its last window. */
function afterClose(): void {
  if (windows.size > 0 || standInApp.isQuitting) return;
  if (standInApp.listenerCount('window-all-closed') === 0) standInApp.quit();
  else standInApp.emit('window-all-closed');
}

standInApp.joinWindows({
  async closeAll() {
    for (const window of allWindows()) window.close();
    return windows.size === 0;
  },
});

export const BrowserWindow = modelled('BrowserWindow', StandInBrowserWindow);
