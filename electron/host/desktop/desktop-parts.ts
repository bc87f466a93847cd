import type { BrowserWindow } from 'electron';
import type { HostToWindow, WindowToHost } from '#shared/host-window.ts';
import type { CoreToHost, HostToCore } from '../core-messages.ts';
import type { CoreState } from '../supervisor.ts';

/**
 * How a part of the desktop (tray, notifications, menu, deep links, power, secrets, updates and their like)
 * joins the shell: it is a function from the shell to what the part wants to hear. `parts-list.ts` names
 * them; adding one is a line there. Parts know the shell and not each other. Each is made once, after
 * `ready` and after the secure session, before the window and before the core starts.
 */

export type MakeDesktopPart = (shell: DesktopShell) => DesktopPart;

/** What a part may hear. Every function is optional, and none is awaited but `close`. One that throws is logged; the others go on. */
export interface DesktopPart {
  /** What the core says and the supervisor does not mind itself: notify, withdraw, attention and so on. */
  readonly coreSaid?: (message: CoreToHost) => void;
  /** Every change of the core's state; a part that keeps state for the core sends it again on `running`. */
  readonly coreStateChanged?: (state: CoreState) => void;
  /** A checked message of the window's host port. */
  readonly windowSaid?: (message: WindowToHost) => void;
  /** The window was made; again after it was closed and opened anew, not after a reload. */
  readonly windowMade?: (window: BrowserWindow) => void;
  /** The window holds a working link: again after each reload. What it has to know first is sent here. */
  readonly windowLinked?: () => void;
  /** The window came to the front, or left it. */
  readonly windowFocusChanged?: (focused: boolean) => void;
  /**
   * Texts from outside: the command line of this or of a second start, or an address that the system
   * opened. Hostile: they are to be parsed strictly, and what is not understood is left alone.
   */
  readonly givenFromOutside?: (texts: readonly string[]) => void;
  /** Whether the person can reach the app without a window, as through a tray: closing then only hides. */
  readonly keepsRunning?: () => boolean;
  /** The app ends: lets go of what the system holds for it. The core still runs. At most two seconds. */
  readonly close?: () => void | Promise<void>;
}

/** What a part may do. */
export interface DesktopShell {
  /** Folder of the app's own small files; see `json-file.ts` for how one is kept. */
  readonly userDataDirectory: string;
  readonly window: WindowControl;
  readonly core: CoreControl;
  /** Asks where the host is not known yet, then opens it outside. What is refused is logged and forgotten. */
  readonly openExternal: (url: string) => void;
  /** One line of the host's log; `detail` must hold no secret. */
  readonly log: (event: string, detail: Readonly<Record<string, string | number | boolean | null>>) => void;
  /** Ends the app in order: parts, core, demo fleet, lock. */
  readonly quit: () => void;
}

export interface WindowControl {
  /** Shows it in front, made anew where it was closed. */
  readonly show: () => void;
  readonly hide: () => void;
  readonly isFocused: () => boolean;
  readonly isVisible: () => boolean;
  /** Shows the window and this incident in it, as soon as it is linked. */
  readonly openIncident: (incidentId: number) => void;
  /** Runs a command of the window's keymap in it, as if its key had been pressed. */
  readonly runCommand: (command: string) => void;
  /** To the window's host port; dropped while it is not linked. */
  readonly send: (message: HostToWindow) => void;
}

export interface CoreControl {
  /** Dropped where no core runs, as the supervisor does. */
  readonly send: (message: HostToCore) => void;
  /** As `send`, also while the core starts: the answer to a question of the core. */
  readonly answer: (message: HostToCore) => void;
  readonly state: () => CoreState;
  readonly start: (safeMode: boolean) => void;
}
