import * as v from 'valibot';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { maxSavedViews, savedViewSchema } from '#shared/model/view.ts';
import { arrangementSchema } from './arrangement.ts';

/** What outlives the window: theme, keys, how the inbox is laid out, and whose traces were searched last. Kept in local storage, checked like any input. */

export const themes = ['dark', 'light', 'system'] as const;
export type Theme = (typeof themes)[number];

/** Of before the core kept the views: a window hands its own over once, and has none from then on. */
const ownViewSchema = v.omit(savedViewSchema, ['notifies']);

const preferencesSchema = v.object({
  theme: v.fallback(v.picklist(themes), 'dark'),
  /** A person's own keys by command; names that are no command any more are ignored. */
  keys: v.fallback(v.record(v.string(), v.array(v.string())), {}),
  /** In the order of their keys. */
  views: v.fallback(v.pipe(v.array(ownViewSchema), v.maxLength(maxSavedViews)), []),
  /** How the inbox is laid out, by the name of the saved view in force; empty for none. */
  arrangements: v.fallback(v.record(v.string(), arrangementSchema), {}),
  /** The tour of the keys was taken or declined: it does not begin by itself any more. */
  tourSeen: v.fallback(v.boolean(), false),
  /** How often a person was told the key of a command that they ran by name. */
  taught: v.fallback(v.record(v.string(), v.number()), {}),
  /** The service whose traces were searched last; missing before the first search. */
  traceService: v.fallback(v.optional(v.pipe(v.string(), v.maxLength(500))), undefined),
});
export type Preferences = v.InferOutput<typeof preferencesSchema>;
export type PreferencesStore = StoreApi<Preferences>;

const storageKey = 'opssight.preferences';
const defaults: Preferences = {
  theme: 'dark',
  keys: {},
  views: [],
  arrangements: {},
  tourSeen: false,
  taught: {},
};

/** The part of local storage that is used; it may refuse (private windows do). */
export type PreferencesStorage = Pick<Storage, 'getItem' | 'setItem'>;

export function createPreferencesStore(storage: PreferencesStorage): PreferencesStore {
  const store = createStore(() => read(storage));
  store.subscribe((preferences) => write(storage, preferences));
  return store;
}

function read(storage: PreferencesStorage): Preferences {
  try {
    const parsed = v.safeParse(preferencesSchema, JSON.parse(storage.getItem(storageKey) ?? '{}'));
    return parsed.success ? parsed.output : defaults;
  } catch {
    // Storage may be refused and its text may be anything: then the defaults hold.
    return defaults;
  }
}

function write(storage: PreferencesStorage, preferences: Preferences): void {
  try {
    storage.setItem(storageKey, JSON.stringify(preferences));
  } catch {
    // Refused or full: the choice holds for this window, which is all that can be offered.
  }
}
