import { join } from 'node:path';
import * as v from 'valibot';
import { desktopSettingsSchema, themeSchema, type DesktopSettings } from '#shared/host-window.ts';
import type { DesktopShell } from './desktop-parts.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';

/**
 * What a person decided about the app on this machine, beside the configuration of what is watched: kept in
 * a file of its own, known before the window is there, and the same for every part that asks.
 */

export const leastZoom = 0.5;
export const mostZoom = 3;

const keptSchema = v.object({
  settings: v.fallback(desktopSettingsSchema, () => usual),
  /** As the window said last, for the ground of the next window before its first paint. */
  theme: v.fallback(themeSchema, 'dark'),
  zoom: v.fallback(v.pipe(v.number(), v.minValue(leastZoom), v.maxValue(mostZoom)), 1),
});
export type Kept = Readonly<v.InferOutput<typeof keptSchema>>;

const usual: DesktopSettings = {
  startAtLogin: false,
  summonShortcut: null,
  closeToTray: true,
  sounds: true,
};

export class KeptSettings {
  readonly #path: string;
  readonly #log: DesktopShell['log'];
  readonly #listeners: ((kept: Kept) => void)[] = [];
  #kept: Kept;

  constructor({ userDataDirectory, log }: Pick<DesktopShell, 'userDataDirectory' | 'log'>) {
    this.#path = join(userDataDirectory, 'desktop.json');
    this.#log = log;
    this.#kept = readJsonFile(this.#path, keptSchema) ?? { settings: usual, theme: 'dark', zoom: 1 };
  }

  get kept(): Kept {
    return this.#kept;
  }

  get settings(): DesktopSettings {
    return this.#kept.settings;
  }

  /** Called after each change, with all of it. */
  onChange(listener: (kept: Kept) => void): void {
    this.#listeners.push(listener);
  }

  change(change: Partial<Kept>): void {
    const next = { ...this.#kept, ...change };
    if (JSON.stringify(next) === JSON.stringify(this.#kept)) return;
    this.#kept = next;
    const written = writeJsonFile(this.#path, next);
    if (!written.ok) this.#log('desktop-settings.not-written', { reason: written.failure });
    for (const listener of this.#listeners) listener(next);
  }
}

const ofShell = new WeakMap<DesktopShell, KeptSettings>();

/** The one of this shell: parts do not know each other, but they share what the person decided. */
export function keptSettings(shell: DesktopShell): KeptSettings {
  const known = ofShell.get(shell);
  if (known !== undefined) return known;
  const made = new KeptSettings(shell);
  ofShell.set(shell, made);
  return made;
}
