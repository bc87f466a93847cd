import type { App } from '../app.ts';

/** What a command of the keymap does. A view that has commands of its own exports a record of these. */
export interface CommandAction {
  readonly run: (app: App) => void;
  /** Whether it would do anything now; without it, always. */
  readonly available?: (app: App) => boolean;
  /** Given while it is not available: remembers it where it soon may be. */
  readonly keep?: (app: App) => void;
  /** Said to who presses its key while it is not available: a key that does nothing says why. Empty: not yet known. */
  readonly refusal?: (app: App) => string;
}

/** How the cursor of a view moves, and what Enter opens there. */
export interface ViewCursor {
  /** @param step rows to move by; infinite for an end. */
  readonly move: (app: App, step: number) => void;
  readonly open: (app: App) => void;
  /** Whether there is anything under the cursor; without it, as far as anybody knows. */
  readonly canOpen?: (app: App) => boolean;
}
