import { makeFrame } from './frames.ts';
import { standInIpcMain } from './ipc.ts';
import type { ContentsTimes } from './web-contents.ts';
import { allWindows, type StandInBrowserWindow } from './windows.ts';
import { addresses } from './addresses.ts';
import { preventable } from './unmodelled.ts';

/** What a test asks of windows and does to them. */

export interface WindowReport {
  readonly id: number;
  readonly url: string;
  readonly title: string;
  readonly bounds: Electron.Rectangle;
  readonly normalBounds: Electron.Rectangle;
  readonly isVisible: boolean;
  readonly isFocused: boolean;
  readonly isMinimized: boolean;
  readonly isMaximized: boolean;
  readonly isFullScreen: boolean;
  readonly isFlashing: boolean;
  readonly overlay: string | null;
  readonly isCrashed: boolean;
  readonly zoomFactor: number;
  /** When the page crashed last, and when it loaded last. */
  readonly times: ContentsTimes;
  /** As given to the constructor, without what cannot be sent. */
  readonly webPreferences: Readonly<Record<string, unknown>>;
}

function report(window: StandInBrowserWindow): WindowReport {
  const { session, ...webPreferences } = window.given.webPreferences ?? {};
  return {
    id: window.id,
    url: window.webContents.getURL(),
    title: window.getTitle(),
    bounds: window.getBounds(),
    normalBounds: window.getNormalBounds(),
    isVisible: window.isVisible(),
    isFocused: window.isFocused(),
    isMinimized: window.isMinimized(),
    isMaximized: window.isMaximized(),
    isFullScreen: window.isFullScreen(),
    isFlashing: window.isFlashing,
    overlay: window.overlay,
    isCrashed: window.contents.isCrashed(),
    times: { ...window.contents.times },
    zoomFactor: window.contents.getZoomFactor(),
    webPreferences: session === undefined ? webPreferences : { ...webPreferences, session: 'given' },
  };
}

function windowOf(id: number): StandInBrowserWindow {
  const window = allWindows().find((one) => one.id === id);
  if (window === undefined) throw new Error(`no window ${id}`);
  return window;
}

export const windowControls = {
  windows: () => allWindows().map(report),
  /** As a person closes it. */
  closeWindow: (id: number) => windowOf(id).close(),
  focusWindow: (id: number) => windowOf(id).focus(),
  blurWindow: (id: number) => windowOf(id).blur(),
  moveWindow: (id: number, bounds: Electron.Rectangle) => windowOf(id).setBounds(bounds),
  maximizeWindow: (id: number) => windowOf(id).maximize(),
  minimizeWindow: (id: number) => windowOf(id).minimize(),
  fullScreenWindow: (id: number, flag: boolean) => windowOf(id).setFullScreen(flag),
  /** As Electron's own reload does; Playwright's would be taken for the page's wish. */
  reloadWindow: (id: number) => windowOf(id).reload(),
  crashWindow: (id: number) => windowOf(id).contents.forcefullyCrashRenderer(),
  /** Chromium's name of the window's page. */
  pageMarker: (id: number) => windowOf(id).contents.driver?.targetId(),
  screenshot: async (id: number, path: string) => {
    await windowOf(id).contents.driver?.page.screenshot({ path });
  },
  evaluate: (id: number, expression: string) => windowOf(id).contents.driver?.page.evaluate(expression),
  /** The renderer hangs, or came back. */
  unresponsive: (id: number, hangs: boolean) => {
    const name = hangs ? 'unresponsive' : 'responsive';
    windowOf(id).contents.emit(name);
    windowOf(id).emit(name);
  },
  /** A wheel with Ctrl held. */
  zoomWheel: (id: number, direction: 'in' | 'out') =>
    windowOf(id).contents.emit('zoom-changed', preventable({}), direction),
  /** A key before the page gets it. @returns whether the application kept it from the page. */
  beforeInput: (id: number, input: Electron.Input) => {
    const event = preventable({});
    windowOf(id).contents.emit('before-input-event', event, input);
    return event.defaultPrevented;
  },
  /** A page tries to attach a webview. @returns whether that was prevented. */
  attachWebview: (id: number, params: Record<string, string>) => {
    const event = preventable({});
    windowOf(id).contents.emit('will-attach-webview', event, {}, params);
    return event.defaultPrevented;
  },
  /** What a renderer that was taken over could send: from a frame inside of the page, or from no frame. */
  forgeMessage: (id: number, channel: string, args: readonly unknown[], from: ForgedFrame) => {
    const { contents } = windowOf(id);
    const frame =
      from.frame === 'none'
        ? null
        : from.frame === 'main' || from.frame === 'destroyed'
          ? makeFrame(addresses.inBrowser(from.url))
          : makeFrame(addresses.inBrowser(from.url), contents.mainFrame);
    if (from.frame === 'destroyed') Object.assign(frame ?? {}, { detached: true });
    standInIpcMain.deliver({ contents: contents.wrapped, frame }, channel, args, []);
  },
};

export interface ForgedFrame {
  readonly frame: 'main' | 'sub' | 'destroyed' | 'none';
  readonly url: string;
}
