import { BrowserWindow, dialog, nativeTheme, screen, type WebContents } from 'electron';
import { drop } from '#shared/result.ts';
import { consolePage } from './console-address.ts';
import { CrashCount } from './crash-count.ts';
import type { DesktopShell } from './desktop-parts.ts';
import { least, placeWindow } from './placement.ts';
import { secureWebPreferences } from './web-preferences.ts';
import { WindowStateFile, type WindowState } from './window-state.ts';

/**
 * The console's one window: made hidden and shown once it is painted, put back where it was, hidden instead
 * of closed while the app can be reached otherwise, and brought back when its renderer crashes or hangs.
 */

export interface ConsoleWindowOptions {
  readonly preload: string;
  /** A picture of the app, where the system does not take it from the app itself. */
  readonly icon: string | undefined;
  readonly stateFile: string;
  /** Tools for the developer only in a build that is not installed. */
  readonly devTools: boolean;
  /** Whether the app can be reached without a window. */
  readonly keepsRunning: () => boolean;
  readonly onMade: (window: BrowserWindow) => void;
  /** The page is gone, and with it the ports that it had. */
  readonly onPageGone: () => void;
  readonly onFocus: (focused: boolean) => void;
  readonly quit: () => void;
  readonly log: DesktopShell['log'];
}

/** The ground of the window's two themes (`renderer/styles/tokens.css`): no flash before the first paint. */
export const ground = { dark: '#0e0d0b', light: '#efeeeb' } as const;

export class ConsoleWindow {
  readonly #options: ConsoleWindowOptions;
  readonly #state: WindowStateFile;
  readonly #crashes = new CrashCount();
  #window: BrowserWindow | undefined;
  #isEnding = false;
  /** It is not shown before it is painted; a person may have closed it by then. */
  #showsOncePainted = false;
  /** Ends the question about a window that hangs. */
  #hanging: AbortController | undefined;

  constructor(options: ConsoleWindowOptions) {
    this.#options = options;
    this.#state = new WindowStateFile(options.stateFile, options.log);
  }

  /** @param visible false for a start in the background: the window is there and can be summoned at once. */
  open(visible: boolean): void {
    if (this.#window !== undefined) return;
    const saved = this.#state.read();
    const window = this.#make(saved);
    this.#window = window;
    this.#showsOncePainted = visible;
    this.#watch(window);
    this.#options.onMade(window);
    window.once('ready-to-show', () => {
      // The app may end before its window is painted.
      if (window.isDestroyed()) return;
      if (saved?.maximized === true) window.maximize();
      if (!this.#showsOncePainted) return;
      window.show();
      if (saved?.fullScreen === true) window.setFullScreen(true);
    });
    drop(
      window.loadURL(consolePage).catch(() => undefined),
      'a page that does not load is logged by its answer',
    );
  }

  show(): void {
    const window = this.#window;
    if (window === undefined) return this.open(true);
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  hide(): void {
    this.#showsOncePainted = false;
    const window = this.#window;
    if (window?.isFullScreen() !== true) return window?.hide();
    // On macOS a window that is hidden in full screen leaves its black space behind.
    window.once('leave-full-screen', () => window.hide());
    window.setFullScreen(false);
  }

  get isVisible(): boolean {
    return this.#window?.isVisible() ?? false;
  }

  get isFocused(): boolean {
    return this.#window?.isFocused() ?? false;
  }

  /** The app ends: nothing is asked any more, and closing closes. */
  close(): void {
    this.#isEnding = true;
    this.#hanging?.abort();
    this.#state.flush();
    this.#window?.destroy();
  }

  #make(saved: WindowState | undefined): BrowserWindow {
    const primary = screen.getPrimaryDisplay();
    const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
    const areas = [primary, ...others].map(({ workArea }) => workArea);
    return new BrowserWindow({
      ...placeWindow(saved?.bounds, areas),
      minWidth: least.width,
      minHeight: least.height,
      show: false,
      title: 'OpsSight',
      ...(this.#options.icon === undefined ? {} : { icon: this.#options.icon }),
      backgroundColor: nativeTheme.shouldUseDarkColors ? ground.dark : ground.light,
      webPreferences: {
        ...secureWebPreferences,
        preload: this.#options.preload,
        devTools: this.#options.devTools,
      },
    });
  }

  #watch(window: BrowserWindow): void {
    const moved = (): void => this.#state.changed(() => stateOf(window));
    window.on('resize', moved);
    window.on('move', moved);
    window.on('maximize', moved);
    window.on('unmaximize', moved);
    window.on('enter-full-screen', moved);
    window.on('leave-full-screen', moved);
    window.on('focus', () => this.#options.onFocus(true));
    window.on('blur', () => this.#options.onFocus(false));
    window.on('close', (event) => {
      this.#state.flush();
      if (this.#isEnding || !this.#options.keepsRunning()) return;
      event.preventDefault();
      this.hide();
    });
    window.on('closed', () => {
      this.#window = undefined;
      this.#hanging?.abort();
      this.#options.onPageGone();
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => this.#crashed(window, reason));
    window.webContents.on('unresponsive', () => drop(this.#hangs(window), 'a question to the person'));
    window.webContents.on('responsive', () => this.#hanging?.abort());
  }

  /** Loads the page again at once; one that crashes over and over waits for the person. */
  #crashed(window: BrowserWindow, reason: string): void {
    this.#hanging?.abort();
    this.#options.onPageGone();
    if (this.#isEnding || window.isDestroyed()) return;
    this.#options.log('window.crashed', { reason });
    if (this.#crashes.add()) drop(this.#offerReload(window), 'a question to the person');
    else reload(window.webContents);
  }

  async #offerReload(window: BrowserWindow): Promise<void> {
    const { response } = await dialog.showMessageBox(window, {
      type: 'error',
      message: 'The window crashed several times within a minute.',
      detail: 'The core goes on watching. Nothing that it has recorded is lost.',
      buttons: ['Open the window again', 'Quit OpsSight'],
      defaultId: 0,
      cancelId: 0,
    });
    if (response === 1) return this.#options.quit();
    if (!window.isDestroyed()) reload(window.webContents);
  }

  async #hangs(window: BrowserWindow): Promise<void> {
    if (this.#hanging !== undefined) return;
    const asking = new AbortController();
    this.#hanging = asking;
    const { response } = await dialog.showMessageBox(window, {
      type: 'warning',
      message: 'The window does not respond.',
      detail: 'The core goes on watching. The window can be loaded again; what was typed into it is lost.',
      buttons: ['Wait', 'Reload'],
      defaultId: 0,
      cancelId: 0,
      signal: asking.signal,
    });
    this.#hanging = undefined;
    // A renderer that hangs cannot be asked to leave; its crash reloads the page.
    if (response === 1 && !asking.signal.aborted && !window.isDestroyed())
      window.webContents.forcefullyCrashRenderer();
  }
}

function reload(contents: WebContents): void {
  if (!contents.isDestroyed()) contents.reload();
}

function stateOf(window: BrowserWindow): WindowState {
  const { x, y, width, height } = window.getNormalBounds();
  return {
    bounds: { x, y, width, height },
    maximized: window.isMaximized(),
    fullScreen: window.isFullScreen(),
  };
}
