import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SourceDraft } from '#shared/model/settings.ts';
import type { PendingVerdict } from './pending.ts';

/**
 * What this window is doing: where it looks, what is selected, what it has just done. Ends with the
 * window. Written by the actions only.
 */

export const settingsSections = ['sources', 'appearance', 'keys', 'configuration'] as const;
export type SettingsSection = (typeof settingsSections)[number];

export type View =
  | { readonly kind: 'inbox' }
  | { readonly kind: 'incident'; readonly id: number }
  | { readonly kind: 'sources' }
  | { readonly kind: 'settings'; readonly section: SettingsSection };

/** What can still be taken back, and what doing so means. */
export interface Undo {
  readonly kind: 'acknowledge' | 'release';
  readonly incidentIds: readonly number[];
}

export interface Toast {
  readonly id: number;
  readonly tone: 'plain' | 'failure';
  readonly text: string;
  readonly undo: Undo | null;
  readonly endsAtMs: number;
}

export type Overlay = 'palette' | 'help' | 'note' | 'remove-source';

/** Where the incident's chart looks: around its start unless shifted; `live` ends now. */
export type ChartPlace =
  | { readonly kind: 'incident' }
  | { readonly kind: 'live' }
  | { readonly kind: 'fixed'; readonly fromMs: number; readonly toMs: number };

/** A source being added (`replaces` null) or edited. */
export interface SourceEdit {
  readonly replaces: string | null;
  readonly draft: SourceDraft;
}

/** Compiles an RE2 pattern to a test of a whole value; null where the pattern is wrong. */
export type PatternCompiler = (pattern: string) => ((value: string) => boolean) | null;

export interface SessionState {
  readonly view: View;
  readonly inboxCursor: number | null;
  readonly sourceCursor: string | null;
  readonly sourceDetail: string | null;
  readonly settingsCursor: string | null;
  /** The sources of the configuration, while settings are shown. */
  readonly configuredSources: readonly SourceDraft[];
  readonly sourceEdit: SourceEdit | null;
  readonly filter: string;
  /** Loaded when the first pattern is typed. */
  readonly patternCompiler: PatternCompiler | null;
  readonly pending: readonly PendingVerdict[];
  readonly toast: Toast | null;
  readonly overlay: Overlay | null;
  readonly chordStrokes: readonly string[];
  readonly chartPlace: ChartPlace;
  readonly notificationPermission: 'granted' | 'denied' | 'default';
}

export type SessionStore = StoreApi<SessionState>;

export function createSessionStore(view: View = { kind: 'inbox' }): SessionStore {
  return createStore(() => ({
    view,
    inboxCursor: null,
    sourceCursor: null,
    sourceDetail: null,
    settingsCursor: null,
    configuredSources: [],
    sourceEdit: null,
    filter: '',
    patternCompiler: null,
    pending: [],
    toast: null,
    overlay: null,
    chordStrokes: [],
    chartPlace: { kind: 'incident' },
    notificationPermission: 'default',
  }));
}
