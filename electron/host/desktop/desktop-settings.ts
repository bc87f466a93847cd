import { join } from 'node:path';
import * as v from 'valibot';
import {
  desktopSettingsSchema,
  themeSchema,
  type DesktopSettings,
  type DesktopState,
} from '#shared/host-window.ts';
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
  /** The person has been told that closing the window does not end the app. */
  toldOfBackground: v.fallback(v.boolean(), false),
});
export type Kept = Readonly<v.InferOutput<typeof keptSchema>>;

/** What this machine and this copy of the app can do, as the parts find out. */
export type DesktopFacts = Omit<DesktopState, 'settings'>;

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
  #facts: DesktopFacts = {
    shortcut: 'off',
    hasTray: false,
    canStartAtLogin: false,
    updates: { kind: 'off', text: '' },
  };

  constructor({ userDataDirectory, log }: Pick<DesktopShell, 'userDataDirectory' | 'log'>) {
    this.#path = join(userDataDirectory, 'desktop.json');
    this.#log = log;
    this.#kept = readJsonFile(this.#path, keptSchema) ?? v.parse(keptSchema, {});
  }

  get kept(): Kept {
    return this.#kept;
  }

  get settings(): DesktopSettings {
    return this.#kept.settings;
  }

  get facts(): DesktopFacts {
    return this.#facts;
  }

  /** Called after each change of what is kept and of the facts. */
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

  /** Facts are not kept: each start finds them out anew. */
  found(facts: Partial<DesktopFacts>): void {
    this.#facts = { ...this.#facts, ...facts };
    for (const listener of this.#listeners) listener(this.#kept);
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
