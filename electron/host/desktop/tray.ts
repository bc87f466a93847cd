import { app, Menu, Tray, type BrowserWindow } from 'electron';
import type { Attention } from '#shared/model/attention.ts';
import { messageOf } from '#shared/result.ts';
import type { CoreToHost } from '../core-messages.ts';
import type { DesktopPart, DesktopShell, MakeDesktopPart } from './desktop-parts.ts';
import { keptSettings, type KeptSettings } from './desktop-settings.ts';
import { trayImage } from './tray-image.ts';
import { pauseOf, trayLookOf, type TrayLook } from './tray-look.ts';
import { trayMenu } from './tray-menu.ts';

/** The tray, and the same look on the app's badge and its button in the taskbar. */
export const tray: MakeDesktopPart = (shell) => new TrayPart(shell);

class TrayPart implements DesktopPart {
  readonly #shell: DesktopShell;
  readonly #settings: KeptSettings;
  readonly #tray: Tray | undefined;
  #window: BrowserWindow | undefined;
  #attention: Attention | null = null;
  /** Whether the core that runs has said anything; what one before it said may be of the past. */
  #isOfThisCore = false;
  #shown = '';
  #look: TrayLook;
  /** Runs until a pause ends. */
  #pauseEnd: NodeJS.Timeout | undefined;

  constructor(shell: DesktopShell) {
    this.#shell = shell;
    this.#settings = keptSettings(shell);
    this.#look = trayLookOf(null, shell.core.state(), Date.now());
    this.#tray = makeTray(this.#look, shell);
    this.#settings.found({ hasTray: this.#tray !== undefined });
    this.#tray?.on('click', () => shell.window.show());
    this.#draw();
  }

  readonly coreSaid = (message: CoreToHost): void => {
    if (message.kind !== 'attention') return;
    this.#attention = message.attention;
    this.#isOfThisCore = true;
    this.#draw();
  };

  readonly coreStateChanged = ({ state }: { readonly state: string }): void => {
    if (state !== 'running') this.#isOfThisCore = false;
    this.#draw();
  };

  readonly windowMade = (window: BrowserWindow): void => {
    this.#window = window;
    window.once('closed', () => (this.#window = undefined));
    this.#drawOnWindow();
  };

  readonly windowFocusChanged = (focused: boolean): void => {
    if (focused) this.#window?.flashFrame(false);
  };

  readonly keepsRunning = (): boolean =>
    this.#tray?.isDestroyed() === false && this.#settings.settings.closeToTray;

  readonly close = (): void => {
    clearTimeout(this.#pauseEnd);
    this.#tray?.destroy();
  };

  /** Draws what has changed since the last time, and nothing else: a menu that is open must stay. */
  #draw(): void {
    const nowMs = Date.now();
    const state = this.#shell.core.state();
    const running = state.state === 'running';
    const current = running && this.#isOfThisCore ? this.#attention : null;
    const before = this.#look;
    this.#look = trayLookOf(running ? current : this.#attention, state, nowMs);
    this.#watchPause(current, nowMs);
    const shown = JSON.stringify([this.#look, current?.incidents, pauseOf(current, nowMs), current === null]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#drawTray(current, nowMs);
    this.#drawOnWindow();
    app.setBadgeCount(this.#look.firing);
    const isWorse = this.#look.shape === 'critical' && this.#look.firing > before.firing;
    if (isWorse && this.#look.mark === 'none' && !this.#shell.window.isFocused())
      this.#window?.flashFrame(true);
  }

  #drawTray(current: Attention | null, nowMs: number): void {
    const { core, quit, window } = this.#shell;
    if (this.#tray === undefined || this.#tray.isDestroyed()) return;
    this.#tray.setImage(trayImage(this.#look, process.platform));
    this.#tray.setToolTip(`OpsSight: ${this.#look.line}`);
    if (process.platform === 'darwin') this.#tray.setTitle(this.#look.count);
    const template = trayMenu(this.#look, current, nowMs, {
      open: () => window.show(),
      openIncident: (incidentId) => window.openIncident(incidentId),
      pause: (untilMs) => core.send({ kind: 'pause-notifications', untilMs }),
      quit,
    });
    this.#tray.setContextMenu(Menu.buildFromTemplate(template));
  }

  #drawOnWindow(): void {
    if (process.platform !== 'win32' || this.#window === undefined) return;
    const { shape, line } = this.#look;
    this.#window.setOverlayIcon(shape === 'well' ? null : trayImage(this.#look, 'win32'), line);
  }

  #watchPause(attention: Attention | null, nowMs: number): void {
    clearTimeout(this.#pauseEnd);
    const untilMs = pauseOf(attention, nowMs);
    if (untilMs === null) return;
    const waitMs = Math.min(untilMs - nowMs, longestTimerMs);
    this.#pauseEnd = setTimeout(() => this.#draw(), waitMs);
  }
}

/** A longer timer would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** @returns undefined where the desktop shows no tray; the app then ends with its window. */
function makeTray(look: TrayLook, { log }: DesktopShell): Tray | undefined {
  try {
    return new Tray(trayImage(look, process.platform));
  } catch (error) {
    log('tray.not-made', { reason: messageOf(error) });
    return undefined;
  }
}
