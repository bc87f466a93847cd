import * as v from 'valibot';
import type { DesktopShell } from './desktop-parts.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';

/** Remembers where the window was, from one start to the next. */

const pixels = v.pipe(v.number(), v.integer(), v.minValue(-100_000), v.maxValue(100_000));
const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000));
const windowStateSchema = v.object({
  /** As it is when neither maximized nor full screen. */
  bounds: v.object({ x: pixels, y: pixels, width: size, height: size }),
  maximized: v.boolean(),
  fullScreen: v.boolean(),
});
export type WindowState = Readonly<v.InferOutput<typeof windowStateSchema>>;

/** Dragging a window says its place many times a second. */
const quietMs = 500;

export class WindowStateFile {
  readonly #path: string;
  readonly #log: DesktopShell['log'];
  #pending: (() => WindowState) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string, log: DesktopShell['log']) {
    this.#path = path;
    this.#log = log;
  }

  read(): WindowState | undefined {
    return readJsonFile(this.#path, windowStateSchema);
  }

  /** Writes it soon. @param read is asked then, so that only the last place is. */
  changed(read: () => WindowState): void {
    this.#pending = read;
    this.#timer ??= setTimeout(() => this.flush(), quietMs);
  }

  /** Writes what waits, now: before the window or the app is gone. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const read = this.#pending;
    this.#pending = undefined;
    if (read === undefined) return;
    const written = writeJsonFile(this.#path, read());
    if (!written.ok) this.#log('window-state.not-written', { reason: written.failure });
  }
}
